import { z } from 'zod';

const isKey = (item: string): boolean => Buffer.from(item, 'base64').toString('base64') === item && item.length === 44;

/** One key of 32 bytes in base64, or several separated by commas. */
export const keyList = z
  .string()
  .refine((list) => list.split(',').every(isKey), 'must be 32 bytes in base64, or several separated by commas');
