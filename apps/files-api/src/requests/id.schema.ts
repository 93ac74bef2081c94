import { isUuid } from '@custody/domain';
import { z } from 'zod';

/** An id as clients send it, in either case, as the branded id it is. */
export const idSchema = <Id extends string>() =>
  z
    .string()
    .transform((text) => text.toLowerCase())
    .refine((text): text is Id => isUuid(text), 'must be a UUID');
