import { BUCKETS, type FolderId } from '@custody/domain';
import { z } from 'zod';
import { accessGroupIdSchema } from '../access-groups/access-groups.schema.js';
import { idSchema } from '../requests/id.schema.js';
import { filenameSchema } from './filename.schema.js';
import { metadataSchema, metadataTextSchema } from './metadata.schema.js';

const bucketSchema = z.enum(BUCKETS).meta({ description: 'Logical bucket' });
const mimeTypeSchema = z
  .string()
  .max(255)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be well-formed Unicode without NUL')
  .meta({
    description: 'A type that is not catalogued is stored and served as application/octet-stream',
    examples: ['application/pdf'],
  });
const sha256Schema = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits')
  .transform((digits) => digits.toLowerCase());

const folderIdSchema = idSchema<FolderId>()
  .optional()
  .meta({ description: 'The folder to put it in; absent: the root' });

export const presignRequestSchema = z.object({
  filename: filenameSchema,
  mimeType: mimeTypeSchema,
  bucket: bucketSchema,
  size: z.int().min(1).meta({ description: 'Exact size in bytes' }),
  metadata: metadataSchema.default({}),
  sha256: sha256Schema.optional().meta({ description: 'SHA-256 of the bytes, hexadecimal; verified before release' }),
  accessGroupId: accessGroupIdSchema.optional(),
  folderId: folderIdSchema,
  multipart: z
    .boolean()
    .default(false)
    .meta({ description: 'true: in parts, to be signed by `…/multipart/parts`; needed over 5 GiB' }),
});
export type PresignRequest = z.output<typeof presignRequestSchema>;

const status = z.enum(['pending_scan', 'available', 'rejected']);

const expectedUpload = { fileId: z.uuid(), versionId: z.uuid(), status: z.literal('pending_scan') };

export const singlePutSchema = z.object({
  ...expectedUpload,
  uploadUrl: z.url(),
  method: z.literal('PUT'),
  headers: z
    .record(z.string(), z.string())
    .meta({ description: 'Send exactly these with the PUT (Host and Content-Length come by themselves)' }),
  fields: z.object({}).meta({ description: 'Always empty: the upload is a PUT, not a form' }),
  expiresAt: z.iso.datetime(),
});

export const partPlanSchema = z.object({
  partSize: z.int().meta({ description: 'Bytes of every part but the last, which is the rest' }),
  partCount: z.int().meta({ description: 'Parts are numbered from 1 to this' }),
});

const multipartUploadSchema = z.object({ ...expectedUpload, multipart: partPlanSchema });

export const presignResponseSchema = z.union([singlePutSchema, multipartUploadSchema]);
export type SinglePut = z.infer<typeof singlePutSchema>;
export type PresignResponse = z.infer<typeof presignResponseSchema>;

const MAX_NOTES = 10_000;

export const confirmRequestSchema = z
  .object({
    accessGroupId: accessGroupIdSchema.optional(),
    notes: z
      .string()
      .max(MAX_NOTES)
      .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be well-formed Unicode without NUL')
      .optional(),
    isValid: z.boolean().optional().meta({ description: 'false registers the file as present but not valid' }),
  })
  .default({});
export type ConfirmRequest = z.output<typeof confirmRequestSchema>;

export const confirmResponseSchema = z.object({ fileId: z.uuid(), status });
export type ConfirmResponse = z.infer<typeof confirmResponseSchema>;

/** The form beside its `file` part; every value is text. */
export const uploadFormSchema = z.strictObject({
  bucket: bucketSchema,
  filename: filenameSchema.optional().meta({ description: "Instead of the part's own filename" }),
  mimeType: mimeTypeSchema.optional().meta({ description: "Instead of the part's own Content-Type" }),
  metadata: metadataTextSchema.default({}),
  sha256: sha256Schema.optional(),
  accessGroupId: accessGroupIdSchema.optional(),
  folderId: folderIdSchema,
});
export type UploadForm = z.output<typeof uploadFormSchema>;

export const uploadResponseSchema = z.object({
  fileId: z.uuid(),
  versionId: z.uuid(),
  filename: z.string(),
  mimeType: z.string(),
  size: z.int(),
  bucket: bucketSchema,
  status,
  url: z.null(),
  createdAt: z.iso.datetime(),
  uploadedBy: z.uuid(),
});
export type UploadResponse = z.infer<typeof uploadResponseSchema>;
