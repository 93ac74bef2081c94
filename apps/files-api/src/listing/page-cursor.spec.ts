import { newId, type FileId } from '@custody/domain';
import fc from 'fast-check';
import { readCursor, writeCursor } from './page-cursor.js';

const order = { sort: 'createdAt', order: 'desc' } as const;

describe('a page cursor', () => {
  it('says where the page ended', () => {
    const position = { at: new Date('2026-11-21T10:00:00.123Z'), fileId: newId<FileId>() };
    expect(readCursor(writeCursor(order, position), order)).toEqual(position);
  });

  it('is of one order only', () => {
    const cursor = writeCursor(order, { at: new Date(), fileId: newId<FileId>() });
    expect(readCursor(cursor, { ...order, order: 'asc' })).toBeNull();
    expect(readCursor(cursor, { ...order, sort: 'updatedAt' })).toBeNull();
  });

  it('is never anything we did not write', () => {
    const encoded = fc.json().map((text) => Buffer.from(text).toString('base64url'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), encoded), (text) => {
        expect(readCursor(text, order)).toBeNull();
      }),
    );
  });
});
