import { signal } from '@preact/signals';

/** A short message at the edge; with `undo`, a way back. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
  readonly undo: (() => void) | undefined;
}

const LIFE_MS = 8_000;
let last = 0;

export const toasts = signal<readonly Toast[]>([]);

export function say(text: string, undo?: () => void): void {
  show({ text, tone: 'plain', undo });
}

export function complain(text: string): void {
  show({ text, tone: 'bad', undo: undefined });
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

function show(toast: Omit<Toast, 'id'>): void {
  const id = (last += 1);
  toasts.value = [...toasts.value, { ...toast, id }];
  setTimeout(() => dismiss(id), LIFE_MS);
}
