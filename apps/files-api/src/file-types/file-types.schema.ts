import { z } from 'zod';

export const fileTypeListSchema = z.object({
  items: z.array(
    z.object({
      id: z.string().meta({ description: 'Stable name of the type', examples: ['pdf'] }),
      mimeType: z.string().meta({ description: 'What it is stored and, where that is safe, served as' }),
      extensions: z
        .array(z.string())
        .meta({ description: 'Without the dot; the first is added on download when none fits' }),
      category: z.enum(['image', 'document', 'text', 'video', 'audio', 'archive', 'binary']),
      maxSize: z.int().meta({ description: 'Bytes; the smaller of the limits of the type and of this deployment' }),
      disposition: z.enum(['inline', 'attachment']).meta({ description: 'inline: a browser may show it' }),
      thumbnails: z.array(z.int()).meta({ description: 'Longest sides in pixels; empty: none are made' }),
    }),
  ),
});
export type FileTypeList = z.infer<typeof fileTypeListSchema>;
