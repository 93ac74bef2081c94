import fc from 'fast-check';
import { newId, type FileId, type TenantId, type VersionId } from './ids.js';
import {
  derivedPrefix,
  objectKey,
  parseDerivedKey,
  parseObjectKey,
  parseStagingKey,
  stagingKey,
  thumbnailKey,
} from './object-keys.js';

const ref = () => ({ tenantId: newId<TenantId>(), fileId: newId<FileId>(), versionId: newId<VersionId>() });

describe('object keys', () => {
  it('M16 M17 holds ids only, and a staging key reads back', () => {
    const one = ref();
    expect(stagingKey(one)).toBe(`${one.tenantId}/staging/${one.fileId}/${one.versionId}`);
    expect(objectKey(one, 'documents')).toBe(`${one.tenantId}/documents/${one.fileId}/${one.versionId}`);
    expect(parseStagingKey(stagingKey(one))).toEqual(one);
    expect(parseObjectKey(objectKey(one, 'documents'))).toEqual({ ...one, bucket: 'documents' });
  });

  it('reads nothing out of a foreign key', () => {
    const one = ref();
    expect(parseStagingKey(objectKey(one, 'documents'))).toBeNull();
    expect(parseStagingKey(`${stagingKey(one)}/more`)).toBeNull();
    expect(parseObjectKey(stagingKey(one))).toBeNull();
    expect(parseObjectKey(`${objectKey(one, 'assets')}/more`)).toBeNull();
    fc.assert(fc.property(fc.string(), (key) => parseStagingKey(key) === null && parseObjectKey(key) === null));
  });

  it('M25 keeps derived data apart from what was uploaded', () => {
    const one = ref();
    const key = thumbnailKey(one, 128, 'jpeg');
    expect(key).toBe(`${one.tenantId}/derived/${one.fileId}/${one.versionId}/thumb-128.jpg`);
    expect(key.startsWith(derivedPrefix(one))).toBe(true);
    expect(parseDerivedKey(key)).toEqual(one);
    expect(parseDerivedKey(thumbnailKey(one, 512, 'webp'))).toEqual(one);
    expect([parseObjectKey(key), parseStagingKey(key)]).toEqual([null, null]);
    for (const other of [objectKey(one, 'assets'), stagingKey(one), `${key}/more`, key.replace('thumb', 'x')])
      expect(parseDerivedKey(other)).toBeNull();
  });
});
