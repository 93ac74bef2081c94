import type { Custody } from '../custody.js';
import type { FileMetadata } from '../types.js';
import { verdict } from './advice.js';
import { folderIdOf } from './folder-path.js';
import { printable, size } from './terminal.js';
import type { Terminal } from './terminal.js';

/** Folders and files of one folder, or of the root. */
export async function listCommand(
  custody: Custody,
  place: string | undefined,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const folderId = await folderIdOf(custody, place, signal);
  for await (const folder of custody.folders.list(folderId ?? null, { limit: 200, signal }))
    terminal.out(terminal.json ? json(folder) : `${folder.folderId}  ${''.padStart(20)}  ${printable(folder.name)}/\n`);
  for await (const file of custody.files.list({ folder: folderId ?? 'root', limit: 200, signal }))
    terminal.out(terminal.json ? json(file) : `${file.fileId}  ${columns(file)}  ${printable(file.filename)}\n`);
  return true;
}

/** How one file stands; resolves with whether it is available. */
export async function statusCommand(
  custody: Custody,
  fileId: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const file = await custody.files.metadata(fileId, { signal });
  terminal.out(terminal.json ? json(file) : `${printable(file.filename)}: ${verdict(file)}\n`);
  return file.status === 'available';
}

/** Uploads that a repeated command would go on with. */
export async function unfinishedCommand(custody: Custody, terminal: Terminal): Promise<boolean> {
  for (const { fileId = '', filename, size: bytes, startedAt } of await custody.files.unfinished())
    terminal.out(
      terminal.json
        ? json({ fileId, filename, size: bytes, startedAt })
        : `${fileId.padEnd(36)}  ${startedAt}  ${size(bytes).padStart(8)}  ${printable(filename)}\n`,
    );
  return true;
}

function columns({ status, size: bytes }: Pick<FileMetadata, 'status' | 'size'>): string {
  return `${size(bytes).padStart(8)} ${status.padEnd(11)}`;
}

function json(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
