export { AccessGroupsRepository, type AccessGroup, type AccessGroupMember } from './access-groups.repository.js';
export {
  AuditRepository,
  type AuditFilter,
  type AuditOrder,
  type AuditPosition,
  type AuditRecord,
} from './audit.repository.js';
export { DataModule, SystemDataModule, type DataModuleOptions } from './data.module.js';
export { DeliveriesRepository, type DeliveryRecord } from './deliveries.repository.js';
export { DerivationsRepository, type DerivationRecord } from './derivations.repository.js';
export {
  FileEventsRepository,
  type FeedPage,
  type FileEventRecord,
  type FileFeedPage,
  type RunningScan,
} from './file-events.repository.js';
export {
  FileListingRepository,
  type FileFilter,
  type FileOrder,
  type FilePage,
  type FilePageRequest,
  type FilePosition,
} from './file-listing.repository.js';
export {
  FileVersionsRepository,
  type DecidedVersion,
  type HeldDecision,
  type NewVersion,
  type PendingVersion,
  type Restoration,
} from './file-versions.repository.js';
export { FilesRepository, type FileChanges, type FileDescription } from './files.repository.js';
export { FoldersRepository, type FolderChanges } from './folders.repository.js';
export { IdempotencyKeysRepository, type FinishedRequest } from './idempotency-keys.repository.js';
export { UploadTokensRepository, type GrantedUploadToken } from './upload-tokens.repository.js';
export { MultipartsRepository, type AbortedUpload, type Multipart } from './multiparts.repository.js';
export { OutboxRepository } from './outbox.repository.js';
export type {
  ClaimedVersion,
  FileRecord,
  FileVersionRecord,
  FolderRecord,
  ServedVersion,
  Step,
  UploadStep,
  VersionRecord,
} from './records.js';
export {
  RESCAN_RUN_STATES,
  RESCAN_STOP_REASONS,
  RescansRepository,
  type RequestedRescan,
  type RescanRunRecord,
  type Withdrawal,
} from './rescans.repository.js';
export {
  ScanCheckpointsRepository,
  type MembersCheckpoint,
  type ScanCheckpoint,
} from './scan-checkpoints.repository.js';
export { SharesRepository, type Share } from './shares.repository.js';
export { SubjectLinksRepository, type LinkedFile } from './subject-links.repository.js';
export { isOnce, type Once, type OnceContext, type StepContext, type SystemContext } from './step-context.js';
export { SystemDatabase } from './system-database.js';
export { SystemFileEventsRepository } from './system-file-events.repository.js';
export { SystemFoldersRepository, type EmptyingStep } from './system-folders.repository.js';
export { SystemIdempotencyKeysRepository } from './system-idempotency-keys.repository.js';
export { SystemOutboxRepository, type OutboxBacklog } from './system-outbox.repository.js';
export {
  SystemRescansRepository,
  type ClaimedRescan,
  type RescanOutcome,
  type RescanPolicy,
  type RescanRecord,
  type RescanStep,
} from './system-rescans.repository.js';
export {
  SystemScanQueueRepository,
  type ClaimPolicy,
  type ScanBacklog,
  type WaitingVersion,
} from './system-scan-queue.repository.js';
export {
  SystemStagingRepository,
  type CleanedVersion,
  type EndedVersion,
  type KnownVersion,
  type PurgeableFile,
} from './system-staging.repository.js';
export {
  SystemWebhooksRepository,
  type ClaimedWebhookDelivery,
  type WebhookBacklog,
  type WebhookClaimPolicy,
} from './system-webhooks.repository.js';
export { TenantDatabase, type DatabaseOptions } from './tenant-database.js';
export {
  UploadsRepository,
  type Arrival,
  type NewUpload,
  type PendingUpload,
  type Placement,
} from './uploads.repository.js';
export { VersionsRepository, type Claim, type ScanReach, type VerdictRecord } from './versions.repository.js';
export {
  WEBHOOK_DELIVERY_STATES,
  WebhookDeliveriesRepository,
  type DisablePolicy,
  type WebhookAttempt,
  type WebhookDeliveryRecord,
  type WebhookDeliveryState,
  type WebhookNext,
  type WebhookOutcome,
} from './webhook-deliveries.repository.js';
export { WebhooksRepository, type WebhookRecord, type WebhookSettings } from './webhooks.repository.js';
