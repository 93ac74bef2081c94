import type { VerdictRecord } from '@custody/data';
import { judgeRescan } from './judge-rescan.js';

const SHA = 'a'.repeat(64);
const CLEAN: VerdictRecord = {
  ...{ state: 'clean', rejectReason: null, detail: null, verdict: 'clean', signature: null, coverage: 'full' },
  ...{ engine: null, sha256: SHA, sniffedMimeType: null },
};
const rejected = (rejectReason: VerdictRecord['rejectReason'], more: Partial<VerdictRecord> = {}): VerdictRecord => ({
  ...CLEAN,
  ...{ state: 'rejected', rejectReason },
  ...more,
});

describe('judgeRescan', () => {
  it.each<[string, VerdictRecord]>([
    ['clean', CLEAN],
    ['infected', rejected('infected', { verdict: 'infected', signature: 'Late-1', sha256: null })],
    ['infected', rejected('infected', { verdict: 'infected', sha256: 'b'.repeat(64) })],
    ['altered', { ...CLEAN, sha256: 'b'.repeat(64) }],
    ['altered', rejected('mime_mismatch', { sha256: 'b'.repeat(64) })],
    ['missing', rejected('failed', { sha256: null })],
    ['inconclusive', rejected('mime_mismatch')],
    ['inconclusive', rejected('unscannable', { detail: 'encrypted: Heuristics.Encrypted.PDF' })],
    ['inconclusive', { ...CLEAN, state: 'held', verdict: 'unscannable', coverage: 'none' }],
  ])('%s', (outcome, verdict) => {
    expect(judgeRescan(verdict, { sha256: SHA }).outcome).toBe(outcome);
  });
});
