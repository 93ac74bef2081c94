import type { UploadProgress } from '../upload/progress.js';
import { clipped, clock, printable, size } from './terminal.js';
import type { Terminal } from './terminal.js';

const LINE_EVERY_MS = 10_000;
const BAR = 24;

/** One bar over all files where somebody looks; plain lines for logs. */
export class ProgressDisplay {
  private readonly files = new Map<string, UploadProgress>();
  private finished = 0;
  private shown = false;
  private lineAt = 0;

  constructor(
    private readonly terminal: Terminal,
    private readonly count: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  update(name: string, progress: UploadProgress): void {
    const before = this.files.get(name);
    this.files.set(name, progress);
    if (this.terminal.isLive) this.draw(name, progress);
    else if (before?.phase !== progress.phase) this.line(name, progress);
    else if (progress.phase === 'uploading' && this.now() - this.lineAt > LINE_EVERY_MS) this.line(name, progress);
  }

  /** A line that stays, above the bar. */
  say(text: string, finished = false): void {
    if (finished) this.finished += 1;
    this.clear();
    this.terminal.err(`${text}\n`);
  }

  clear(): void {
    if (!this.shown) return;
    this.terminal.err('\r\u001B[2K');
    this.shown = false;
  }

  private draw(name: string, latest: UploadProgress): void {
    const all = [...this.files.values()];
    const sum = (of: (progress: UploadProgress) => number) => all.reduce((total, progress) => total + of(progress), 0);
    const [loaded, total, speed] = [
      sum((one) => one.loaded),
      sum((one) => one.total),
      sum((one) => one.bytesPerSecond),
    ];
    const share = total === 0 ? 0 : loaded / total;
    const bar = '█'.repeat(Math.round(share * BAR)).padEnd(BAR, '░');
    const files = this.count > 1 ? `${this.finished}/${this.count} files  ` : '';
    const left = speed > 0 ? `${clock((total - loaded) / speed)} left  ` : '';
    const text = `${bar} ${String(Math.floor(share * 100)).padStart(3)}%  ${files}${size(speed)}/s  ${left}`;
    const note = latest.phase === 'uploading' ? printable(name) : `${printable(name)}: ${describe(latest)}`;
    this.terminal.err(`\r\u001B[2K${text}${clipped(note, Math.max(10, this.terminal.columns - text.length - 1))}`);
    this.shown = true;
  }

  private line(name: string, progress: UploadProgress): void {
    if (progress.phase === 'preparing' || progress.phase === 'done' || progress.phase === 'failed') return;
    this.lineAt = this.now();
    this.terminal.err(`${printable(name)}: ${describe(progress)}\n`);
  }
}

/** One moment in words. */
export function describe({ phase, loaded, total, bytesPerSecond, secondsLeft, error }: UploadProgress): string {
  switch (phase) {
    case 'preparing':
      return 'preparing';
    case 'uploading': {
      const speed = bytesPerSecond > 0 ? `, ${size(bytesPerSecond)}/s` : '';
      const left = secondsLeft === undefined ? '' : `, ${clock(secondsLeft)} left`;
      return `${size(loaded)} of ${size(total)}${speed}${left}`;
    }
    case 'waiting':
      return `waiting (${error?.message ?? 'no network'})`;
    case 'paused':
      return 'paused';
    case 'confirming':
      return 'sent, confirming';
    case 'done':
      return 'uploaded';
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
  }
}
