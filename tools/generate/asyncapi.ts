import { asyncApiDocument } from '@custody/contracts';
import { stringify } from 'yaml';

export const output = 'docs/asyncapi.yaml';

/** Queues and events in words other languages read, from the schemas in libs/contracts. */
export async function generate(): Promise<string> {
  return stringify(asyncApiDocument(), { aliasDuplicateObjects: false, lineWidth: 0 });
}
