import { z } from 'zod';

export const putShareSchema = z
  .object({
    expiresAt: z.iso
      .datetime({ offset: true })
      .refine((text) => Date.parse(text) > Date.now(), 'must be in the future')
      .transform((text) => new Date(text))
      .nullish()
      .meta({ description: 'When the access ends by itself; absent or null: when it is taken back' }),
  })
  .default({});
export type PutShareRequest = z.output<typeof putShareSchema>;

export const shareSchema = z.object({
  userId: z.uuid(),
  grantedBy: z.string().meta({ description: 'Who granted it, as the audit log names actors', examples: ['user:…'] }),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
});
export type ShareView = z.infer<typeof shareSchema>;

export const sharesSchema = z.object({ items: z.array(shareSchema) });
export type SharesView = z.infer<typeof sharesSchema>;
