import { APP_NAMES, appService } from '../stack/apps.ts';
import type { PackagedService } from '../stack/debian.ts';
import { startStack } from '../stack/local-stack.ts';
import { freePorts } from '../stack/ports.ts';
import { consoleProgress } from '../stack/progress.ts';

/** Real services of one test run, on free ports; data and logs in the folder of the run. */
export interface ThrowAwayStack {
  readonly env: Readonly<Record<string, string>>;
  /** Integration tests use the services alone: a running worker would take their jobs. */
  startApps(): Promise<void>;
  stop(): Promise<void>;
}

/** @param programs what the tests run themselves */
export async function startThrowAwayStack(
  root: string,
  dir: string,
  programs: readonly PackagedService[],
): Promise<ThrowAwayStack> {
  const ports = await freePorts();
  const progress = consoleProgress();
  const services = await startStack({
    root,
    dir,
    ports,
    progress,
    programs,
    services: ['postgres', 'redis', 's3', 'clamd', 'issuer'],
  });
  const apps = APP_NAMES.map((name) => appService(name, { root, dir, ports, env: services.env, overrides: {} }));
  return {
    env: services.env,
    async startApps() {
      await Promise.all(apps.map((app) => progress.step(app.name, () => app.start())));
    },
    async stop() {
      await Promise.all(apps.map((app) => app.stop()));
      await services.stop();
    },
  };
}
