import type { Client } from '../harness/client.js';
import type { System } from '../harness/system.js';

/** What the steps of one product share: its caller, and what earlier steps left for later ones. */
export interface Scene {
  readonly system: System;
  readonly client: Client;
  /** Of earlier steps, by name. */
  readonly left: Map<string, string>;
}

/** One line of the mapping page: the call as the page writes it, and the doing of it. */
export type Step = readonly [here: string, run: (scene: Scene) => Promise<void>];

/** What an earlier step left. */
export function left({ left: notes }: Scene, name: string): string {
  const value = notes.get(name);
  if (value === undefined) throw new Error(`no earlier step left ${name}`);
  return value;
}

/** A call that must be answered with this status; its body. */
export async function answered(
  { client }: Scene,
  status: number,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const answer = await client.call(method, path, body, headers);
  if (answer.status !== status)
    throw new Error(`${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

/** Presigns, and leaves the answer for {@link put} and the id for everybody. */
export async function presigned(scene: Scene, path: string, bytes: Uint8Array, fields: object = {}): Promise<void> {
  const body = { filename: 'video.bin', mimeType: 'application/octet-stream', bucket: 'documents', ...fields };
  const answer = await answered(scene, 201, 'POST', path, { ...body, size: bytes.length });
  scene.left.set('fileId', answer.body.fileId as string);
  scene.left.set('presigned', JSON.stringify(answer.body));
  scene.left.set('bytes', Buffer.from(bytes).toString('base64'));
}

/** PUTs what was presigned last, with the headers that came with the URL and no others. */
export async function put(scene: Scene): Promise<void> {
  const { uploadUrl, headers } = JSON.parse(left(scene, 'presigned')) as {
    uploadUrl: string;
    headers: Record<string, string>;
  };
  const body = Buffer.from(left(scene, 'bytes'), 'base64');
  const response = await fetch(uploadUrl, { method: 'PUT', headers, body });
  if (response.status !== 200) throw new Error(`PUT answered ${response.status} ${await response.text()}`);
}

export async function confirmed(scene: Scene, body?: object): Promise<void> {
  await answered(scene, 200, 'POST', `/v1/files/presign/${left(scene, 'fileId')}/confirm`, body);
}

/** The data of a GraphQL operation that must have no errors. */
export async function graphql(scene: Scene, query: string, variables: object): Promise<Record<string, unknown>> {
  const { body } = await answered(scene, 200, 'POST', '/graphql', { query, variables });
  const { data, errors } = body as { data: Record<string, unknown>; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}
