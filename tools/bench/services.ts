import { rm } from 'node:fs/promises';
import { buildProjects } from '../generated/build.ts';
import { generatePrismaClient } from '../generated/prisma-client.ts';
import { type Env, readEnvFile } from '../stack/env-file.ts';
import { startStack } from '../stack/local-stack.ts';
import { freePorts } from '../stack/ports.ts';
import { consoleProgress } from '../stack/progress.ts';

export interface Services {
  readonly env: Env;
  close(): Promise<void>;
}

/** Those whose addresses `envFile` holds, or a throw-away stack of its own in `dir`; builds the apps. */
export async function openServices(root: string, dir: string, envFile: string | undefined): Promise<Services> {
  generatePrismaClient(root);
  buildProjects(root);
  if (envFile !== undefined) {
    return { env: await readEnvFile(envFile), close: () => rm(dir, { recursive: true, force: true }) };
  }
  const stack = await startStack({
    root,
    dir,
    ports: await freePorts(),
    progress: consoleProgress(process.stderr),
    services: ['postgres', 'redis', 's3', 'clamd', 'issuer'],
  });
  const stop = async () => {
    await stack.stop();
    await rm(dir, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(130)));
  }
  return { env: stack.env, close: stop };
}
