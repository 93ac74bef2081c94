export { CONFIGURATION_EXIT_CODE, ConfigurationError } from './configuration-error.js';
export { describeConfiguration, type ProcessDescription, type VariableDescription } from './describe.js';
export type { Environment } from './group.js';
export {
  configurationOrExit,
  loadFilesApiConfig,
  loadMigrateConfig,
  loadNotifierConfig,
  loadScanWorkerConfig,
  loadStagingReaperConfig,
} from './load.js';
export type {
  FilesApiConfig,
  MigrateConfig,
  NotifierConfig,
  ScanWorkerConfig,
  StagingReaperConfig,
} from './processes.js';
