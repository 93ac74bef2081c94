// Gives the failed jobs of a queue another try, once what made them fail is put right:
//   npm run redrive -- attach-file
// REDIS_URL (else that of the running local stack) and QUEUE_PREFIX name the queues.
import path from 'node:path';
import { redriveFailed } from './queues/redrive-failed.ts';
import { readEnvFile } from './stack/env-file.ts';

async function redisUrl(): Promise<string> {
  const given = process.env['REDIS_URL'];
  if (given) return given;
  const dir = path.resolve(import.meta.dirname, '..', process.env['CUSTODY_DIR'] ?? '.local');
  const { REDIS_URL: url } = await readEnvFile(path.join(dir, 'env'));
  if (!url) throw new Error('REDIS_URL is not set and no stack is running');
  return url;
}

async function redrive(queue: string | undefined): Promise<void> {
  if (!queue) throw new Error('usage: npm run redrive -- attach-file');
  const jobs = await redriveFailed(await redisUrl(), process.env['QUEUE_PREFIX'] || 'bull', queue);
  for (const { id, name, failedReason } of jobs) console.log(`${name} ${id}: had failed: ${failedReason}`);
  console.log(`${jobs.length} redriven`);
}

try {
  await redrive(process.argv[2]);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
