import { uploadOfBody, uploadOfQuery } from './read-upload.js';

const folderId = 'AC9E3F54-64A1-4F7B-8A0B-3F8F1D4B2C11';

describe('what Uppy says of a file', () => {
  it('is the same in a query and in a body', () => {
    const query = {
      ...{ filename: 'a b.pdf', type: 'application/pdf', 'metadata[name]': 'B.pdf', 'metadata[size]': '12' },
      ...{ 'metadata[bucket]': 'documents', 'metadata[folderId]': folderId, 'metadata[caption]': 'Hall' },
      ...{ 'metadata[subject]': 'case:1:2', 'metadata[metadata]': '{"a":1}', other: 'x' },
    };
    const metadata = {
      ...{ name: 'B.pdf', size: 12, bucket: 'documents', folderId, caption: 'Hall' },
      ...{ subject: 'case:1:2', metadata: { a: 1 } },
    };
    const expected = {
      ...{ filename: 'a b.pdf', type: 'application/pdf' },
      metadata: { ...metadata, folderId: folderId.toLowerCase(), subject: { type: 'case', id: '1:2' } },
    };
    expect(uploadOfQuery(query)).toEqual(expected);
    expect(uploadOfBody({ filename: 'a b.pdf', type: 'application/pdf', metadata })).toEqual(expected);
  });

  it('leaves out what is not there, however it is written', () => {
    const absent = { folderId: 'null', relativePath: null, accessGroupId: '', sha256: 'undefined', note: undefined };
    const expected = { filename: 'a', type: 'application/octet-stream', metadata: {} };
    expect(uploadOfBody({ filename: 'a', type: '', metadata: absent })).toEqual(expected);
    expect(uploadOfQuery({ filename: 'a', type: 'undefined', 'metadata[folderId]': 'null' })).toEqual(expected);
  });

  it.each([
    [undefined, '/filename'],
    [{ filename: 'a', metadata: [] }, '/metadata'],
    [{ filename: ['a', 'b'] }, '/filename'],
    [{ filename: 'a', metadata: { size: 0 } }, '/metadata/size'],
    [{ filename: 'a', metadata: { size: '1e400' } }, '/metadata/size'],
    [{ filename: 'a', metadata: { metadata: '[' } }, '/metadata/metadata'],
    [{ filename: 'a', metadata: { fileId: 'x' } }, '/metadata/fileId'],
  ])('refuses %j at %s', (body, pointer) => {
    expect(() => uploadOfBody(body)).toThrow(
      expect.objectContaining({ code: 'validation-error', errors: [expect.objectContaining({ pointer })] }),
    );
  });
});
