import { effect, signal } from '@preact/signals';

export type Theme = 'light' | 'dark';

const KEY = 'custody-theme';
const preferred = matchMedia('(prefers-color-scheme: dark)');
const stored = localStorage.getItem(KEY);

/** What the person chose, else what the system prefers, as that changes. */
export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : systemTheme());

function systemTheme(): Theme {
  return preferred.matches ? 'dark' : 'light';
}

preferred.addEventListener('change', () => {
  if (localStorage.getItem(KEY) === null) theme.value = systemTheme();
});
effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});

export function switchTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  localStorage.setItem(KEY, theme.value);
}
