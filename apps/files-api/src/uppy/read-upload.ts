import { validated } from '../requests/validation.js';
import { uppyUploadSchema, type UppyUpload } from './uppy.schema.js';

/** How Uppy writes that a file has no such thing: `String(null)` in a query. */
const ABSENT: readonly unknown[] = [undefined, null, '', 'null', 'undefined'];
const MEMBER = /^metadata\[(.*)\]$/;

/** The file that a query describes: `filename`, `type`, `metadata[name]`. Throws `validation-error`. */
export function uploadOfQuery(query: Readonly<Record<string, unknown>>): UppyUpload {
  const members = Object.entries(query).flatMap(([name, value]) => {
    const member = MEMBER.exec(name)?.[1];
    return member === undefined ? [] : [[member, value] as const];
  });
  const { filename, type } = query;
  return uploadOfBody({ filename, type, metadata: Object.fromEntries(members) });
}

/** The file that a body describes. Throws `validation-error`. */
export function uploadOfBody(body: unknown): UppyUpload {
  const upload = isObject(body) ? present(body) : {};
  const { metadata } = upload;
  return validated(uppyUploadSchema, { ...upload, ...(isObject(metadata) && { metadata: present(metadata) }) });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const present = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => !ABSENT.includes(value)));
