import { OBJECT_MAX_BYTES, PART_MAX_BYTES, PART_MIN_BYTES } from '@custody/domain';
import { z } from 'zod';
import { group } from '../group.js';
import { decimalNumber, wholeNumber } from '../variable.js';

/** SigV4 refuses a presigned URL that lives longer than seven days. */
const SIGNATURE_LIMIT_SEC = 604_800;

const stagingTtl = decimalNumber({
  description: 'A version that is still pending after this long is rejected as expired',
  unit: 'hours, fractions allowed',
  min: 0.0001,
  max: 8_760,
  default: 24,
});

export const uploads = group(
  'Uploads',
  z.object({
    FILES_PRESIGN_EXPIRY_SEC: wholeNumber({
      description: 'Life of an upload URL',
      unit: 'seconds',
      min: 1,
      max: SIGNATURE_LIMIT_SEC,
      default: 900,
    }),
    FILES_MAX_SIZE_BYTES: wholeNumber({
      description: 'Largest file; over 5 GiB only by multipart (S3 ends one PUT there, and an object at 5 TiB)',
      unit: 'bytes',
      min: 1,
      max: OBJECT_MAX_BYTES,
      default: OBJECT_MAX_BYTES,
    }),
    FILES_PART_SIZE_BYTES: wholeNumber({
      description: 'Parts of a multipart upload; larger where 10,000 of them would not hold the file',
      unit: 'bytes',
      min: PART_MIN_BYTES,
      max: PART_MAX_BYTES,
      default: 16 * 1024 ** 2,
    }),
    FILES_STAGING_MAX_PER_TENANT: wholeNumber({
      description: 'Most pending files of one tenant',
      unit: 'files',
      min: 1,
      max: 1_000_000,
      default: 100,
    }),
    FILES_STAGING_TTL_HOURS: stagingTtl,
    FILES_IDEMPOTENCY_TTL_HOURS: decimalNumber({
      description: 'An Idempotency-Key is remembered for this long',
      unit: 'hours, fractions allowed',
      min: 0.0001,
      max: 8_760,
      default: 24,
    }),
  }),
  (v) => ({
    presignExpirySec: v.FILES_PRESIGN_EXPIRY_SEC,
    maxSizeBytes: v.FILES_MAX_SIZE_BYTES,
    partSizeBytes: v.FILES_PART_SIZE_BYTES,
    stagingMaxPerTenant: v.FILES_STAGING_MAX_PER_TENANT,
    stagingTtlHours: v.FILES_STAGING_TTL_HOURS,
    idempotencyKeepSec: v.FILES_IDEMPOTENCY_TTL_HOURS * 3_600,
  }),
);

export const downloads = group(
  'Downloads',
  z.object({
    FILES_DOWNLOAD_EXPIRY_SEC: wholeNumber({
      description: 'Life of a download URL unless a shorter one is asked for',
      unit: 'seconds',
      min: 1,
      max: SIGNATURE_LIMIT_SEC,
      default: 3_600,
    }),
  }),
  (v) => ({ expirySec: v.FILES_DOWNLOAD_EXPIRY_SEC }),
);

export const staging = group(
  'Staging',
  z.object({
    FILES_STAGING_TTL_HOURS: stagingTtl,
    FILES_STAGING_GRACE_MINUTES: decimalNumber({
      description: 'Staging objects without a pending row are kept this long beyond the TTL',
      unit: 'minutes, fractions allowed',
      min: 0,
      max: 100_000,
      default: 60,
    }),
    RECONCILE_AFTER_SEC: wholeNumber({
      description: 'An upload nobody confirmed is looked for in the store after this long',
      unit: 'seconds',
      min: 0,
      max: 86_400,
      default: 60,
    }),
    FILES_DELETE_RETENTION_DAYS: decimalNumber({
      description: 'Bytes of a deleted file are purged after this long',
      unit: 'days, fractions allowed',
      min: 0,
      max: 36_500,
      default: 30,
    }),
  }),
  (v) => ({
    ttlHours: v.FILES_STAGING_TTL_HOURS,
    graceMinutes: v.FILES_STAGING_GRACE_MINUTES,
    reconcileAfterSec: v.RECONCILE_AFTER_SEC,
    deleteRetentionDays: v.FILES_DELETE_RETENTION_DAYS,
  }),
);
