import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What the proxy does to the connections made while it is set. Byte counts are per connection and direction. */
export type Fault =
  | { kind: 'none' }
  /** Every chunk is passed on this many milliseconds late, in both directions. */
  | { kind: 'delay'; ms: number }
  /** RST to the client as soon as it connects. */
  | { kind: 'refuse' }
  /** RST to both sides after this many bytes in this direction. */
  | { kind: 'reset'; direction: Direction; afterBytes: number }
  /** FIN to both sides after this many bytes in this direction; those bytes still arrive. */
  | { kind: 'cut'; direction: Direction; afterBytes: number }
  /** Nothing more passes in this direction after this many bytes; the connection stays open. */
  | { kind: 'blackHole'; direction: Direction; afterBytes: number }
  /** One bit of the first byte after these is turned over. */
  | { kind: 'flip'; direction: Direction; afterBytes: number };

export type Direction = 'toServer' | 'toClient';

/** A TCP proxy on 127.0.0.1 for any service (PostgreSQL, Redis, S3, clamd) that misbehaves on command. */
export class FaultProxy {
  /** Set at any time; connections already open keep the fault they were made under. */
  fault: Fault = { kind: 'none' };
  /** Connections accepted since the start. */
  accepted = 0;
  /** Bytes passed on since the start, in each direction. */
  readonly passed: Record<Direction, number> = { toServer: 0, toClient: 0 };
  readonly host = '127.0.0.1';
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: { host: string; port: number },
  ) {
    server.on('connection', (client) => this.#accept(client));
  }

  /** @param port 0 takes any free one. */
  static async listen(target: { host: string; port: number }, port = 0): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new FaultProxy(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections open right now, counted on the client's side. */
  get open(): number {
    return this.#sockets.size / 2;
  }

  /** RST on every open connection, both sides. */
  resetAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.server, 'close');
  }

  #accept(client: Socket): void {
    this.accepted += 1;
    const fault = this.fault;
    if (fault.kind === 'refuse') return void client.on('error', () => undefined).resetAndDestroy();
    const server = connect({ ...this.target, allowHalfOpen: true });
    const pair = [client, server] as const;
    for (const socket of pair) {
      this.#sockets.add(socket);
      socket.once('close', () => {
        for (const each of pair) this.#sockets.delete(each.destroy());
      });
      // A broken side shows up as `close`; passing the reset on is all there is to do.
      socket.on('error', () => pair.forEach((each) => each.resetAndDestroy()));
    }
    this.#relay(client, server, fault, 'toServer');
    this.#relay(server, client, fault, 'toClient');
  }

  #relay(from: Socket, to: Socket, fault: Fault, direction: Direction): void {
    const strikesAfter = 'direction' in fault && fault.direction === direction ? fault.afterBytes : Infinity;
    let left = fault.kind === 'flip' ? Infinity : strikesAfter;
    let untilFlip = fault.kind === 'flip' ? strikesAfter : Infinity;
    const pass = async (chunk: Buffer): Promise<void> => {
      if (left === 0) return;
      if (fault.kind === 'delay') await delay(fault.ms);
      const passed = chunk.subarray(0, left);
      left -= passed.length;
      if (untilFlip >= 0 && untilFlip < passed.length) passed.writeUInt8(passed.readUInt8(untilFlip) ^ 1, untilFlip);
      untilFlip -= passed.length;
      this.passed[direction] += passed.length;
      await new Promise((written) => to.write(passed, written));
      if (left === 0) strike([from, to], fault);
    };
    from.on('data', (chunk: Buffer) => {
      from.pause();
      void pass(chunk).then(() => from.resume());
    });
    // A black hole swallows the end as well.
    from.on('end', () => left > 0 && to.end());
    if (left === 0) strike([from, to], fault);
  }
}

/** After it the relay swallows whatever still comes. */
function strike(pair: Socket[], fault: Fault): void {
  if (fault.kind === 'reset') pair.forEach((socket) => socket.resetAndDestroy());
  if (fault.kind === 'cut') pair.forEach((socket) => socket.end());
}
