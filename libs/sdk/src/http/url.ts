/** Values of a query: an object goes as JSON, a missing one is left out. */
export type QueryValues = Readonly<Record<string, unknown>>;

/** `/v1/files/{fileId}` with the names filled in, each as one escaped segment. */
export function pathOf(template: string, names: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = names[name];
    if (value === undefined || value === '') throw new TypeError(`${template} needs a ${name}`);
    return encodeURIComponent(value);
  });
}

export function queryOf(values: QueryValues): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    query.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
