import { OCTET_STREAM, PARTS_MAX, type FileId } from '@custody/domain';
import { z } from 'zod';
import { idSchema } from '../requests/id.schema.js';
import { subjectTextSchema } from '../subjects/subject.schema.js';
import { metadataSchema, metadataTextSchema } from '../uploads/metadata.schema.js';
import { presignRequestSchema } from '../uploads/uploads.schema.js';

const { filename, mimeType, bucket, sha256, accessGroupId, folderId } = presignRequestSchema.shape;

/** The `meta` of a file in Uppy, as text or as it is. What it names beyond this becomes metadata of the file. */
export const uppyMetadataSchema = z.looseObject({
  name: filename.optional().meta({ description: 'Instead of `filename`' }),
  bucket: bucket.optional().meta({ description: 'Required unless the upload token or `fileId` says it' }),
  folderId,
  accessGroupId,
  subject: subjectTextSchema.optional(),
  fileId: idSchema<FileId>().optional().meta({ description: 'The upload is a new version of this file' }),
  size: z.coerce.number().int().min(1).optional().meta({ description: 'Exact size in bytes, where it is known' }),
  sha256,
  metadata: z
    .union([metadataTextSchema, metadataSchema])
    .optional()
    .meta({ description: 'A JSON object, or the text of one' }),
});

/** What both ways of an upload say of the file. */
export const uppyUploadSchema = z.object({
  filename,
  type: mimeType.default(OCTET_STREAM),
  metadata: uppyMetadataSchema.default({}),
});
export type UppyUpload = z.output<typeof uppyUploadSchema>;

const expires = z.int().meta({ description: 'Seconds until the URL ends' });

const uploadFormSchema = z.object({
  method: z.literal('POST'),
  url: z.url(),
  fields: z
    .record(z.string(), z.string())
    .meta({ description: 'Fields of the form, in this order; the file follows as `file`' }),
  expires,
});

const uploadPutSchema = z.object({
  method: z.literal('PUT'),
  url: z.url(),
  fields: z.object({}).meta({ description: 'Always empty' }),
  headers: z.record(z.string(), z.string()).meta({ description: 'Send exactly these with the PUT' }),
  expires,
});

export const uploadParametersSchema = z.union([uploadPutSchema, uploadFormSchema]);
export type UploadParameters = z.infer<typeof uploadParametersSchema>;

const keySchema = z
  .string()
  .meta({ description: '`{tenant}/staging/{fileId}/{versionId}`; what a client sends back as `key` is not looked at' });

export const createdPartsSchema = z.object({ key: keySchema, uploadId: z.string() });
export type CreatedParts = z.infer<typeof createdPartsSchema>;

export const uploadedPartsSchema = z
  .array(
    z.object({
      PartNumber: z.int().min(1).max(PARTS_MAX),
      Size: z.int(),
      ETag: z.string().meta({ description: 'In quotes, as the store says it' }),
    }),
  )
  .meta({ description: 'All of them, by number' });
export type UploadedParts = z.infer<typeof uploadedPartsSchema>;

export const partNumberSchema = z.coerce.number().int().min(1).max(PARTS_MAX);

export const signedPartSchema = z.object({
  url: z.url().meta({ description: 'PUT the bytes of the part here, without headers' }),
  expires,
});
export type SignedPart = z.infer<typeof signedPartSchema>;

const ETAG_MAX = 200;

export const completePartsSchema = z.object({
  parts: z
    .array(
      z.object({
        PartNumber: partNumberSchema,
        ETag: z
          .string()
          .max(ETAG_MAX)
          .meta({ description: 'In quotes or without' })
          .transform((text) => text.replace(/^"(.*)"$/, '$1')),
      }),
    )
    .min(1)
    .max(PARTS_MAX)
    .meta({ description: 'All parts, from 1 on' }),
});

export const completedUploadSchema = z.object({
  location: z.url().meta({ description: 'The file' }),
  key: keySchema,
  fileId: z.uuid(),
  versionId: z.uuid(),
  status: z.enum(['pending_scan', 'available', 'rejected']),
});
export type CompletedUppyUpload = z.infer<typeof completedUploadSchema>;

export const nothingSchema = z.object({});
