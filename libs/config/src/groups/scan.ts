import { z } from 'zod';
import { group } from '../group.js';
import { choice, decimalNumber, text, wholeNumber } from '../variable.js';

export const scan = group(
  'Scanning',
  z.object({
    SCAN_CONCURRENCY: wholeNumber({
      description: 'Scans at a time in this process',
      unit: 'scans',
      min: 1,
      max: 256,
      default: 4,
    }),
    SCAN_LEASE_SEC: wholeNumber({
      description: 'A claim that is not renewed for this long may be taken over',
      unit: 'seconds',
      min: 1,
      max: 3_600,
      default: 60,
    }),
    SCAN_MAX_STARTS: wholeNumber({
      description: 'Starts of one version before it is rejected as failed',
      unit: 'starts',
      min: 1,
      max: 1_000,
      default: 5,
    }),
    SCAN_NEWEST_FIRST_ABOVE: wholeNumber({
      description: 'Backlog above which the newest upload is scanned first',
      unit: 'versions',
      min: 0,
      default: 1_000,
    }),
    SCAN_OLDEST_EVERY: wholeNumber({
      description: 'Above that backlog, every n-th claim still takes the oldest',
      unit: 'claims',
      min: 1,
      max: 1_000,
      default: 4,
    }),
    FILES_SCAN_OVERSIZE: choice(['windowed', 'hold', 'reject'], 'windowed', {
      description:
        'A file larger than the engine scans is scanned in windows, held back until an administrator decides, or rejected',
    }),
    SCAN_WINDOW_BYTES: wholeNumber({
      description: 'Longest window of such a file, never more than CLAMD_MAX_STREAM_BYTES; a crash repeats at most one',
      unit: 'bytes',
      min: 64 * 1024,
      max: 2 ** 31 - 1,
      default: 1024 ** 3,
    }),
    SCAN_WINDOW_OVERLAP_BYTES: wholeNumber({
      description: 'What neighbouring windows share, at most a quarter of one; longer than what a signature spans',
      unit: 'bytes',
      min: 1024,
      max: 2 ** 30,
      default: 16 * 1024 ** 2,
    }),
  }),
  (v) => ({
    concurrency: v.SCAN_CONCURRENCY,
    leaseSec: v.SCAN_LEASE_SEC,
    maxStarts: v.SCAN_MAX_STARTS,
    newestFirstAbove: v.SCAN_NEWEST_FIRST_ABOVE,
    oldestEvery: v.SCAN_OLDEST_EVERY,
    oversize: v.FILES_SCAN_OVERSIZE,
    windowBytes: v.SCAN_WINDOW_BYTES,
    windowOverlapBytes: v.SCAN_WINDOW_OVERLAP_BYTES,
  }),
);

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

/** How scanned bytes are copied to the main bucket. */
export const promotion = group(
  'Promotion',
  z.object({
    S3_SINGLE_COPY_MAX_BYTES: wholeNumber({
      description: 'A larger file is copied to the main bucket in parts; 5 GiB is the most S3 copies at once',
      unit: 'bytes',
      min: 5 * MiB,
      max: 5 * GiB,
      default: 5 * GiB,
    }),
    S3_COPY_PART_BYTES: wholeNumber({
      description: 'Such a part; larger where 10,000 of them would not hold the file',
      unit: 'bytes',
      min: 5 * MiB,
      max: 5 * GiB,
      default: GiB,
    }),
    S3_COPY_CONCURRENCY: wholeNumber({
      description: 'Parts of one file that the store copies at a time',
      unit: 'parts',
      min: 1,
      max: 64,
      default: 4,
    }),
  }),
  (v) => ({
    maxSingleCopyBytes: v.S3_SINGLE_COPY_MAX_BYTES,
    copyPartBytes: v.S3_COPY_PART_BYTES,
    copyConcurrency: v.S3_COPY_CONCURRENCY,
  }),
);

export const rescan = group(
  'Rescans',
  z.object({
    FILES_RESCAN_ON_SIGNATURES: choice(['on', 'off'], 'on', {
      description: 'Whether newer signatures of the engine begin a rescan of everything scanned with older ones',
    }),
    RESCAN_CONCURRENCY: wholeNumber({
      description: 'Rescans at a time in this process; 0: it does none',
      unit: 'rescans',
      min: 0,
      max: 64,
      default: 1,
    }),
    RESCAN_PER_MINUTE: wholeNumber({
      description: 'Most rescans each of those begins in a minute',
      unit: 'rescans',
      min: 1,
      max: 1_000_000,
      default: 60,
    }),
    RESCAN_POLL_SEC: decimalNumber({
      description: 'Pause between two looks for rescans when there were none',
      unit: 'seconds, fractions allowed',
      min: 0.1,
      max: 3_600,
      default: 5,
    }),
    RESCAN_MAX_WITHDRAWN: wholeNumber({
      description: 'A run that withdraws as many versions is stopped: it is rather the signatures that are wrong',
      unit: 'versions',
      min: 1,
      max: 1_000_000_000,
      default: 100,
    }),
  }),
  (v) => ({
    onSignatures: v.FILES_RESCAN_ON_SIGNATURES,
    concurrency: v.RESCAN_CONCURRENCY,
    perMinute: v.RESCAN_PER_MINUTE,
    pollSec: v.RESCAN_POLL_SEC,
    maxWithdrawn: v.RESCAN_MAX_WITHDRAWN,
  }),
);

export const clamd = group(
  'ClamAV',
  z.object({
    CLAMD_HOST: text({ description: 'Host of clamd', example: '127.0.0.1' }),
    CLAMD_PORT: wholeNumber({ description: 'TCP port of clamd', min: 1, max: 65_535, default: 3_310 }),
    CLAMD_CONNECT_TIMEOUT_SEC: wholeNumber({
      description: 'Longest wait for a connection to clamd',
      unit: 'seconds',
      min: 1,
      max: 600,
      default: 5,
    }),
    CLAMD_TIMEOUT_SEC: wholeNumber({
      description:
        'Longest silence of clamd before the scan is retried; after the last byte half a second more for each MiB',
      unit: 'seconds',
      min: 1,
      max: 3_600,
      default: 120,
    }),
    CLAMD_RETRY_SEC: wholeNumber({
      description: 'How long scans wait when clamd is away',
      unit: 'seconds',
      min: 1,
      max: 3_600,
      default: 10,
    }),
    CLAMD_MAX_STREAM_BYTES: wholeNumber({
      description: "Most bytes sent for one scan; not above clamd's StreamMaxLength and MaxFileSize",
      unit: 'bytes',
      min: 1,
      max: 2 ** 31 - 1,
      default: 100 * 1024 ** 2,
    }),
    CLAMD_MAX_SIGNATURE_AGE_HOURS: wholeNumber({
      description: 'Signatures older than this raise an alarm',
      unit: 'hours',
      min: 1,
      max: 1_000_000,
      default: 72,
    }),
  }),
  (v) => ({
    host: v.CLAMD_HOST,
    port: v.CLAMD_PORT,
    connectTimeoutSec: v.CLAMD_CONNECT_TIMEOUT_SEC,
    timeoutSec: v.CLAMD_TIMEOUT_SEC,
    retrySec: v.CLAMD_RETRY_SEC,
    maxStreamBytes: v.CLAMD_MAX_STREAM_BYTES,
    maxSignatureAgeHours: v.CLAMD_MAX_SIGNATURE_AGE_HOURS,
  }),
);

export const derive = group(
  'Derived data',
  z.object({
    DERIVE_CONCURRENCY: wholeNumber({
      description: 'Files at a time of which previews are made in this process',
      unit: 'files',
      min: 1,
      max: 64,
      default: 1,
    }),
    DERIVE_TIMEOUT_SEC: wholeNumber({
      description: 'A rendering that takes longer is killed',
      unit: 'seconds',
      min: 1,
      max: 3_600,
      default: 60,
    }),
    DERIVE_MEMORY_MB: wholeNumber({
      description: 'Memory of one rendering, beyond which it dies; a quarter is for its JavaScript',
      unit: 'MiB',
      min: 1_024,
      max: 65_536,
      default: 1_024,
    }),
    DERIVE_MAX_BYTES: wholeNumber({
      description: 'Nothing is derived from larger files',
      unit: 'bytes',
      min: 1,
      max: 1024 ** 3,
      default: 100 * 1024 ** 2,
    }),
    DERIVE_MAX_PIXELS: wholeNumber({
      description: 'Images with more pixels are refused before they are decoded',
      unit: 'pixels',
      min: 1,
      max: 1_000_000_000,
      default: 50_000_000,
    }),
  }),
  (v) => ({
    concurrency: v.DERIVE_CONCURRENCY,
    timeoutSec: v.DERIVE_TIMEOUT_SEC,
    memoryMb: v.DERIVE_MEMORY_MB,
    maxBytes: v.DERIVE_MAX_BYTES,
    maxPixels: v.DERIVE_MAX_PIXELS,
  }),
);
