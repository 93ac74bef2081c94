/** Branded UUID v4 strings: the compiler keeps a file's id out of a place that wants a tenant's (mission M39). */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Branded<'TenantId'>;
export type UserId = Branded<'UserId'>;
export type FileId = Branded<'FileId'>;
export type VersionId = Branded<'VersionId'>;
export type AccessGroupId = Branded<'AccessGroupId'>;
export type FolderId = Branded<'FolderId'>;
export type WebhookId = Branded<'WebhookId'>;
export type WebhookDeliveryId = Branded<'WebhookDeliveryId'>;
export type RescanRunId = Branded<'RescanRunId'>;

type AnyId =
  TenantId | UserId | FileId | VersionId | AccessGroupId | FolderId | WebhookId | WebhookDeliveryId | RescanRunId;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for a lower-case RFC 9562 UUID of any version; upper case is refused so that one id has one spelling. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** Narrows a checked string to a branded id; throws a `TypeError` for anything that is not a UUID. */
export function asId<Id extends AnyId>(value: string): Id {
  if (!isUuid(value)) throw new TypeError('not a UUID');
  return value as Id;
}

/** A fresh UUID v4. */
export function newId<Id extends AnyId>(): Id {
  return crypto.randomUUID() as unknown as Id;
}
