/** A file that is made, never edited; `path` is relative to the repository's root. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/**
 * What a module `tools/generate/<name>.generator.ts` exports as `generator`. `generate` writes nothing and needs no
 * running service: `npm run generate` writes what it returns, `npm run check` compares it with what is committed.
 * Texts are formatted with the repository's Prettier before either.
 */
export interface Generator {
  readonly name: string;
  generate(root: string): Promise<readonly GeneratedFile[]>;
}
