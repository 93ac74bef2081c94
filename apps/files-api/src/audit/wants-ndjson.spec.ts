import { wantsNdjson } from './wants-ndjson.js';

describe('wantsNdjson', () => {
  it.each([
    ['application/x-ndjson', true],
    ['Application/X-NDJSON; q=0.5, */*;q=0.1', true],
    ['application/json;q=0.9, application/x-ndjson', true],
    ['application/json, application/x-ndjson;q=0.9', false],
    ['application/x-ndjson;q=0', false],
    ['application/x-ndjson;q=high', false],
    ['*/*', false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (accept, wanted) => {
    expect(wantsNdjson(accept)).toBe(wanted);
  });
});
