/** A file that is made, never edited; `path` is relative to the repository's root. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/**
 * What every module in tools/generate exports. It writes nothing and needs no running service, only built projects:
 * `npm run generate` writes the text, `npm run check` compares it with what is committed, both after Prettier.
 */
export interface Generator {
  /** the one file it makes, relative to the root */
  readonly output: string;
  generate(): Promise<string>;
}
