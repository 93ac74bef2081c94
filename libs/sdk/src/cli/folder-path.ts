import type { Custody } from '../custody.js';
import { UsageError } from './arguments.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of a folder given by its id or by a path from the root; undefined for the root. */
export async function folderIdOf(
  custody: Custody,
  text: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (text === undefined || UUID.test(text)) return text;
  let parent: string | null = null;
  for (const name of text.split('/').filter((part) => part !== '')) {
    const found = await childNamed(custody, parent, name.normalize('NFC'), signal);
    if (found === undefined) throw new UsageError(`there is no folder ${name} in ${text}; see \`custody ls\``);
    parent = found;
  }
  return parent ?? undefined;
}

async function childNamed(custody: Custody, parent: string | null, name: string, signal: AbortSignal) {
  for await (const folder of custody.folders.list(parent, { limit: 200, signal }))
    if (folder.name === name) return folder.folderId;
  return undefined;
}
