import { z } from 'zod';

/** The part of an S3 event message that is read (S3 user guide, "Event message structure"); evidence, never truth. */
export const storeEventSchema = z.object({
  Records: z
    .array(z.object({ s3: z.object({ object: z.object({ key: z.string() }) }) }))
    .max(1_000)
    .default([]),
});
export type StoreEvent = z.output<typeof storeEventSchema>;

/** Keys in events are form-encoded; null for one that does not decode. */
export function decodeKey(key: string): string | null {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
