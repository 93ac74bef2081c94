export const NDJSON = 'application/x-ndjson';

/** Whether `Accept` names NDJSON and prefers nothing to it that we could answer instead (RFC 9110, 12.5.1). A wildcard asks for the usual. */
export function wantsNdjson(accept: string | undefined): boolean {
  const weights = new Map(
    (accept ?? '').split(',').map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length);
      return [type, weight === undefined ? 1 : Number(weight)];
    }),
  );
  const weight = weights.get(NDJSON) ?? 0;
  return weight > 0 && weight >= (weights.get('application/json') ?? 0);
}
