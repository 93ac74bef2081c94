import type { Client } from './client.js';

/** One operation as the running service publishes it: a new door is tested from the day it exists. */
export interface Door {
  readonly method: string;
  readonly path: string;
  readonly scope: string | undefined;
}

interface Operation {
  readonly security?: readonly Record<string, readonly string[]>[];
}

const METHOD = /^(get|head|put|post|patch|delete)$/;

/** Every operation of the service's own `/openapi.json`. */
export async function doorsOf(client: Client): Promise<Door[]> {
  const { body } = await client.call('GET', '/openapi.json');
  return Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => METHOD.test(method))
      .map(([method, { security }]) => ({
        method: method.toUpperCase(),
        path,
        scope: security?.[0] && Object.values(security[0])[0]?.[0],
      })),
  );
}

/** What a door answers, without what differs between any two requests. `names` stand in for the parameters of its path. */
export async function knock(
  client: Client,
  { method, path }: Door,
  names: Readonly<Record<string, string>>,
): Promise<{ status: number; body: unknown }> {
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? name));
  const { status, body } = await client.call(method, url, /POST|PUT|PATCH/.test(method) ? {} : undefined);
  if (typeof body !== 'object' || body === null) return { status, body };
  const { requestId: _id, instance: _instance, ...rest } = body as Record<string, unknown>;
  return { status, body: rest };
}
