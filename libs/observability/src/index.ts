export {
  contextOfRequest,
  currentContext,
  currentMeta,
  identify,
  runInContext,
  startContext,
  type RequestContext,
  type RequestMeta,
} from './context/request-context.js';
export { CrashPoints, crashPointsFrom } from './crash-points.js';
export type { HealthCheck, HealthReport, HealthResult } from './health/health-check.js';
export { HealthModule, type HealthModuleOptions } from './health/health.module.js';
export { ProcessHealth } from './health/process-health.js';
export type { LogOptions } from './logging/log-options.js';
export { recordRedaction } from './logging/redaction.js';
export { Metrics, type MetricNotes } from './metrics/metrics.js';
export { ObservabilityModule, type ObservabilityModuleOptions } from './observability.module.js';
export { Logger } from 'nestjs-pino';
