import { attach } from './groups/attach.js';
import { auth } from './groups/auth.js';
import { notify, reaper } from './groups/background.js';
import { webConsole } from './groups/console.js';
import { database, ownerDatabase, systemDatabase } from './groups/database.js';
import { events } from './groups/events.js';
import { downloads, staging, uploads } from './groups/files.js';
import { graphql } from './groups/graphql.js';
import { http } from './groups/http.js';
import { rateLimits } from './groups/rate-limits.js';
import { redis } from './groups/redis.js';
import { runtime } from './groups/runtime.js';
import { clamd, derive, promotion, rescan, scan } from './groups/scan.js';
import { store } from './groups/store.js';
import { webhookDelivery, webhooks } from './groups/webhooks.js';
import { processConfiguration, type ConfigurationOf } from './process-configuration.js';

/** Has no way across tenants: it is not given DATABASE_SYSTEM_URL. */
export const filesApi = processConfiguration('files-api', {
  runtime: runtime('files-api', 3000),
  http,
  database,
  redis,
  store,
  auth,
  uploads,
  downloads,
  attach,
  events,
  rateLimits,
  graphql,
  webhooks,
  webConsole,
});

export const scanWorker = processConfiguration('scan-worker', {
  runtime: runtime('scan-worker', 3001),
  database: systemDatabase,
  redis,
  store,
  scan,
  rescan,
  clamd,
  promotion,
  derive,
});

export const stagingReaper = processConfiguration('staging-reaper', {
  runtime: runtime('staging-reaper', 3002),
  database: systemDatabase,
  redis,
  store,
  staging,
  reaper,
});

/** Goes across tenants for one thing: which webhook comes next. */
export const notifier = processConfiguration('notifier', {
  runtime: runtime('notifier', 3003),
  database: systemDatabase,
  redis,
  notify,
  webhooks: webhookDelivery,
});

export const migrate = processConfiguration('migrate', { database: ownerDatabase });

export const allProcesses = [filesApi, scanWorker, stagingReaper, notifier, migrate] as const;

export type FilesApiConfig = ConfigurationOf<typeof filesApi.groups>;
export type ScanWorkerConfig = ConfigurationOf<typeof scanWorker.groups>;
export type StagingReaperConfig = ConfigurationOf<typeof stagingReaper.groups>;
export type NotifierConfig = ConfigurationOf<typeof notifier.groups>;
export type MigrateConfig = ConfigurationOf<typeof migrate.groups>;
