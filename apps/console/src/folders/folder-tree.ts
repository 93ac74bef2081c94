import { signal } from '@preact/signals';
import { type Custody, type Folder, isCustodyError } from '@custody/sdk';

/** The folders read so far, by their parent; `null` is the root. */
export class FolderTree {
  readonly children = signal<ReadonlyMap<string | null, readonly Folder[]>>(new Map());
  readonly expanded = signal<ReadonlySet<string>>(new Set());

  constructor(private readonly custody: Custody) {}

  /** Reads what is directly in a folder. */
  async load(parentId: string | null): Promise<void> {
    const folders = await this.custody.folders.list(parentId, { limit: 200 }).all();
    this.children.value = new Map(this.children.value).set(parentId, folders);
  }

  async toggle(folderId: string): Promise<void> {
    const expanded = new Set(this.expanded.value);
    if (!expanded.delete(folderId)) expanded.add(folderId);
    this.expanded.value = expanded;
    if (expanded.has(folderId)) await this.load(folderId);
  }

  /** The folder itself and those above it, from the root down. */
  async pathTo(folderId: string | null): Promise<readonly Folder[]> {
    const path: Folder[] = [];
    for (let at = folderId; at !== null;) {
      const folder: Folder = this.find(at) ?? (await this.custody.folders.get(at));
      path.unshift(folder);
      at = folder.parentId;
    }
    return path;
  }

  async create(name: string, parentId: string | null): Promise<Folder> {
    const folder = await this.custody.folders.create({ name, ...(parentId === null ? {} : { parentId }) });
    await this.load(parentId);
    return folder;
  }

  async rename(folder: Folder, name: string): Promise<void> {
    await this.custody.folders.update(folder.folderId, { name });
    await this.load(folder.parentId);
  }

  async move(folder: Folder, parentId: string | null): Promise<void> {
    await this.custody.folders.update(folder.folderId, { parentId });
    await Promise.all([this.load(folder.parentId), this.load(parentId)]);
  }

  async delete(folder: Folder): Promise<void> {
    await this.custody.folders.delete(folder.folderId, { recursive: true });
    await this.load(folder.parentId);
  }

  /** The folder of this name in another, made when it is missing: dropped folders keep their tree. */
  async ensure(name: string, parentId: string | null): Promise<Folder> {
    try {
      return await this.create(name, parentId);
    } catch (error) {
      if (!isCustodyError(error, 'FOLDER_EXISTS')) throw error;
      await this.load(parentId);
      const found = this.children.value.get(parentId)?.find((folder) => folder.name === name.normalize('NFC'));
      if (found === undefined) throw error;
      return found;
    }
  }

  private find(folderId: string): Folder | undefined {
    return [...this.children.value.values()].flat().find((folder) => folder.folderId === folderId);
  }
}
