import { format } from 'prettier';

export const output = 'apps/files-api/schema/schema.graphql';

/** What the API executes at /graphql, from its build. */
export async function generate(): Promise<string> {
  const built = new URL('../../apps/files-api/dist/graphql/type-definitions.js', import.meta.url);
  const { typeDefinitions } = (await import(built.href)) as { typeDefinitions: () => string };
  return format(typeDefinitions(), { parser: 'graphql', printWidth: 120 });
}
