import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Writable } from 'node:stream';
import type { Custody } from '../custody.js';
import type { CliOptions } from './arguments.js';
import { printable, size } from './terminal.js';
import type { Terminal } from './terminal.js';

/** Writes a file to disk under its own name; a part that is there from before is gone on with. */
export async function downloadCommand(
  custody: Custody,
  fileId: string,
  { output, version: versionId }: CliOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  if (output === '-') {
    await write(process.stdout, (await custody.files.download(fileId, { versionId, signal })).stream);
    return true;
  }
  const file = await custody.files.metadata(fileId, { signal });
  const path = output ?? safeName(file.filename);
  // The tag in its name: a part of other bytes is not gone on with.
  const tag = versionId ?? file.versionId;
  const part = `${path}.${tag}.part`;
  // How long another version is only its download says.
  const from = versionId === undefined ? await lengthOf(part) : 0;
  if (from === 0 || from < file.size) {
    const download = await custody.files.download(fileId, { versionId, from, signal });
    const target = createWriteStream(part, { flags: from > 0 ? 'a' : 'w' });
    await write(target, download.stream);
    target.end();
    await once(target, 'close');
  }
  await rename(part, path);
  terminal.err(`${printable(path)}: ${size(await lengthOf(path))}\n`);
  return true;
}

/** The last segment of a name that somebody else chose, without what a file system cannot keep. */
export function safeName(filename: string): string {
  // eslint-disable-next-line no-control-regex -- no control character gets into a path
  const name = basename(filename.replaceAll('\\', '/')).replaceAll(/[\u0000-\u001F<>:"|?*]/g, '_');
  return name === '' || name === '.' || name === '..' ? 'download' : name;
}

async function write(target: Writable, stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read())
    if (!target.write(read.value)) await once(target, 'drain');
}

async function lengthOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size: bytes }) => bytes,
    () => 0,
  );
}
