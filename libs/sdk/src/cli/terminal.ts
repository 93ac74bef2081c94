/** Where a command writes: answers to standard output, everything else to standard error. */
export interface Terminal {
  readonly json: boolean;
  /** whether somebody is looking */
  readonly isLive: boolean;
  readonly columns: number;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `12.3 MB`, in powers of 1000 as transfer speeds are. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** `1:02:03` or `2:03`. */
export function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** Fits a text into a width, its end being the part that tells files apart. */
export function clipped(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - Math.max(0, width - 1))}`;
}

/** What a terminal would obey is shown instead: names come from other people. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '�');
}
