import type { Server } from 'node:http';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * On a signal: takes no new connection, lets running requests end for up to `graceSec` seconds, then closes what they
 * used. Nest alone would publish what is pending while requests that write more are still running.
 */
export function stopGracefully(app: NestFastifyApplication, graceSec: number): void {
  const log = new Logger('files-api');
  let stopping: Promise<void> | null = null;
  const stop = (signal: string) => {
    stopping ??= (async () => {
      log.log(`${signal}: finishing running requests`);
      await drain(app.getHttpServer(), graceSec * 1_000);
      await app.close();
      process.exit(0);
    })();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
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
