import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventParser } from './event-parser.js';

const read = (...pieces: string[]) => {
  const parser = new EventParser();
  return { events: pieces.flatMap((piece) => [...parser.feed(piece)]), parser };
};

describe('EventParser', () => {
  it('reads events, comments, retry and a block that has an id alone', () => {
    const { events, parser } = read(
      'retry: 2816\n\nevent: file.status\nid: 1\ndata: {"a":1}\n\n: heartbeat\nid: 2\n\n',
    );
    expect(events).toEqual([
      { event: 'file.status', id: '1', data: '{"a":1}' },
      { event: 'message', id: '2', data: undefined },
    ]);
    expect(parser.retryMs).toBe(2816);
  });

  it('joins several lines of data, drops one space, knows fields without a colon', () => {
    expect(read('data:a\ndata:  b\ndata\n\n').events).toEqual([{ event: 'message', id: undefined, data: 'a\n b\n' }]);
  });

  it('does not dispatch what has not ended', () => {
    expect(read('data: a\n').events).toEqual([]);
  });

  it('says the same wherever the text is cut and whatever ends a line', () => {
    const lines = ['event: x', 'id: 7', 'data: one', 'data: two', '', ': c', 'data: three', '', ''];
    const expected = read(lines.join('\n')).events;
    expect(expected).toHaveLength(2);
    fc.assert(
      fc.property(fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat(90)), (end, cuts) => {
        // A lone CR at the very end may be half of a CRLF, so something follows.
        const text = `${lines.join(end)}${end === '\r' ? ': after' : ''}`;
        const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((to, index) => text.slice(places[index], to));
        expect(read(...pieces).events).toEqual(expected);
      }),
    );
  });
});
