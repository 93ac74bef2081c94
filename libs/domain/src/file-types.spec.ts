import fc from 'fast-check';
import { downloadName, FILE_TYPES, fileTypeFor, mimeEssence, sniffAgrees } from './file-types.js';

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

  it('M10 takes SVG with and without an XML declaration, and text in whatever text format', () => {
    for (const sniffed of ['image/svg+xml', 'application/xml']) {
      expect(sniffAgrees(fileTypeFor('image/svg+xml'), sniffed)).toBe(true);
      expect(sniffAgrees(fileTypeFor('text/plain'), sniffed)).toBe(true);
      expect(sniffAgrees(fileTypeFor('image/png'), sniffed)).toBe(false);
      expect(sniffAgrees(fileTypeFor('application/pdf'), sniffed)).toBe(false);
      expect(sniffAgrees(fileTypeFor('application/json'), sniffed)).toBe(false);
    }
    expect(sniffAgrees(fileTypeFor('image/svg+xml'), null)).toBe(false);
  });

  it('M10 S19 takes a document for its zip, but not a macro document for a document', () => {
    const docx = fileTypeFor('application/vnd.openxmlformats-officedocument.wordprocessingml.document');
    expect(sniffAgrees(docx, 'application/zip')).toBe(true);
    expect(sniffAgrees(docx, 'application/vnd.ms-word.document.macroenabled.12')).toBe(false);
    expect(fileTypeFor('application/vnd.ms-word.document.macroEnabled.12').id).toBe('binary');
  });

  it('S22 derives from formats with a decoder of ours only, never from SVG', () => {
    const derived = FILE_TYPES.filter(({ derivation }) => derivation !== null).map(({ id }) => id);
    expect(derived).toEqual(['jpeg', 'png', 'webp', 'gif', 'avif', 'pdf']);
    for (const { derivation, thumbnails } of FILE_TYPES) expect(thumbnails.length > 0).toBe(derivation !== null);
  });

  it.each([
    ['report.PDF', 'application/pdf', 'report.PDF'],
    ['report', 'application/pdf', 'report.pdf'],
    ['photo.jpeg', 'image/jpeg', 'photo.jpeg'],
    ['setup.exe', 'image/png', 'setup.exe.png'],
    ['archive.tar', 'application/x-unknown', 'archive.tar'],
    ['a.d/b', 'text/csv', 'a.d/b.csv'],
  ])('M32 saves %s of %s as %s', (filename, mimeType, expected) => {
    expect(downloadName(filename, fileTypeFor(mimeType))).toBe(expected);
  });
});
