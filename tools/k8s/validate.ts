import type { Manifest } from './render.ts';

interface Validator {
  (data: unknown): boolean;
  errors?: readonly { readonly instancePath: string; readonly message?: string; readonly keyword: string }[] | null;
}

/**
 * What is wrong with a manifest, nothing when it is right: fields of the wrong type and missing ones by the published
 * schemas, and, since those let unknown fields pass, every field the schema never looks at.
 */
export async function problemsOf(manifest: Manifest): Promise<string[]> {
  const { validate } = (await import(schemaModule(manifest))) as { validate: Validator };
  const unread = new Set<string>();
  const name = `${manifest.kind}/${manifest.metadata.name}`;
  const valid = validate(watched(manifest, '', unread));
  const errors = valid ? [] : (validate.errors ?? []);
  return [
    ...errors.map(({ instancePath, keyword, message }) => `${name}${instancePath}: ${message ?? keyword}`),
    ...[...unread].map((path) => `${name}${path}: unknown field`),
  ];
}

/** The compiled schema of a kind: `apps/v1` Deployment is IoK8sApiAppsV1Deployment, and `v1` is the group Core. */
function schemaModule({ apiVersion, kind }: Manifest): string {
  const [group = '', version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  const words = [group.split('.')[0] ?? '', version ?? ''].map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  // By path: the KEDA package does not export its schemas.
  const file =
    group === 'keda.sh'
      ? `@kubernetes-models/keda/_schemas/ComGithubKedacoreKedaV2ApisKeda${words[1] ?? ''}${kind}.js`
      : `kubernetes-models/_schemas/IoK8sApi${words.join('')}${kind}.js`;
  return new URL(`../../node_modules/${file}`, import.meta.url).pathname;
}

/**
 * A copy that takes a field's path out of `unread` once somebody reads the field. A compiled schema reads each property
 * it knows and every entry of a map, so what stays is unknown to it.
 */
function watched(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const children = Object.entries(value).map(([key, child]) => {
    const childPath = `${path}/${key}`;
    if (!Array.isArray(value)) unread.add(childPath);
    return [key, watched(child, childPath, unread)] as const;
  });
  const copy: object = Array.isArray(value) ? children.map(([, child]) => child) : Object.fromEntries(children);
  return new Proxy(copy, {
    get(target, key, receiver) {
      unread.delete(`${path}/${String(key)}`);
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
}
