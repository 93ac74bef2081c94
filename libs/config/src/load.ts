import { ConfigurationError } from './configuration-error.js';
import type { Environment } from './group.js';
import * as processes from './processes.js';

/*
 * Each loader validates the whole environment of its process and returns a frozen object of groups.
 * It throws ConfigurationError, with every problem at once, when a variable is missing or wrong.
 */
export const loadFilesApiConfig = (env: Environment = process.env): processes.FilesApiConfig =>
  processes.filesApi.load(env);
export const loadScanWorkerConfig = (env: Environment = process.env): processes.ScanWorkerConfig =>
  processes.scanWorker.load(env);
export const loadStagingReaperConfig = (env: Environment = process.env): processes.StagingReaperConfig =>
  processes.stagingReaper.load(env);
export const loadNotifierConfig = (env: Environment = process.env): processes.NotifierConfig =>
  processes.notifier.load(env);
export const loadMigrateConfig = (env: Environment = process.env): processes.MigrateConfig =>
  processes.migrate.load(env);

/** For a `main.ts`: the configuration, or the whole complaint on stderr and exit code 78 (EX_CONFIG). */
export function configurationOrExit<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
}
