import { judge, type Declared, type Findings } from './judge.js';

const SHA = 'a'.repeat(64);
const declared: Declared = { mimeType: 'image/png', declaredSha256: SHA, oversize: 'hold' };
const findings: Findings = {
  verdict: { kind: 'clean', bytes: 10, coverage: 'full' },
  sha256: SHA,
  sniffed: 'image/png',
  engine: { engine: 'ClamAV 1', signatures: '1', signaturesAt: null },
  coverage: 'full',
  archive: null,
};
const wrong = { declaredSha256: 'b'.repeat(64), mimeType: 'application/pdf' };
const infected = { kind: 'infected', signature: 'Eicar' } as const;
const tooLarge = { kind: 'unscannable', reason: 'too_large' } as const;
const encrypted = { kind: 'unscannable', reason: 'encrypted', signature: 'Heuristics.Encrypted.Zip' } as const;

describe('judge', () => {
  it('S12 says how much a clean verdict speaks for', () => {
    expect(judge({ ...findings, coverage: 'windowed' }, declared)).toMatchObject({
      state: 'clean',
      coverage: 'windowed',
    });
  });

  it('says clean only when everything agrees', () => {
    expect(judge(findings, declared)).toEqual({
      state: 'clean',
      rejectReason: null,
      detail: null,
      verdict: 'clean',
      signature: null,
      coverage: 'full',
      engine: findings.engine,
      sha256: SHA,
      sniffedMimeType: 'image/png',
    });
  });

  it.each([
    ['malware before everything', { verdict: infected, archive: 'x' }, wrong, 'rejected', 'infected'],
    ['the hash before the type', {}, wrong, 'rejected', 'checksum_mismatch'],
    ['the type', { sniffed: null }, {}, 'rejected', 'mime_mismatch'],
    ['a contradiction before size', { verdict: tooLarge }, wrong, 'rejected', 'checksum_mismatch'],
    ['size by policy: hold', { verdict: tooLarge }, {}, 'held', null],
    ['size by policy: reject', { verdict: tooLarge }, { oversize: 'reject' as const }, 'rejected', 'unscannable'],
    ['encryption, whatever the policy', { verdict: encrypted }, {}, 'rejected', 'unscannable'],
    ['what cannot be seen inside', { archive: 'archive_ratio: more than 250 to 1' }, {}, 'rejected', 'unscannable'],
  ])('rules on %s', (_, found, said, state, rejectReason) => {
    const verdict = judge({ ...findings, ...found }, { ...declared, ...said });
    expect(verdict).toMatchObject({ state, rejectReason });
    expect(verdict.verdict).not.toBe('clean');
  });

  it('keeps the signature of what was found', () => {
    expect(judge({ ...findings, verdict: infected }, declared)).toMatchObject({ signature: 'Eicar', coverage: 'full' });
    expect(judge({ ...findings, verdict: encrypted }, declared)).toMatchObject({
      signature: encrypted.signature,
      coverage: 'none',
    });
  });

  it('refuses to call bytes clean that were not hashed (I10)', () => {
    expect(() => judge({ ...findings, sha256: null }, { ...declared, declaredSha256: null })).toThrow('without a hash');
  });
});
