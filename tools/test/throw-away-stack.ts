import { join } from 'node:path';
import { APP_NAMES } from '../stack/apps.ts';
import { startStack } from '../stack/local-stack.ts';
import type { Stack } from '../stack/local-stack.ts';
import { freePorts } from '../stack/ports.ts';
import { consoleProgress } from '../stack/progress.ts';

/** Real services of one test run, on free ports and in a folder of their own. */
export interface ThrowAwayStack {
  readonly env: Readonly<Record<string, string>>;
  /** folders whose logs the run answers for */
  readonly logs: readonly string[];
  /** Integration tests use the services alone: a running worker would take their jobs. */
  startApps(): Promise<void>;
  stop(): Promise<void>;
}

export async function startThrowAwayStack(root: string, dir: string): Promise<ThrowAwayStack> {
  const ports = await freePorts();
  const progress = consoleProgress();
  const services = await startStack({
    root,
    dir,
    ports,
    progress,
    services: ['postgres', 'redis', 's3', 'clamd', 'issuer'],
  });
  const appsDir = join(dir, 'apps');
  let apps: Stack | undefined;
  return {
    env: services.env,
    logs: [join(dir, 'log'), join(appsDir, 'log')],
    async startApps() {
      apps = await startStack({ root, dir: appsDir, ports, progress, services: APP_NAMES, overrides: services.env });
    },
    async stop() {
      await apps?.stop();
      await services.stop();
    },
  };
}
