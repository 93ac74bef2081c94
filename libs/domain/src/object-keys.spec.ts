import fc from 'fast-check';
import { newId, type FileId, type TenantId, type VersionId } from './ids.js';
import { objectKey, parseObjectKey, parseStagingKey, stagingKey } from './object-keys.js';

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
});
