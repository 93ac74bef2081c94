import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Followers } from './events/followers.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * On a signal: takes no new connection, ends the event streams, which would never end by themselves, lets running requests end for up
 * to `graceSec` seconds, then closes what they used. Nest alone would publish what is pending while requests that write more are
 * still running.
 */
export function stopGracefully(app: NestFastifyApplication, graceSec: number): void {
  const log = new Logger('files-api');
  const server = app.getHttpServer();
  const silent = silentOnesOf(server);
  let stopping: Promise<void> | null = null;
  const stop = (signal: string) => {
    stopping ??= (async () => {
      log.log(`${signal}: finishing running requests`);
      app.get(Followers).stop();
      for (const socket of silent) socket.destroy();
      await drain(server, graceSec * 1_000);
      await app.close();
      process.exit(0);
    })();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
}

/** Connections that have not asked anything yet: browsers open them ahead, and Node takes them for busy. */
function silentOnesOf(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage) => silent.delete(socket));
  return silent;
}

async function drain(server: Server, graceMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  // Fastify answers with `Connection: keep-alive` until it is told to close: idle ones are closed as they become idle.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cut);
  clearInterval(sweep);
}
