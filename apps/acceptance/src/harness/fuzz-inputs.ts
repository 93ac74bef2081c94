import fc from 'fast-check';
import { anyText, headerText, inQuery } from './fuzzing.js';

/** Names of every kind, some around the limit of 5,000 characters. */
export const filenames = fc.oneof(
  { weight: 40, arbitrary: anyText(200) },
  { weight: 1, arbitrary: fc.integer({ min: 4_990, max: 5_010 }).map((length) => 'я'.repeat(length)) },
);

/** Bodies of a presign: names, types, sizes and metadata nobody would send. */
export const presigns = fc.record({
  filename: fc.oneof(anyText(100), fc.constant('a.txt')),
  mimeType: fc.oneof(
    anyText(80),
    fc.constantFrom('image/png', 'text/html', 'application/pdf', 'image/svg+xml'),
    fc.stringMatching(/^[a-z]{1,9}\/[a-z0-9.+-]{1,20}(; ?[a-z]{1,5}=[a-z0-9 "]{0,5})?$/),
    headerText(60),
  ),
  bucket: fc.constantFrom('documents', 'assets'),
  size: fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.constantFrom(0, -1, 2 ** 53, 1.5, 1e21)),
  metadata: fc.oneof(fc.dictionary(anyText(20), fc.jsonValue(), { maxKeys: 4 }), fc.jsonValue()),
});

/** Headers that choose a part of a file of about 200 bytes. */
export function rangeHeaders(): fc.Arbitrary<Record<string, string>> {
  const number = fc.oneof(
    fc.integer({ min: 0, max: 300 }),
    fc.constantFrom('', '99999999999999999999', '-1', '0x1', '1e3'),
  );
  const specs = fc.array(
    fc.tuple(number, number).map(([first, last]) => `${first}-${last}`),
    { maxLength: 4 },
  );
  const range = fc.oneof(
    fc
      .tuple(fc.constantFrom('bytes', 'Bytes', 'lines', 'bytes '), specs)
      .map(([unit, set]) => `${unit}=${set.join(',')}`),
    headerText(60),
  );
  const tag = fc.oneof(headerText(70), fc.constantFrom('*', '"x"', 'W/"x"', '"', ',,', new Date(0).toUTCString()));
  const rare = fc.option(tag, { nil: undefined, freq: 1 });
  return fc
    .record({ range, 'if-range': rare, 'if-none-match': rare })
    .map((headers) =>
      Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    );
}

/** Cursors: text, and what ours look like inside. `theirs` are ids and a cursor of another tenant. */
export function cursors(theirs: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const encoded = (values: fc.Arbitrary<unknown>) =>
    values.map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'));
  const near = fc.tuple(
    fc.constantFrom('createdAt', 'updatedAt', 'x'),
    fc.constantFrom('asc', 'desc'),
    fc.oneof(fc.double(), fc.maxSafeInteger(), fc.constantFrom(0, 8.64e15, 253_402_300_799_999)),
    fc.oneof(fc.uuid(), theirs, fc.string()),
  );
  const position = fc.array(
    fc.oneof(
      fc.uuid(),
      theirs,
      anyText(30),
      fc.date().map((date) => JSON.stringify(date)),
    ),
    { maxLength: 3 },
  );
  return fc.oneof(
    anyText(),
    encoded(near),
    encoded(position),
    encoded(fc.jsonValue()),
    theirs,
    fc.base64String({ maxLength: 600 }),
  );
}

/** Queries of the listing: metadata in all its spellings, and every other filter. */
export function filterQueries(theirs: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const metadata = fc.oneof(
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify({ a: value })),
    anyText(),
  );
  const named = fc.constantFrom(
    ...[
      'externalId',
      'name',
      'filename',
      'mimeType',
      'subject',
      'id',
      'createdBy',
      'folder',
      'createdFrom',
      'updatedTo',
      'sort',
      'limit',
    ],
  );
  const filter = fc.oneof(
    fc.tuple(fc.constant('metadata'), metadata),
    fc.tuple(
      anyText(20).map((name) => `metadata.${name}`),
      anyText(),
    ),
    fc.tuple(named, fc.oneof(anyText(), theirs)),
    fc.tuple(
      fc.constant('subject'),
      anyText(30).map((id) => `case:${id}`),
    ),
  );
  return fc
    .array(filter, { minLength: 1, maxLength: 3 })
    .map((query) => query.map(([name, value]) => `${inQuery(name)}=${inQuery(value)}`).join('&'));
}

export interface AnyRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** Any method on any path with any JSON. */
export function requests(theirs: fc.Arbitrary<string>): fc.Arbitrary<AnyRequest> {
  const segment = fc.oneof(
    anyText(40).map(inQuery),
    theirs,
    fc.uuid(),
    fc.constantFrom('..', '%', '%zz', '%ff', '*', '.'),
  );
  const start = fc.constantFrom(
    ...['/v1/files', '/v1/folders', '/v1/subjects', '/v1/access-groups', '/v1/audit', '/api/v1/files', '/internal', ''],
  );
  const end = fc.constantFrom(
    ...['', '/content', '/confirm', '/shares', '/versions', '/subjects', '/download-url', '/thumbnail-url?size=1'],
  );
  const path = fc
    .tuple(start, fc.array(segment, { maxLength: 4 }), end)
    .map(([first, segments, last]) => `${[first, ...segments].join('/') || '/'}${last}`)
    // What Node lets a client send.
    .map((text) => text.replace(/[^\x21-\x7e]/g, ''));
  const member = fc.constantFrom(
    'filename',
    'folderId',
    'parentId',
    'name',
    'metadata',
    'notes',
    'userId',
    'expiresIn',
  );
  const body = fc.oneof(fc.jsonValue(), anyText(), fc.dictionary(member, fc.oneof(fc.jsonValue(), theirs)));
  return fc.record({ method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'), path, body });
}

/** Event notifications of the store, nearly right and all wrong. */
export function storeEvents(theirs: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const key = fc.oneof(
    anyText(80),
    fc.tuple(theirs, theirs, fc.uuid()).map(([tenant, file, version]) => `${tenant}/staging/${file}/${version}`),
  );
  const object = fc.record({ key, size: fc.jsonValue(), eTag: fc.jsonValue(), versionId: fc.jsonValue() });
  const eventName = fc.oneof(fc.constantFrom('s3:ObjectCreated:Put', 'ObjectCreated:Put'), anyText(20));
  const record = fc.record({ eventName, s3: fc.oneof(fc.record({ object }), fc.jsonValue()) }, { requiredKeys: [] });
  return fc.oneof(fc.record({ Records: fc.oneof(fc.array(record, { maxLength: 3 }), fc.jsonValue()) }), fc.jsonValue());
}

/** Attach events: rubbish, rubbish of the right shape, and well-formed ones of `tenantId` about files it does not have. */
export function attachEvents(tenantId: string, theirs: readonly string[]): fc.Arbitrary<unknown> {
  const member = fc.oneof(fc.jsonValue(), anyText(50), fc.constantFrom(...theirs));
  const subject = fc.oneof(member, fc.record({ type: member, id: member }));
  const shape = {
    eventId: member,
    tenantId: member,
    fileId: member,
    subject,
    actorId: member,
    occurredAt: member,
    meta: member,
  };
  const stolen = fc.record({
    eventId: fc.uuid({ version: 4 }),
    tenantId: fc.constant(tenantId),
    fileId: fc.constantFrom(...theirs),
    subject: fc.record({ type: fc.constant('case'), id: fc.string({ minLength: 1, maxLength: 20 }) }),
    actorId: fc.uuid({ version: 4 }),
    occurredAt: fc.constant('2026-11-21T12:00:00Z'),
  });
  return fc.oneof(fc.jsonValue(), fc.record(shape, { requiredKeys: [] }), stolen);
}
