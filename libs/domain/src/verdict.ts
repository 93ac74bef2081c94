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

/** How much of the bytes the engine saw. */
export type Coverage = 'full' | 'windowed' | 'none';

/** Engine and signature database that gave a verdict (S18). */
export interface EngineVersion {
  readonly engine: string;
  readonly signatures: string;
  readonly signaturesAt: string | null;
}
