/** A file somebody wants to upload. */
export interface Chosen {
  readonly file: File;
  /** Names of the folders it was in, from the top down. */
  readonly folders: readonly string[];
  /** With it the browser can read the file again after a reload. */
  readonly handle?: FileSystemFileHandle;
}

/** What browsers have and TypeScript's library does not know yet (File System Access). */
interface HandleItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}
interface Picker {
  showOpenFilePicker?(options: { multiple: boolean }): Promise<FileSystemFileHandle[]>;
}

/** Files and folders that were dropped, as deep as they go. The transfer is read at once: it is empty after the event. */
export async function dropped(transfer: DataTransfer): Promise<Chosen[]> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const found = items.map((item) => ({
    entry: item.webkitGetAsEntry(),
    handle: (item as HandleItem).getAsFileSystemHandle?.().catch(() => null),
  }));
  const lists = found.map(async ({ entry, handle }) => {
    const opened = await handle;
    if (opened) return fromHandle(opened, []);
    return entry === null ? [] : fromEntry(entry, []);
  });
  return (await Promise.all(lists)).flat();
}

/** Of an `<input type="file">`, with or without `webkitdirectory`. */
export const selected = (files: FileList | null): Chosen[] =>
  [...(files ?? [])].map((file) => ({ file, folders: file.webkitRelativePath.split('/').slice(0, -1) }));

/** Of the clipboard: a picture has no name of its own. */
export function pasted(files: FileList, now = new Date()): Chosen[] {
  const time = now.toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  return [...files].map((file) => {
    const name = /^image\.\w+$/.test(file.name) ? file.name.replace('image', `Pasted ${time}`) : file.name;
    return { file: new File([file], name, { type: file.type, lastModified: file.lastModified }), folders: [] };
  });
}

export const canPick = (): boolean => (window as Picker).showOpenFilePicker !== undefined;

/** The browser's own dialog, whose files can be opened again later; nothing when it was cancelled. */
export async function pick(): Promise<Chosen[]> {
  const handles = await (window as Picker).showOpenFilePicker?.({ multiple: true }).catch(unlessCancelled);
  return Promise.all((handles ?? []).map(async (handle) => ({ file: await handle.getFile(), folders: [], handle })));
}

function unlessCancelled(error: unknown): FileSystemFileHandle[] {
  if (error instanceof DOMException && error.name === 'AbortError') return [];
  throw error;
}

async function fromHandle(handle: FileSystemHandle, folders: readonly string[]): Promise<Chosen[]> {
  if (handle.kind === 'file') {
    const fileHandle = handle as FileSystemFileHandle;
    return [{ file: await fileHandle.getFile(), folders, handle: fileHandle }];
  }
  const inside: Chosen[] = [];
  for await (const child of (handle as FileSystemDirectoryHandle).values()) {
    inside.push(...(await fromHandle(child, [...folders, handle.name])));
  }
  return inside;
}

async function fromEntry(entry: FileSystemEntry, folders: readonly string[]): Promise<Chosen[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, folders }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: Chosen[] = [];
  // A reader gives its entries in batches; an empty one is the last.
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return inside;
    for (const child of batch) inside.push(...(await fromEntry(child, [...folders, entry.name])));
  }
}
