import fc from 'fast-check';
import { sniffMimeType } from './sniff.js';

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));

describe('sniffMimeType', () => {
  it.each([
    ['a PDF', bytes('%PDF-1.7\n', [0xe2, 0xe3, 0xcf, 0xd3]), 'application/pdf'],
    ['a PNG', bytes([0x89], 'PNG\r\n', [0x1a, 0x0a, 0, 0, 0, 13], 'IHDR', Array<number>(25).fill(0)), 'image/png'],
    ['an XML prolog', bytes('<?xml version="1.0"?><svg/>'), 'application/xml'],
    ['an SVG without an XML declaration', bytes('\n<!-- a > b -->\n<svg xmlns="x"/>'), 'image/svg+xml'],
    [
      'an SVG behind a byte order mark and a doctype',
      bytes([0xef, 0xbb, 0xbf], '<!DOCTYPE svg><svg>'),
      'image/svg+xml',
    ],
    ['no SVG in other markup', bytes('<!-- <svg> --><div><svg></svg></div>'), null],
    ['no SVG in an unended comment', bytes('<!-- <svg/>'), null],
    ['a Windows program', bytes('MZ', Array<number>(126).fill(0)), 'application/x-msdownload'],
    ['plain text', bytes('name,size\na,1\n'), null],
    ['a single byte', bytes('x'), null],
    ['no bytes', bytes(), null],
  ])('knows %s', async (_, head, expected) => {
    expect(await sniffMimeType(head)).toBe(expected);
  });

  it('never throws, whatever the bytes say about themselves', async () => {
    const magic = fc.constantFrom(
      'PK\x03\x04',
      'RIFF',
      '\x1f\x8b',
      'ftypisom',
      '%PDF',
      'II*\0',
      'OggS',
      '\x1aE\xdf\xa3',
    );
    const rest = fc.uint8Array({ maxLength: 600 });
    await fc.assert(
      fc.asyncProperty(magic, rest, async (start, tail) => {
        const found = await sniffMimeType(bytes(start, [...tail]));
        expect(found === null || /^[\w.+-]+\/[\w.+-]+$/.test(found)).toBe(true);
      }),
    );
  });
});
