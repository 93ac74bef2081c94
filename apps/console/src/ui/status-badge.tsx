import type { FileStage } from '@custody/sdk';
import { stageWords } from '../words/status.js';

interface Scanned {
  readonly stage: FileStage;
  readonly scanProgress?: { readonly scannedBytes: number; readonly totalBytes: number } | null;
}

/** Where a file or version stands; of a long scan, how far it is. */
export function StatusBadge({ of: { stage, scanProgress } }: { readonly of: Scanned }) {
  const { label, tone } = stageWords(stage);
  const share = scanProgress ? ` ${Math.floor((scanProgress.scannedBytes / scanProgress.totalBytes) * 100)} %` : '';
  return (
    <span class={`badge badge-${tone}`}>
      {label}
      {share}
    </span>
  );
}
