import path from 'node:path';
import { consoleProgress } from './progress.ts';
import { AlreadyRunningError, takeLock } from './lock.ts';
import { type ServiceName, startStack } from './local-stack.ts';
import { portsFrom } from './ports.ts';

const DEFAULT_BASE = 3000;

async function main(): Promise<void> {
  const root = path.resolve(import.meta.dirname, '../..');
  const dir = path.resolve(root, process.env['CUSTODY_DIR'] ?? '.local');
  const base = Number(process.env['CUSTODY_PORT_BASE'] ?? DEFAULT_BASE);
  const ports = portsFrom(base, Number(process.env['PORT'] ?? base));
  const url = `http://localhost:${ports.api}`;
  const services = process.env['CUSTODY_SERVICES']?.split(',') as ServiceName[] | undefined;
  const overrides = definedOnly(process.env);
  const progress = consoleProgress();

  const unlock = await takeLock(dir, url);
  const stack = await startStack({
    root,
    dir,
    ports,
    overrides,
    signatures: 'real',
    progress,
    ...(services ? { services } : {}),
  }).finally(() => {});
  const end = async () => {
    progress.say('stopping');
    await stack.stop();
    await unlock();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void end());
  progress.say(`ready: ${url}`);
  setInterval(() => {}, 2 ** 30);
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

await main().catch((error: unknown) => {
  if (error instanceof AlreadyRunningError) console.log(error.message);
  else console.error(error);
  process.exit(error instanceof AlreadyRunningError ? 0 : 1);
});
