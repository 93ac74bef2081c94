import type { FileChanges } from '@custody/data';
import { BUCKETS, COVERAGES, REJECT_REASONS, VERSION_STATES, type FolderId } from '@custody/domain';
import { z } from 'zod';
import { subjectSchema } from '../subjects/subject.schema.js';
import { accessGroupIdSchema } from '../access-groups/access-groups.schema.js';
import { idSchema } from '../requests/id.schema.js';
import { filenameSchema } from '../uploads/filename.schema.js';
import { metadataSchema } from '../uploads/metadata.schema.js';

/** Of a verdict; null before there is one. */
export const scanSchema = z
  .object({
    coverage: z.enum(COVERAGES).meta({
      description:
        'How the engine saw the bytes. full: in one piece; windowed: in overlapping pieces; members: an archive too large for it, each file ' +
        'in it in one piece; none: not at all',
    }),
    engineVersion: z.string().nullable(),
    signatureVersion: z.string().nullable(),
    scannedAt: z.iso.datetime(),
  })
  .nullable();

export const scanProgressSchema = z
  .object({
    scannedBytes: z.int(),
    totalBytes: z.int().meta({ description: 'More than size where bytes are read twice, as those of large archives' }),
    at: z.iso.datetime().meta({ description: 'When it was reported' }),
  })
  .nullable()
  .meta({
    description:
      'How far a scan has come that takes more than a few seconds; null before its first report and once there is a verdict. The entity tag ' +
      'does not change with it',
  });

export const fileViewSchema = z.object({
  fileId: z.uuid(),
  versionId: z.uuid(),
  filename: z.string(),
  mimeType: z.string().meta({ description: 'The catalogued type it is served as' }),
  size: z.int().meta({ description: 'Bytes; as declared until the upload is confirmed' }),
  bucket: z.enum(BUCKETS),
  status: z.enum(['pending_scan', 'available', 'rejected']),
  stage: z.enum(VERSION_STATES),
  rejectReason: z.enum(REJECT_REASONS).nullable(),
  sha256: z.string().nullable().meta({ description: 'Of the scanned bytes, hexadecimal; null before the scan' }),
  metadata: z.record(z.string(), z.unknown()),
  notes: z.string().nullable(),
  folderId: z.uuid().nullable().meta({ description: 'null: in the root' }),
  folderPath: z
    .string()
    .nullable()
    .meta({
      description: 'Names from the root down; null while a deleted folder above it is being emptied',
      examples: ['/cases/A-1'],
    }),
  url: z.url().nullable().meta({ description: 'The content door, for a token with files:read; null unless available' }),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  uploadedBy: z.uuid(),
  accessGroupId: z
    .uuid()
    .nullable()
    .meta({ description: 'Only its members see the file; null: the whole tenant does' }),
  isValid: z.boolean().meta({ description: 'false: registered as present but not valid' }),
  subjects: z.array(subjectSchema).meta({ description: 'What the file is about' }),
  width: z.int().nullable().meta({ description: 'Pixels, as shown; null: no image, or not known (see derived)' }),
  height: z.int().nullable(),
  pageCount: z.int().nullable().meta({ description: 'Of a PDF; null: no PDF, or not known (see derived)' }),
  thumbnails: z.array(z.int()).meta({ description: 'Sizes that can be asked for at thumbnail-url' }),
  derived: z
    .object({
      status: z
        .enum(['none', 'pending', 'done', 'failed'])
        .meta({ description: 'none: nothing is derived from this type' }),
      reason: z
        .string()
        .nullable()
        .meta({ description: 'Why it failed', examples: ['too_many_pixels'] }),
    })
    .meta({ description: 'Width, height, page count and thumbnails are made after the scan' }),
  scan: scanSchema,
  scanProgress: scanProgressSchema,
});
export type FileView = z.infer<typeof fileViewSchema>;

const NOTES_MAX = 10_000;

/** A member that is absent stays as it is. */
export const fileChangesSchema = z.object({
  filename: filenameSchema.optional(),
  folderId: idSchema<FolderId>().nullable().optional().meta({ description: 'null: into the root' }),
  metadata: metadataSchema.optional().meta({ description: 'Replaces all of it' }),
  accessGroupId: accessGroupIdSchema.nullish().meta({ format: 'uuid', description: 'null: for the whole tenant' }),
  notes: z
    .string()
    .max(NOTES_MAX)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), 'must not contain U+0000 or half a surrogate pair')
    .nullable()
    .optional(),
});
export type FileChangesRequest = FileChanges;

/** SigV4 ends at seven days; the deployment's own limit is `FILES_DOWNLOAD_EXPIRY_SEC`. */
const SIGNATURE_LIMIT_SEC = 604_800;

export const downloadUrlRequestSchema = z
  .object({
    attachment: z.boolean().optional().meta({
      description: 'true: saved as a file; false: shown where the type is safe to show; absent: as the type says',
    }),
    expiresIn: z
      .int()
      .min(1)
      .max(SIGNATURE_LIMIT_SEC)
      .optional()
      .meta({ description: 'Seconds; at most, and by default, the configured life of a download URL (3600)' }),
    versionId: z
      .uuid()
      .toLowerCase()
      .optional()
      .meta({ description: 'One version of the file; absent: the one that speaks for it' }),
  })
  .default({});
export type DownloadUrlRequest = z.output<typeof downloadUrlRequestSchema>;

export const downloadUrlResponseSchema = z.object({
  url: z.url(),
  expiresAt: z.iso.datetime(),
  expiresIn: z.int(),
});
export type DownloadUrlResponse = z.infer<typeof downloadUrlResponseSchema>;
