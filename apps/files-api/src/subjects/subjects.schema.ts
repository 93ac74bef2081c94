import { z } from 'zod';
import { fileViewSchema } from '../files/files.schema.js';
import { pageSchema } from '../requests/page.js';

export const subjectFileSchema = fileViewSchema.extend({ linkedAt: z.iso.datetime() });
export type SubjectFileView = z.infer<typeof subjectFileSchema>;

export const subjectFilesSchema = pageSchema(subjectFileSchema);
