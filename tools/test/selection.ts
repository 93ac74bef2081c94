/** The kinds of test, in the order they run; they are also the names of Jest's projects. */
export const kinds = ['unit', 'integration', 'acceptance'] as const;
export type Kind = (typeof kinds)[number];

export interface Selection {
  readonly kinds: readonly Kind[];
  /** parts of test file paths; none means all */
  readonly patterns: readonly string[];
}

/** Reads `[unit|integration|acceptance …] [pattern …]`; no kind means every kind. */
export function parseSelection(args: readonly string[]): Selection {
  const named = kinds.filter((kind) => args.includes(kind));
  const patterns = args.filter((argument) => !kinds.some((kind) => kind === argument));
  return { kinds: named.length > 0 ? named : kinds, patterns };
}
