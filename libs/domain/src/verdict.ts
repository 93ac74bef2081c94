import type { RejectReason } from './version-state.js';

/** What the pass over one pinned version found. Only `clean` with a full byte count lets bytes be promoted (I10). */
export type Verdict =
  | { readonly kind: 'clean' }
  | { readonly kind: 'infected'; readonly signature: string }
  | { readonly kind: 'unscannable'; readonly detail: string }
  | {
      readonly kind: 'mismatch';
      readonly reason: Extract<RejectReason, 'mime_mismatch' | 'size_mismatch' | 'checksum_mismatch'>;
      readonly detail: string;
    };

/**
 * How the engine saw the bytes: `full` in one piece; `windowed` in overlapping pieces; `members`: an archive too large for it, every file
 * in it in one piece and the archive itself in overlapping ones; `none` not at all.
 */
export const COVERAGES = ['full', 'windowed', 'members', 'none'] as const;
export type Coverage = (typeof COVERAGES)[number];

/** Engine and signature database that gave a verdict (S18). */
export interface EngineVersion {
  readonly engine: string;
  readonly signatures: string;
  readonly signaturesAt: string | null;
}
