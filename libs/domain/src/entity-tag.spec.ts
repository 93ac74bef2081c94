import { allowsRange, matchesAny, strongTags } from './entity-tag.js';

describe('entity tags', () => {
  it.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    [' * ', true],
    ['"b"', false],
    ['a', false],
    ['"aa"', false],
    ['"*"', false],
    [undefined, false],
  ])('If-None-Match %p names "a": %p', (header, expected) => {
    expect(matchesAny(header, '"a"')).toBe(expected);
  });

  it.each([
    [undefined, true],
    ['"a"', true],
    ['W/"a"', false],
    ['"b"', false],
    ['Sat, 21 Nov 2026 10:00:00 GMT', false],
  ])('If-Range %p allows a range of "a": %p', (header, expected) => {
    expect(allowsRange(header, '"a"')).toBe(expected);
  });
});

it.each([
  [undefined, null],
  ['*', null],
  ['"1-a"', ['1-a']],
  ['"1-a", W/"2-b" ,"3,c"', ['1-a', '3,c']],
  ['1-a', []],
  ['', []],
])('If-Match %p lets %p pass', (header, tags) => {
  expect(strongTags(header)).toEqual(tags);
});
