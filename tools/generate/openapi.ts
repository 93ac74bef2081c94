export const output = 'apps/files-api/schema/openapi.json';

/** What the API serves at /openapi.json, from its build. */
export async function generate(): Promise<string> {
  const built = new URL('../../apps/files-api/dist/openapi/document.js', import.meta.url);
  const { openApiDocument } = (await import(built.href)) as { openApiDocument: () => object };
  return JSON.stringify(openApiDocument(), null, 2);
}
