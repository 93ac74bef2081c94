import fc from 'fast-check';
import { parseScanReply } from './clamd-reply.js';

const reply = (text: string, complete = true) => parseScanReply(Buffer.from(text, 'latin1'), 10, complete);

describe('the answer of clamd', () => {
  it('is clean only as `stream: OK` after all bytes (S15)', () => {
    expect(reply('stream: OK\0')).toEqual({ kind: 'clean', bytes: 10, coverage: 'full' });
    expect(reply('stream: OK\0', false)).toMatchObject({ kind: 'retry', reason: 'protocol' });
  });

  it('is clean without coverage for what the engine skips', () => {
    expect(parseScanReply(Buffer.from('stream: OK\0'), 5, true)).toMatchObject({ coverage: 'too_small' });
    expect(parseScanReply(Buffer.from('stream: OK\0'), 6, true)).toMatchObject({ coverage: 'full' });
  });

  it.each([
    '',
    '\0',
    'stream: OK',
    'stream: OK\n',
    'stream: OK\0\0',
    'stream: OK\0stream: OK\0',
    'Stream: OK\0',
    'stream: ok\0',
    ' stream: OK\0',
    'stream: OK \0',
    'stream: FOUND\0',
    'stream:  FOUND\0',
    'UNKNOWN COMMAND\0',
    'PONG\0',
  ])('is a retry when it is %j (S15)', (text) =>
    expect(reply(text)).toMatchObject({ kind: 'retry', reason: 'protocol' }),
  );

  it('names the signature without the details of the member', () => {
    const found = { kind: 'infected', signature: 'Win.Test.EICAR_HDB-1' };
    expect(reply('stream: Win.Test.EICAR_HDB-1 FOUND\0')).toEqual(found);
    expect(reply(`stream: Win.Test.EICAR_HDB-1(${'0af'.repeat(10)}00:68) FOUND\0`)).toEqual(found);
    expect(reply('stream: Win.Test.EICAR_HDB-1 FOUND\0', false)).toMatchObject({ kind: 'retry' });
  });

  it.each([
    ['Heuristics.Limits.Exceeded.MaxFileSize', 'limits'],
    ['Heuristics.Limits.Exceeded.MaxRecursion', 'limits'],
    ['Heuristics.Encrypted.Zip', 'encrypted'],
    ['Heuristics.Encrypted.PDF', 'encrypted'],
  ])('calls %s unscannable, not infected (S14)', (signature, reason) => {
    expect(reply(`stream: ${signature} FOUND\0`)).toEqual({ kind: 'unscannable', reason, signature });
  });

  it('keeps other heuristics as findings', () => {
    expect(reply('stream: Heuristics.Phishing.Email FOUND\0')).toMatchObject({ kind: 'infected' });
  });

  it('says too large when clamd stopped reading, and retries its other errors', () => {
    expect(reply('INSTREAM size limit exceeded. ERROR\0', false)).toEqual({ kind: 'unscannable', reason: 'too_large' });
    expect(reply("stream: Can't allocate memory ERROR\0")).toMatchObject({ kind: 'retry', reason: 'engine_error' });
    expect(reply('COMMAND READ TIMED OUT ERROR\0', false)).toMatchObject({ kind: 'retry', reason: 'engine_error' });
  });

  it('is never clean for any other bytes', () => {
    const near = fc.constantFrom('stream: ', 'OK', 'FOUND', 'ERROR', '\0', '\n', ' ', 'x');
    const raw = fc.oneof(
      fc.uint8Array({ maxLength: 64 }).map((b) => Buffer.from(b)),
      fc.array(near, { maxLength: 8 }).map((p) => Buffer.from(p.join(''), 'latin1')),
    );
    fc.assert(
      fc.property(raw, fc.boolean(), (bytes, complete) => {
        const clean = parseScanReply(bytes, 10, complete).kind === 'clean';
        expect(clean).toBe(complete && bytes.equals(Buffer.from('stream: OK\0')));
      }),
      { numRuns: 5_000 },
    );
  });

  it('gives printable names and details only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const verdict = reply(`stream: ${name.replaceAll('\0', '')} FOUND\0`);
        expect(JSON.stringify(verdict)).toMatch(/^[\x20-\x7e]{1,700}$/);
      }),
    );
  });
});
