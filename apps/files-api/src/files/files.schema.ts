import { BUCKETS, REJECT_REASONS, VERSION_STATES } from '@custody/domain';
import { z } from 'zod';
import { subjectSchema } from '../subjects/subject.schema.js';

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
  scan: z
    .object({
      coverage: z.enum(['full', 'windowed', 'none']),
      engineVersion: z.string().nullable(),
      signatureVersion: z.string().nullable(),
      scannedAt: z.iso.datetime(),
    })
    .nullable(),
});
export type FileView = z.infer<typeof fileViewSchema>;

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
