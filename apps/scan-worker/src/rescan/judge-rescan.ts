import type { ClaimedVersion, RescanRecord, VerdictRecord } from '@custody/data';

/**
 * What a new verdict over bytes that were let through before means. Only malware and other bytes than those withdraw them: a doubt that
 * newer rules or limits bring up is written down and left to people.
 */
export function judgeRescan(verdict: VerdictRecord, { sha256 }: Pick<ClaimedVersion, 'sha256'>): RescanRecord {
  const { signature, coverage, engine } = verdict;
  const found = { signature, coverage, engine };
  if (verdict.rejectReason === 'infected') return { ...found, outcome: 'infected', detail: null };
  if (verdict.sha256 !== null && verdict.sha256 !== sha256)
    return {
      ...found,
      outcome: 'altered',
      detail: `the stored bytes have sha256 ${verdict.sha256}, scanned were ${sha256}`,
    };
  if (verdict.state === 'clean') return { ...found, outcome: 'clean', detail: null };
  if (verdict.rejectReason === 'failed')
    return { ...found, outcome: 'missing', detail: 'the object is not in the store' };
  return { ...found, outcome: 'inconclusive', detail: verdict.detail ?? verdict.rejectReason };
}
