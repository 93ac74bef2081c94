import fc from 'fast-check';
import { fingerprintOf } from './fingerprint.js';
import { keyOf } from './idempotency-key.js';

const visible = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 255,
});

describe('the Idempotency-Key header', () => {
  it('reads every String of RFC 9651 as its text, and a bare key as itself', () => {
    fc.assert(
      fc.property(visible, (text) => {
        expect(keyOf(`"${text.replace(/["\\]/g, '\\$&')}"`)).toBe(text);
        if (/^[^\s"]+$/.test(text)) expect(keyOf(text)).toBe(text);
      }),
    );
    expect(keyOf(undefined)).toBeUndefined();
  });

  it.each(['', '""', '"a', 'a b', '"a";p=1', '"a\\b"', 'é', 'x'.repeat(256), 'a\u0000'])('refuses %j', (header) => {
    expect(() => keyOf(header)).toThrow(expect.objectContaining({ code: 'validation-error' }));
  });

  it('refuses the header given twice', () => {
    expect(() => keyOf(['a', 'b'])).toThrow();
    expect(() => keyOf('a, b')).toThrow();
  });
});

describe('the fingerprint', () => {
  it('is the same for the members in any order, and differs with the method, the path and any value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (body, other) => {
        const turned = Object.fromEntries(Object.entries(body).reverse());
        const one = fingerprintOf('POST', '/a', body);
        expect(fingerprintOf('POST', '/a', turned)).toBe(one);
        expect(fingerprintOf('PUT', '/a', body)).not.toBe(one);
        expect(fingerprintOf('POST', '/b', body)).not.toBe(one);
        expect(fingerprintOf('POST', '/a', { ...body, more: [other] })).not.toBe(
          fingerprintOf('POST', '/a', { ...body, more: [[other]] }),
        );
      }),
    );
  });

  it('tells an array from an object that looks like its own form', () => {
    expect(fingerprintOf('POST', '/', { a: 1 })).not.toBe(fingerprintOf('POST', '/', { members: [['a', 1]] }));
  });
});
