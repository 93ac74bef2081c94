import 'reflect-metadata';
import { configurationOrExit, loadStagingReaperConfig } from '@custody/config';
import { Logger } from '@custody/observability';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ReaperModule } from './reaper.module.js';
import { AwaitRedis } from './rounds/await-redis.service.js';
import { RunLoop } from './rounds/run-loop.service.js';
import { RunOnce } from './rounds/run-once.service.js';

const config = configurationOrExit(loadStagingReaperConfig);
const { runtime, reaper } = config;

/** For a CronJob: exit code 0 when every task succeeded, 1 and the names of those that did not otherwise. */
async function once(): Promise<void> {
  const app = await NestFactory.createApplicationContext(ReaperModule.forRoot(config), { bufferLogs: true });
  app.useLogger(app.get(Logger));
  await app.get(AwaitRedis).execute();
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  const failed = await app.get(RunOnce).execute(stop.signal);
  await app.close();
  if (failed.length === 0) return;
  process.stderr.write(`failed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}

async function loop(): Promise<void> {
  const app = await NestFactory.create(ReaperModule.forRoot(config), new FastifyAdapter(), { bufferLogs: true });
  app.useLogger(app.get(Logger));
  app.enableShutdownHooks();
  await app.listen(runtime.port, runtime.host);
  await app.get(AwaitRedis).execute();
  app.get(RunLoop).start(reaper);
}

await (reaper.run === 'once' ? once() : loop());
