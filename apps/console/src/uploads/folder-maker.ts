import type { FolderTree } from '../folders/folder-tree.js';

/** Makes the folders of one drop, each once, though many files are in it. */
export class FolderMaker {
  private readonly made = new Map<string, Promise<string | null>>();

  constructor(private readonly tree: Pick<FolderTree, 'ensure'>) {}

  /** @returns the id of the innermost one */
  make(names: readonly string[], parentId: string | null): Promise<string | null> {
    const name = names.at(-1);
    if (name === undefined) return Promise.resolve(parentId);
    const key = JSON.stringify(names);
    const made = this.made.get(key) ?? this.below(names.slice(0, -1), parentId, name);
    this.made.set(key, made);
    return made;
  }

  private async below(above: readonly string[], parentId: string | null, name: string): Promise<string> {
    return (await this.tree.ensure(name, await this.make(above, parentId))).folderId;
  }
}
