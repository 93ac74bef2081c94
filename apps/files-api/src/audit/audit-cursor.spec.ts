import fc from 'fast-check';
import { readCursor, writeCursor } from './audit-cursor.js';

describe('a cursor of the audit log', () => {
  const position = { at: new Date('2026-11-21T10:00:00.123Z'), id: 4_711 };

  it('says where the page ended, under its order only', () => {
    expect(readCursor(writeCursor('asc', position), 'asc')).toEqual(position);
    expect(() => readCursor(writeCursor('asc', position), 'desc')).toThrow();
    expect(readCursor(undefined, 'asc')).toBeNull();
  });

  it('is never anything we did not write', () => {
    const encoded = fc.json().map((text) => Buffer.from(text).toString('base64url'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), encoded), (text) => {
        expect(() => readCursor(text, 'desc')).toThrow(expect.objectContaining({ code: 'validation-error' }));
      }),
    );
  });
});
