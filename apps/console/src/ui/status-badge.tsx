import type { FileStage } from '@custody/sdk';
import { stageWords } from '../words/status.js';

export function StatusBadge({ stage }: { readonly stage: FileStage }) {
  const { label, tone } = stageWords(stage);
  return <span class={`badge badge-${tone}`}>{label}</span>;
}
