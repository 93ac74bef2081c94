import { operationsText } from '../sdk/operations-text.ts';
import type { OpenApiDocument } from '../sdk/operations-text.ts';
import { generate as openApi } from './openapi.ts';

export const output = 'libs/sdk/src/generated/operations.ts';

/** The SDK's types, from the document the API serves. */
export async function generate(): Promise<string> {
  return operationsText(JSON.parse(await openApi()) as OpenApiDocument);
}
