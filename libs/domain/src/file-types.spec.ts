import fc from 'fast-check';
import { FILE_TYPES, fileTypeFor, mimeEssence, sniffAgrees } from './file-types.js';

describe('file types', () => {
  it('M11 coerces whatever is not listed to octet-stream, never throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const found = fileTypeFor(text);
        expect(found.mimeType === 'application/octet-stream' || found.mimeType === mimeEssence(text)).toBe(true);
      }),
    );
    expect(fileTypeFor('text/html')).toMatchObject({ mimeType: 'application/octet-stream', disposition: 'attachment' });
    expect(fileTypeFor('Image/PNG; charset=x').id).toBe('png');
  });

  it('M9 limits every image to 10 MiB and nothing executable is inline', () => {
    for (const fileType of FILE_TYPES) {
      if (fileType.category === 'image') expect(fileType.maxSize).toBe(10 * 1024 * 1024);
      expect(['image/svg+xml', 'application/xml', 'application/octet-stream']).not.toContain(
        fileType.disposition === 'inline' ? fileType.mimeType : '',
      );
    }
    expect(new Set(FILE_TYPES.map((fileType) => fileType.id)).size).toBe(FILE_TYPES.length);
  });

  it('M10 compares declared and sniffed types', () => {
    expect(sniffAgrees(fileTypeFor('image/png'), 'image/png')).toBe(true);
    expect(sniffAgrees(fileTypeFor('image/png'), null)).toBe(false);
    expect(sniffAgrees(fileTypeFor('image/png'), 'application/x-msdownload')).toBe(false);
    expect(sniffAgrees(fileTypeFor('text/plain'), null)).toBe(true);
    expect(sniffAgrees(fileTypeFor('text/plain'), 'application/pdf')).toBe(false);
    expect(sniffAgrees(fileTypeFor('application/x-unknown'), 'application/pdf')).toBe(true);
  });
});
