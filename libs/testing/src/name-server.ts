import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const HEADER_BYTES = 12;
const [TYPE_A, CLASS_IN] = [1, 1];

/** A name server on UDP that answers as a test tells it (RFC 1035); a name it was told nothing about has no addresses. */
export class NameServer {
  /** IPv4 addresses by name; a list of lists is answered in turn, the last one for good. */
  readonly answers = new Map<string, readonly (readonly string[])[]>();
  /** Names that were asked for, in order (A records only). */
  readonly asked: string[] = [];

  private constructor(private readonly socket: Socket) {
    socket.on('message', (query, { address, port }) => {
      socket.send(this.answer(query), port, address);
    });
  }

  static async listen(): Promise<NameServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new NameServer(socket);
  }

  /** As resolvers are configured: `address:port`. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  private answer(query: Buffer): Buffer {
    let at = HEADER_BYTES;
    const labels: string[] = [];
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const end = at + 5;
    const addresses = query.readUInt16BE(at + 1) === TYPE_A ? this.addressesOf(labels.join('.').toLowerCase()) : [];
    const header = Buffer.alloc(HEADER_BYTES);
    query.copy(header, 0, 0, 2);
    // A response, recursion desired and available, no error; one question.
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(addresses.length, 6);
    return Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...addresses.map(recordOf)]);
  }

  private addressesOf(name: string): readonly string[] {
    this.asked.push(name);
    const [now = [], ...later] = this.answers.get(name) ?? [];
    if (later.length > 0) this.answers.set(name, later);
    return now;
  }
}

/** An A record with a time to live of 0; its name points to the question's. */
function recordOf(address: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_IN, 4);
  record.writeUInt16BE(4, 10);
  for (const [index, byte] of address.split('.').entries()) record[12 + index] = Number(byte);
  return record;
}
