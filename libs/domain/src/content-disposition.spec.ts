import fc from 'fast-check';
import { contentDisposition } from './content-disposition.js';

/** RFC 6266 `disposition`, with the extended value of RFC 8187, and nothing more lenient. */
const GRAMMAR = new RegExp(
  '^(?<type>inline|attachment); filename="(?<plain>[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]+)"' +
    "(?:; filename\\*=UTF-8''(?<extended>(?:%[0-9A-F]{2}|[A-Za-z0-9!#$&+.^_`|~-])+))?$",
);

/** What a client that knows RFC 6266 would save the file as. */
function savedName(header: string): string {
  const groups = GRAMMAR.exec(header)?.groups;
  if (groups === undefined) throw new Error(`not a valid header: ${header}`);
  return groups['extended'] === undefined ? (groups['plain'] ?? '') : decodeURIComponent(groups['extended']);
}

describe('S25 contentDisposition', () => {
  it.each([
    ['report.pdf', 'attachment; filename="report.pdf"'],
    ['my report (final).pdf', 'attachment; filename="my report (final).pdf"'],
    ['naïve.txt', `attachment; filename="naive.txt"; filename*=UTF-8''na%C3%AFve.txt`],
    ['€ rates.txt', `attachment; filename="_ rates.txt"; filename*=UTF-8''%E2%82%AC%20rates.txt`],
    ["it's*.txt", `attachment; filename="it's*.txt"`],
    ["ü'()*.txt", `attachment; filename="u'()*.txt"; filename*=UTF-8''%C3%BC%27%28%29%2A.txt`],
    ['50%.txt', `attachment; filename="50_.txt"; filename*=UTF-8''50%25.txt`],
  ])('%j', (filename, header) => {
    expect(contentDisposition('attachment', filename)).toBe(header);
  });

  it.each([
    ['a\r\nSet-Cookie: x=1.txt', 'aSet-Cookie: x=1.txt'],
    ['say "hi".txt', 'say "hi".txt'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\cv.doc', 'cv.doc'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['a\0b.txt', 'ab.txt'],
    ['file.exe. . ', 'file.exe'],
    ['\uD800lone.txt', '\uFFFDlone.txt'],
    ['', 'download'],
    ['..', 'download'],
    ['dir/', 'download'],
    ['\u2066\u2069', 'download'],
  ])('%j is saved as %j', (filename, saved) => {
    expect(savedName(contentDisposition('attachment', filename))).toBe(saved);
  });

  it('shortens 5,000 characters and keeps the extension', () => {
    for (const stem of ['x', 'é', '漢', '👩🏽‍🚀']) {
      const saved = savedName(contentDisposition('attachment', `${stem.repeat(5_000)}.tar.gz`));
      expect(Buffer.byteLength(saved)).toBeLessThanOrEqual(240);
      expect(Buffer.byteLength(saved)).toBeGreaterThan(200);
      expect(saved.endsWith('.gz')).toBe(true);
    }
    expect(savedName(contentDisposition('inline', `a.${'x'.repeat(5_000)}`))).toHaveLength(240);
  });

  it('makes one valid header of any string', () => {
    const nasty = fc.constantFrom(
      '\r',
      '\n',
      '"',
      '\\',
      '/',
      '%',
      "'",
      ';',
      '\u202E',
      '\0',
      '.',
      ' ',
      '\uD83D',
      '\uFEFF',
      '\u0085',
    );
    const names = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc.string({ unit: 'grapheme', maxLength: 600 }),
      fc.array(fc.oneof(nasty, fc.string({ maxLength: 3 })), { maxLength: 60 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(names, fc.constantFrom('inline' as const, 'attachment' as const), (filename, type) => {
        const header = contentDisposition(type, filename);
        const saved = savedName(header);
        expect(header.startsWith(`${type}; `)).toBe(true);
        expect(header.length).toBeLessThan(1_200);
        expect(saved).not.toMatch(/[/\\\p{Cc}\p{Bidi_Control}]|^\.{0,2}$|[. ]$/u);
        expect(contentDisposition(type, saved)).toBe(header);
      }),
      { numRuns: 3_000 },
    );
  });

  it('keeps an ordinary name as it is', () => {
    const words = fc.stringMatching(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,20}\.[a-z0-9]{1,5}$/u);
    fc.assert(
      fc.property(words, (filename) => {
        expect(savedName(contentDisposition('attachment', filename))).toBe(filename.normalize('NFC'));
      }),
    );
  });
});
