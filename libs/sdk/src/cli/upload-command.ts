import type { Custody } from '../custody.js';
import { isCustodyError } from '../errors.js';
import type { Bucket, FileMetadata } from '../types.js';
import { inLanes } from '../upload/lanes.js';
import type { UploadOptions } from '../upload/upload-options.js';
import { explain, verdict } from './advice.js';
import { countOf, metadataOf, subjectOf, UsageError } from './arguments.js';
import type { CliOptions } from './arguments.js';
import { folderIdOf } from './folder-path.js';
import { ProgressDisplay } from './progress-display.js';
import { printable } from './terminal.js';
import type { Terminal } from './terminal.js';

const FILES_AT_ONCE = 2;

/** Uploads each file and waits for its verdict; resolves with whether all are available. */
export async function uploadCommand(
  custody: Custody,
  paths: readonly string[],
  options: CliOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  if (paths.length === 0) throw new UsageError('name the files to upload, as in custody upload report.pdf');
  const single = options['version-of'] ?? options['file-id'];
  if (single !== undefined && paths.length > 1) throw new UsageError('--version-of and --file-id take one FILE');
  const how = await uploadOptions(custody, options, signal);
  const display = new ProgressDisplay(terminal, paths.length);
  let available = true;
  await inLanes(paths, countOf('files', options.files) ?? FILES_AT_ONCE, signal, async (path) => {
    const each = {
      ...how,
      onProgress: (progress: Parameters<ProgressDisplay['update']>[1]) => display.update(path, progress),
    };
    const ok = await uploadOne(custody, path, each, { wait: options['no-wait'] !== true, terminal, display, signal });
    available &&= ok;
  });
  display.clear();
  return available;
}

interface Watching {
  readonly wait: boolean;
  readonly terminal: Terminal;
  readonly display: ProgressDisplay;
  readonly signal: AbortSignal;
}

async function uploadOne(
  custody: Custody,
  path: string,
  how: UploadOptions,
  { wait, terminal, display, signal }: Watching,
): Promise<boolean> {
  try {
    const uploaded = await custody.files.upload(path, { ...how, signal });
    const { fileId, versionId } = uploaded;
    const file = wait ? await watched(custody, fileId, versionId, signal, how.timeoutMs) : undefined;
    const { status, stage = 'uploaded', rejectReason = null } = file ?? (uploaded as Partial<FileMetadata>);
    const ok = wait ? status === 'available' : status !== 'rejected';
    const said = ok ? (wait ? 'available' : 'uploaded') : verdict({ stage, rejectReason });
    display.say(`${printable(path)}: ${said}`, true);
    terminal.out(terminal.json ? json({ path, fileId, versionId, status, stage, rejectReason }) : `${fileId}\n`);
    return ok;
  } catch (error) {
    signal.throwIfAborted();
    display.say(`${printable(path)}: ${explain(error)}`, true);
    const code = isCustodyError(error) ? error.code : 'ERROR';
    if (terminal.json) terminal.out(json({ path, error: { code, message: (error as Error).message } }));
    return false;
  }
}

/** The verdict, or the file as it is held: that may take days, and nobody looks at a terminal for days. */
async function watched(
  custody: Custody,
  fileId: string,
  versionId: string,
  signal: AbortSignal,
  timeoutMs: number | undefined,
): Promise<FileMetadata> {
  const held = new AbortController();
  const either = AbortSignal.any([signal, held.signal]);
  const onStage = (stage: FileMetadata['stage']) => {
    if (stage === 'held') held.abort();
  };
  try {
    return await custody.waitForScan(fileId, { versionId, timeoutMs, signal: either, onStage });
  } catch (error) {
    if (!held.signal.aborted || signal.aborted) throw error;
    return { ...(await custody.files.metadata(fileId, { signal })), stage: 'held', status: 'pending_scan' };
  }
}

async function uploadOptions(custody: Custody, options: CliOptions, signal: AbortSignal): Promise<UploadOptions> {
  const timeout = countOf('timeout', options.timeout);
  return {
    bucket: options.bucket as Bucket | undefined,
    metadata: metadataOf(options.metadata),
    subject: subjectOf(options.subject),
    accessGroupId: options['access-group'],
    mimeType: options['mime-type'],
    versionOf: options['version-of'],
    fileId: options['file-id'],
    lanes: countOf('lanes', options.lanes),
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
    resume: options['no-resume'] !== true,
    folderId: await folderIdOf(custody, options.folder, signal),
  };
}

function json(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
