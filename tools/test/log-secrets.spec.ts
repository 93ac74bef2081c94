import { describe, expect, it } from '@jest/globals';
import { findLeaks, secretsIn } from './log-secrets.ts';

const jwt = ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTYifQ', 'c2lnbmF0dXJlLW9mLWl0'].join('.');

describe('findLeaks (S35)', () => {
  it.each([
    ['a signature in a URL', 'PUT /b/k?X-Amz-Signature=0123456789abcdef HTTP/1.1', 'presigned URL'],
    ['an encoded signature', 'next=%2Fk%3FX-Amz-Signature%3D0123456789abcdef', 'presigned URL'],
    ['a bearer token', `authorization: Bearer ${jwt}`, 'bearer token'],
    ['a naked token', `{"token":"${jwt}"}`, 'JSON web token'],
  ])('finds %s', (_what, line, kind) => {
    expect(findLeaks(`ready\n${line}\n`, [])).toContainEqual({ line: 2, kind });
  });

  it('finds the secrets of the stack and names the variable, not the value', () => {
    const secrets = secretsIn({ DATABASE_URL: 'postgresql://app:s3cr3t-p%40ss@127.0.0.1:5432/custody' });
    const leaks = findLeaks('connecting with s3cr3t-p@ss', secrets);
    expect(leaks).toEqual([{ line: 1, kind: 'DATABASE_URL' }]);
  });

  it('accepts what was redacted and words about secrets', () => {
    const log = 'X-Amz-Signature=[redacted]\nauthorization: Bearer [redacted]\nX-Amz-Signature is never logged';
    expect(findLeaks(log, [])).toEqual([]);
  });
});

describe('secretsIn', () => {
  it('takes keys, tokens and passwords in addresses, leaves addresses and names', () => {
    const names = secretsIn({
      S3_SECRET_ACCESS_KEY: '0123456789',
      FILES_S3_EVENTS_TOKEN: '0123456789',
      UPLOAD_TOKENS_KEY: '9876543210',
      REDIS_URL: 'redis://:0123456789@127.0.0.1:6379',
      TOKEN_URL: 'http://127.0.0.1:1/token',
      S3_ACCESS_KEY_ID: '0123456789',
      CLAMD_HOST: '127.0.0.1',
    }).map(({ name }) => name);
    expect(names).toEqual(['S3_SECRET_ACCESS_KEY', 'FILES_S3_EVENTS_TOKEN', 'UPLOAD_TOKENS_KEY', 'REDIS_URL']);
  });
});
