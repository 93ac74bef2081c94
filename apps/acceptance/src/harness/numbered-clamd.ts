import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { ClamdProcess } from '@custody/testing';

/**
 * A real clamd whose VERSION names a daily database: only ClamAV's own signed databases have a number, and there is no other way to
 * make one. Everything but that one answer is the engine's.
 */
export class NumberedClamd {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.accept(client));

  private constructor(
    private readonly clamd: ClamdProcess,
    private readonly streams: { readonly host: string; readonly port: number },
    public signatures: number,
  ) {}

  /** @param streams where to send everything but VERSION: the engine itself, or a proxy before it. */
  static async listen(
    clamd: ClamdProcess,
    streams: { readonly host: string; readonly port: number },
    signatures: number,
  ): Promise<NumberedClamd> {
    const numbered = new NumberedClamd(clamd, streams, signatures);
    numbered.server.listen(0, '127.0.0.1');
    await once(numbered.server, 'listening');
    return numbered;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    this.keep(client);
    client.once('data', (first: Buffer) => {
      if (first.toString('latin1') === 'zVERSION\0') {
        void this.clamd.ask('VERSION').then((engine) => client.end(`${engine}/${this.signatures}/${BUILT}\0`));
        return;
      }
      const engine = this.keep(connect(this.streams.port, this.streams.host));
      engine.write(first);
      client.pipe(engine).pipe(client);
    });
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    // Whoever hangs up ends the other side too.
    return socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
  }
}

const BUILT = 'Fri Nov 20 09:25:11 2026';
