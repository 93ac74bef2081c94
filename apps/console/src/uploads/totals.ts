import { count } from '../words/amounts.js';
import type { Upload } from './upload.js';

/** All uploads taken together, in bytes. */
export interface Totals {
  readonly size: number;
  readonly sent: number;
  readonly perSecond: number;
  readonly isMoving: boolean;
}

/** What is over counts along while something moves, so that the bar does not jump back. */
export function totalsOf(uploads: readonly Upload[]): Totals {
  const counted = uploads.filter(({ state }) => state.value !== 'lost' && state.value !== 'failed');
  const sum = (number: (upload: Upload) => number) => counted.reduce((total, upload) => total + number(upload), 0);
  return {
    size: sum(({ size }) => size),
    sent: sum((upload) => upload.sent.value),
    perSecond: sum((upload) => (upload.isMoving ? upload.rate.value : 0)),
    isMoving: uploads.some((upload) => upload.isMoving),
  };
}

/** One line about all of them, also for screen readers. */
export function summaryOf(uploads: readonly Upload[]): string {
  const number = (...states: readonly string[]) => uploads.filter(({ state }) => states.includes(state.value)).length;
  const left = number('queued', 'uploading', 'waiting');
  const paused = number('paused', 'lost');
  const checking = number('checking');
  const bad = number('refused', 'failed');
  if (uploads.length === 0) return '';
  if (left > 0)
    return `Uploading ${left === uploads.length ? count(left, 'file') : `${left} of ${count(uploads.length, 'file')}`}`;
  if (checking > 0) return `Scanning ${count(checking, 'file')}`;
  if (paused > 0) return `${count(paused, 'upload')} paused`;
  if (bad > 0) return `${count(bad, 'file')} not accepted, ${number('available')} available`;
  return `${count(uploads.length, 'file')} available`;
}
