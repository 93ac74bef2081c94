import type { VerdictRecord } from '@custody/data';
import { fileTypeFor, sniffAgrees, type Coverage, type EngineVersion } from '@custody/domain';
import type { ScanVerdict } from '../antivirus/virus-scanner.js';

/** All that one reading of the pinned bytes found out. `sha256` of all of them, in lower-case hex. */
export interface Findings {
  readonly verdict: Exclude<ScanVerdict, { kind: 'retry' }>;
  readonly sha256: string | null;
  readonly sniffed: string | null;
  readonly engine: EngineVersion | null;
  /** How much of the bytes a clean verdict speaks for. */
  readonly coverage: Exclude<Coverage, 'none'>;
  /** Why the inside of an archive cannot be vouched for; null when it can, or when it is no archive. */
  readonly archive: string | null;
}

/** What was declared, and what the deployment does with bytes beyond the engine. */
export interface Declared {
  readonly mimeType: string;
  readonly declaredSha256: string | null;
  readonly oversize: 'windowed' | 'hold' | 'reject';
}

type Ruling = Pick<VerdictRecord, 'state' | 'rejectReason' | 'detail' | 'verdict' | 'coverage'> & {
  readonly signature?: string | undefined;
};

/** The verdict over one version. Malware outranks everything, then what contradicts the declaration, then doubt. */
export function judge(findings: Findings, declared: Declared): VerdictRecord {
  const { signature, ...ruling } = rule(findings, declared);
  return {
    ...ruling,
    signature: signature ?? null,
    engine: findings.engine,
    sha256: findings.sha256,
    sniffedMimeType: findings.sniffed,
  };
}

function rule(findings: Findings, declared: Declared): Ruling {
  const { verdict } = findings;
  if (verdict.kind === 'infected') {
    const { signature } = verdict;
    return { ...reject('infected', null), verdict: 'infected', coverage: findings.coverage, signature };
  }
  const coverage = verdict.kind === 'clean' ? findings.coverage : 'none';
  const mismatch = contradiction(findings, declared);
  if (mismatch) return { ...mismatch, verdict: 'mismatch', coverage };
  if (verdict.kind === 'unscannable') return unscannable(verdict, declared);
  if (findings.archive !== null)
    return { ...reject('unscannable', findings.archive), verdict: 'unscannable', coverage };
  if (findings.sha256 === null) throw new Error('clean without a hash of all bytes');
  // `too_small` is covered as well: the engine took the bytes, no signature fits into so few.
  return { state: 'clean', rejectReason: null, detail: null, verdict: 'clean', coverage };
}

function contradiction({ sha256, sniffed }: Findings, { declaredSha256, mimeType }: Declared) {
  if (declaredSha256 !== null && sha256 !== null && sha256 !== declaredSha256)
    return reject('checksum_mismatch', `the bytes have sha256 ${sha256}`);
  if (!sniffAgrees(fileTypeFor(mimeType), sniffed))
    return reject('mime_mismatch', `the bytes look like ${sniffed ?? 'nothing known'}`);
  return null;
}

function unscannable(verdict: Extract<ScanVerdict, { kind: 'unscannable' }>, { oversize }: Declared): Ruling {
  if (verdict.reason === 'archive')
    return { ...reject('unscannable', verdict.detail), verdict: 'unscannable', coverage: 'none' };
  const { reason, signature } = verdict;
  const held = reason === 'too_large' && oversize === 'hold';
  const outcome = held
    ? { state: 'held' as const, rejectReason: null, detail: reason }
    : reject('unscannable', signature === undefined ? reason : `${reason}: ${signature}`);
  return { ...outcome, verdict: 'unscannable', coverage: 'none', signature };
}

function reject(rejectReason: NonNullable<VerdictRecord['rejectReason']>, detail: string | null) {
  return { state: 'rejected', rejectReason, detail } as const;
}
