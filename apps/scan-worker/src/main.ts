import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { configurationOrExit, loadScanWorkerConfig } from '@custody/config';
import { Logger } from '@custody/observability';
import { BullMqStrategy } from '@custody/queues';
import { ObjectStore } from '@custody/storage';
import { VirusScanner } from './antivirus/virus-scanner.js';
import { proveStore } from './prove-store.js';
import { concurrencyFor } from './scan/concurrency.js';
import { RescanLanes } from './rescan/rescan-lanes.service.js';
import { WorkOnNext } from './scan/work-on-next.service.js';
import { ScanWorkerModule } from './scan-worker.module.js';

const config = configurationOrExit(loadScanWorkerConfig);

const app = await NestFactory.create<NestFastifyApplication>(ScanWorkerModule.forRoot(config), new FastifyAdapter(), {
  bufferLogs: true,
});
const log = app.get(Logger);
app.useLogger(log);
await proveStore(app.get(ObjectStore));

const concurrency = await concurrencyFor(app.get(VirusScanner), config.scan.concurrency);
const strategy = new BullMqStrategy({
  ...config.redis,
  queues: { scan: concurrency, derive: config.derive.concurrency },
  shutdownGraceSec: config.runtime.shutdownGraceSec,
});
app.connectMicroservice({ strategy });
await app.startAllMicroservices();
await app.listen(config.runtime.port, config.runtime.host);
app.get(RescanLanes).start();
log.log(`${concurrency} scans at a time`);

/** Time for aborted work to hand back its claims. */
const FAREWELL_MS = 5_000;
let stopping = false;
/** First no new claims and an end to the running ones (F3), then everything they needed. */
async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.log(`${signal}: finishing what runs`);
  // Rescans can wait: those that run go back into the queue while uploads come to their end.
  const rescans = app.get(RescanLanes).stop();
  await strategy.close();
  // What was aborted hands its claim back now; what does not come to an end loses its lease instead.
  await Promise.race([
    Promise.all([rescans, app.get(WorkOnNext).settled()]),
    delay(FAREWELL_MS, undefined, { ref: false }),
  ]);
  await app.close();
  log.log('stopped');
  process.exit(0);
}
process.on('SIGTERM', (signal) => void stop(signal));
process.on('SIGINT', (signal) => void stop(signal));
