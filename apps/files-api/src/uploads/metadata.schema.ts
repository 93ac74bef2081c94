import { z } from 'zod';

const MAX_BYTES = 16 * 1024;
const MAX_DEPTH = 32;

/** Any JSON object (M13) that PostgreSQL's jsonb can hold. */
export const metadataSchema = z
  .record(z.string(), z.unknown())
  .superRefine((metadata, check) => {
    const problem = metadataProblem(metadata);
    if (problem !== null) check.addIssue({ code: 'custom', message: problem });
  })
  .meta({ description: 'Any JSON object up to 16 KiB and 32 levels', examples: [{ externalId: 'INV-42' }] });

/** The same given as text, as form fields are. */
export const metadataTextSchema = z
  .string()
  .transform((text, check): unknown => {
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      check.addIssue({ code: 'custom', message: `must be JSON: ${(error as Error).name}` });
      return z.NEVER;
    }
  })
  .pipe(metadataSchema);

/** Walks with a list of its own: nesting as deep as a body can be would overflow the call stack. */
function metadataProblem(metadata: unknown): string | null {
  let level = [metadata];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return `must not be nested deeper than ${MAX_DEPTH} levels`;
    if (level.some((value) => typeof value === 'string' && !isStorable(value)))
      return 'must not contain U+0000 or half a surrogate pair';
    level = level.flatMap(partsOf);
  }
  return Buffer.byteLength(JSON.stringify(metadata)) > MAX_BYTES ? `must not be larger than ${MAX_BYTES} bytes` : null;
}

function partsOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : Object.entries(value).flat();
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
