import { z } from 'zod';
import { presignRequestSchema } from '../uploads/uploads.schema.js';

const LIFE_SEC = { min: 1, max: 3_600, default: 900 };

export const uploadTokenRequestSchema = z
  .object({
    bucket: presignRequestSchema.shape.bucket
      .optional()
      .meta({ description: 'The only logical bucket it uploads to; absent: any' }),
    folderId: presignRequestSchema.shape.folderId.meta({ description: 'The only folder it uploads to; absent: any' }),
    expiresIn: z
      .int()
      .min(LIFE_SEC.min)
      .max(LIFE_SEC.max)
      .default(LIFE_SEC.default)
      .meta({ description: 'Its life in seconds' }),
  })
  .default({ expiresIn: LIFE_SEC.default });
export type UploadTokenRequest = z.output<typeof uploadTokenRequestSchema>;

export const uploadTokenAnswerSchema = z.object({
  token: z.string(),
  endpoint: z
    .url()
    .meta({ description: '`companionEndpoint` (Uppy 6) or `endpoint` (Uppy 5) with the token in its path' }),
  expiresAt: z.iso.datetime(),
  expiresIn: z.int(),
});
export type UploadTokenAnswer = z.infer<typeof uploadTokenAnswerSchema>;
