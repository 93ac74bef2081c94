import type { OnReadOpts } from 'node:net';
import { buildConnector } from 'undici';

type Connector = buildConnector.connector;

const KIB = 1024;
const BYTES = 128 * KIB;
/** Of a shorter read a copy is made: a few bytes must not hold on to a whole buffer. */
const FEW = 16 * KIB;
const MOST_FREE = 64;

/**
 * Memory that sockets read into again and again: bodies that pass through leave nothing to collect, however many there are and however
 * fast. Node's own sockets read into new memory each time.
 *
 * Whoever has a chunk and will not look at it any more gives it back with `release`; a chunk nobody gives back is left to V8.
 */
export class ReadBuffers {
  private readonly free: Buffer[] = [];
  /** Of memory whose bytes are with somebody: how many were read into it. */
  private readonly lent = new WeakMap<ArrayBufferLike, number>();

  /** Connections that read into these buffers. Node, "onread": https://nodejs.org/api/net.html#socketconnectoptions-connectlistener */
  connector(options: buildConnector.BuildOptions): Connector {
    return (where, done) => {
      let socket: Parameters<typeof done>[1] = null;
      let next: Buffer | undefined;
      const onread: OnReadOpts = {
        buffer: () => {
          const buffer = next ?? this.free.pop() ?? Buffer.allocUnsafeSlow(BYTES);
          next = undefined;
          return buffer;
        },
        callback: (length: number, buffer: Uint8Array) => {
          const read = Buffer.from(buffer.buffer, 0, length);
          if (length >= FEW) {
            this.lent.set(buffer.buffer, length);
            return socket?.push(read) ?? false;
          }
          next = Buffer.from(buffer.buffer);
          return socket?.push(Buffer.from(read)) ?? false;
        },
      };
      const reading = { highWaterMark: BYTES, onread };
      const connect = buildConnector({ ...options, ...reading });
      connect(where, (...made) => {
        [, socket] = made;
        done(...made);
      });
    };
  }

  /**
   * Takes back the memory of a chunk that nobody looks at any more. Only a chunk that is all that was read at once brings it back, and
   * only once: of any other a part may be with somebody else. False when there is nothing to take back.
   */
  release(chunk: Buffer): boolean {
    if (this.lent.get(chunk.buffer) !== chunk.length) return false;
    this.lent.delete(chunk.buffer);
    if (this.free.length < MOST_FREE) this.free.push(Buffer.from(chunk.buffer));
    return true;
  }

  /** The bytes of a chunk for somebody who may keep them. */
  keep(chunk: Buffer): Buffer {
    if (!this.lent.has(chunk.buffer)) return chunk;
    const kept = Buffer.from(chunk);
    this.release(chunk);
    return kept;
  }
}
