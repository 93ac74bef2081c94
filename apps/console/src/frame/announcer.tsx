import { signal } from '@preact/signals';

const EVERY_MS = 4_000;
const words = signal('');
let next = '';
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something to a screen reader, the last of several within a few seconds. */
export function announce(text: string): void {
  next = text;
  timer ??= setTimeout(() => {
    timer = undefined;
    words.value = next;
  }, EVERY_MS);
}

export function Announcer() {
  return (
    <div class="unseen" role="status" aria-live="polite">
      {words.value}
    </div>
  );
}
