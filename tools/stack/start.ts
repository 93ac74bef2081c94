// The whole stack for a person at a terminal; `npm start` ends up here.
//   CUSTODY_DIR         data directory, default .local
//   CUSTODY_PORT_BASE   first port of the block, default 3000; PORT moves only the API
//   CUSTODY_SERVICES    only these, separated by commas
// and the address of any service that runs elsewhere (DATABASE_URL, REDIS_URL, S3_ENDPOINT, CLAMD_HOST, AUTH_JWKS_URL).
import path from 'node:path';
import { APP_NAMES } from './apps.ts';
import { buildApps } from './build.ts';
import { type Env, readEnvFile } from './env-file.ts';
import { AlreadyRunningError, takeLock } from './lock.ts';
import { type ServiceName, type Stack, startStack } from './local-stack.ts';
import { portsFrom } from './ports.ts';
import { endRecordedProcesses } from './process.ts';
import { consoleProgress } from './progress.ts';

const DEFAULT_BASE = 3000;

async function main(): Promise<void> {
  const root = path.resolve(import.meta.dirname, '../..');
  const dir = path.resolve(root, process.env['CUSTODY_DIR'] ?? '.local');
  const base = Number(process.env['CUSTODY_PORT_BASE'] ?? DEFAULT_BASE);
  const ports = portsFrom(base, Number(process.env['PORT'] ?? base));
  const services = process.env['CUSTODY_SERVICES']?.split(',') as ServiceName[] | undefined;
  const url = `http://localhost:${ports.api}`;
  const progress = consoleProgress();
  const unlock = await takeLock(dir, url);

  let stack: Stack | undefined;
  onEnd(async () => {
    progress.say('stopping …');
    // Before the stack is up, its pidfiles say what runs so far.
    await (stack ? stack.stop() : endRecordedProcesses(dir));
    await unlock();
  });
  const needsApps = !services || services.some((name) => (APP_NAMES as readonly string[]).includes(name));
  const appsBuilt = needsApps ? progress.step('build', (detail) => buildApps(root, dir, detail)) : Promise.resolve();
  // Awaited later; until then a failure is not "unhandled".
  appsBuilt.catch(() => {});
  const overrides = await givenByCaller(dir);
  const chosen = services ? { services } : {};
  try {
    stack = await startStack({ root, dir, ports, overrides, signatures: 'real', appsBuilt, progress, ...chosen });
  } catch (error) {
    await unlock();
    throw error;
  }
  progress.say(`ready: ${url}`);
}

/** Runs `work` once and exits, on a signal or when the process that started us is gone. */
function onEnd(work: () => Promise<void>): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    work().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  process.on('disconnect', end);
  // Keeps the process alive when no service of this process does.
  setInterval(() => {}, 2 ** 30);
}

/** The environment without what a shell took from our own env file: those services are ours to start. */
async function givenByCaller(dir: string): Promise<Env> {
  const own: Env = await readEnvFile(path.join(dir, 'env')).catch(() => ({}));
  const given = Object.entries(process.env).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== own[pair[0]],
  );
  return Object.fromEntries(given);
}

main().catch((error: unknown) => {
  if (error instanceof AlreadyRunningError) console.log(error.message);
  else console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
