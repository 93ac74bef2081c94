import { REJECT_REASONS, VERSION_STATES } from '@custody/domain';
import { z } from 'zod';
import { scanProgressSchema, scanSchema } from '../files/files.schema.js';
import { presignRequestSchema } from '../uploads/uploads.schema.js';

export const presignVersionRequestSchema = presignRequestSchema.pick({
  mimeType: true,
  size: true,
  sha256: true,
  multipart: true,
});
export type PresignVersionRequest = z.output<typeof presignVersionRequestSchema>;

export const listVersionsQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.uuid().toLowerCase().optional(),
});
export type ListVersionsQuery = z.output<typeof listVersionsQuerySchema>;

export const versionViewSchema = z.object({
  versionId: z.uuid(),
  current: z.boolean().meta({ description: 'It is the available version that speaks for the file' }),
  status: z.enum(['pending_scan', 'available', 'rejected']),
  stage: z.enum(VERSION_STATES),
  rejectReason: z.enum(REJECT_REASONS).nullable(),
  mimeType: z.string(),
  size: z.int().meta({ description: 'Bytes; as declared until the upload is confirmed' }),
  sha256: z.string().nullable(),
  url: z.url().nullable().meta({ description: 'The content door for this version; null unless available' }),
  createdAt: z.iso.datetime(),
  uploadedBy: z.uuid(),
  scan: scanSchema,
  scanProgress: scanProgressSchema,
});
export type VersionView = z.infer<typeof versionViewSchema>;

export const versionListSchema = z.object({
  items: z.array(versionViewSchema).meta({ description: 'Newest first' }),
  nextCursor: z.string().nullable(),
  hasMore: z.boolean(),
});
export type VersionList = z.infer<typeof versionListSchema>;

const MAX_REASON = 1_000;

export const heldDecisionSchema = z.object({
  reason: z
    .string()
    .trim()
    .min(1)
    .max(MAX_REASON)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be well-formed Unicode without NUL')
    .meta({ description: 'Why; kept in the audit log' }),
});
