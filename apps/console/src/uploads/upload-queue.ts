import { computed, signal } from '@preact/signals';
import {
  type Custody,
  type FileMetadata,
  isCustodyError,
  type Upload as Sending,
  type UploadProgress,
} from '@custody/sdk';
import type { FolderTree } from '../folders/folder-tree.js';
import { complain } from '../frame/toasts.js';
import { problemWords } from '../words/problems.js';
import { refusalWords } from '../words/status.js';
import type { Chosen } from './chosen.js';
import { FolderMaker } from './folder-maker.js';
import { forget, isSameFile, remember, type Remembered, remembered } from './remembered.js';
import { totalsOf, summaryOf } from './totals.js';
import { type Target, Upload } from './upload.js';

/** Files at a time; the SDK sends parts of each in parallel. */
const AT_ONCE = 3;
/** Verdicts come by the event stream; this is for when it is away for long. */
const ASK_AGAIN_MS = 20_000;

/** All uploads of the page: their order, what is done with them, and what the service says about them later. */
export class UploadQueue {
  readonly items = signal<readonly Upload[]>([]);
  readonly totals = computed(() => totalsOf(this.items.value));
  readonly summary = computed(() => summaryOf(this.items.value));
  private readonly files = new WeakMap<Upload, File>();
  private readonly known = new WeakMap<Upload, Remembered>();
  private readonly sending = new WeakMap<Upload, Sending>();

  constructor(
    private readonly custody: Custody,
    private readonly tree: FolderTree,
    private readonly userId: () => string,
  ) {
    setInterval(() => this.reset(), ASK_AGAIN_MS);
  }

  /** Begins with what was chosen; folders it came in are made where they are missing. */
  async add(chosen: readonly Chosen[], folderId: string | null): Promise<void> {
    const folders = new FolderMaker(this.tree);
    for (const one of chosen) {
      const target = { folderId: await folders.make(one.folders, folderId) };
      this.enter(one, target);
    }
  }

  addVersion(chosen: Chosen, fileId: string): void {
    this.enter(chosen, { folderId: null, fileId });
  }

  /** What began before the page was loaded anew. */
  async restore(): Promise<void> {
    const lost = (await remembered(this.userId())).map((known) => {
      const upload = new Upload(known.name, known.size, known.target);
      upload.state.value = 'lost';
      this.known.set(upload, known);
      return upload;
    });
    this.items.value = [...lost, ...this.items.value];
  }

  /** Files that were chosen again: each goes on with the upload it belongs to. */
  found(chosen: readonly Chosen[]): void {
    for (const one of chosen) {
      const upload = this.items.value.find((item) => {
        const known = this.known.get(item);
        return item.state.value === 'lost' && known !== undefined && isSameFile(one.file, known);
      });
      if (upload === undefined) complain(`${one.file.name} is none of the interrupted files, or it was changed since.`);
      else this.take(upload, one.file);
    }
  }

  canReopen(upload: Upload): boolean {
    return this.known.get(upload)?.handle !== undefined;
  }

  /** Reads the file again by its handle; the browser may ask the person first. */
  async reopen(upload: Upload): Promise<void> {
    const handle = this.known.get(upload)?.handle as (FileSystemFileHandle & Permitted) | undefined;
    if (handle === undefined) return;
    try {
      if ((await handle.requestPermission({ mode: 'read' })) === 'granted') this.take(upload, await handle.getFile());
    } catch {
      complain(`${upload.name} cannot be read any more. Choose it again.`);
    }
  }

  pause(upload: Upload): void {
    this.sending.get(upload)?.pause();
    upload.state.value = 'paused';
    this.advance();
  }

  resume(upload: Upload): void {
    upload.state.value = 'uploading';
    this.sending.get(upload)?.resume();
  }

  retry(upload: Upload): void {
    upload.problem.value = '';
    upload.state.value = 'queued';
    this.advance();
  }

  /** Gives it up, here and at the service. */
  async cancel(upload: Upload): Promise<void> {
    this.remove(upload);
    this.drop(upload);
    await this.sending.get(upload)?.cancel();
    this.advance();
  }

  remove(upload: Upload): void {
    this.items.value = this.items.value.filter((item) => item !== upload);
    if (upload.isOver) this.drop(upload);
  }

  clear(): void {
    for (const upload of this.items.value) if (upload.isOver) this.remove(upload);
  }

  /** The scan decided, or the file changed otherwise. */
  changed(file: FileMetadata): void {
    for (const upload of this.items.value) {
      if (upload.fileId.value !== file.fileId || upload.state.value !== 'checking') continue;
      // The file speaks for its available version: a new one is asked for by its own id.
      if (upload.target.fileId === undefined) this.judge(upload, file);
      else void this.judgeVersion(upload, file.fileId).catch(() => undefined);
    }
  }

  deleted(fileId: string): void {
    const upload = this.items.value.find((item) => item.fileId.value === fileId && item.state.value === 'checking');
    if (upload !== undefined) this.remove(upload);
  }

  /** Events may have been lost: asks for each that waits. */
  reset(): void {
    for (const upload of this.items.value) if (upload.state.value === 'checking') void this.follow(upload);
  }

  private enter({ file, handle }: Chosen, target: Target): void {
    const upload = new Upload(file.name, file.size, target);
    const { name, size, lastModified } = file;
    const known = { id: crypto.randomUUID(), name, size, lastModified, target, userId: this.userId() };
    this.known.set(upload, handle === undefined ? known : { ...known, handle });
    this.items.value = [...this.items.value, upload];
    this.take(upload, file);
  }

  private take(upload: Upload, file: File): void {
    this.files.set(upload, file);
    upload.state.value = 'queued';
    this.advance();
  }

  private advance(): void {
    const { value: items } = this.items;
    const busy = items.filter(({ state }) => ['uploading', 'waiting'].includes(state.value)).length;
    const next = items.filter(({ state }) => state.value === 'queued').slice(0, Math.max(0, AT_ONCE - busy));
    for (const upload of next) void this.send(upload);
  }

  private async send(upload: Upload): Promise<void> {
    const file = this.files.get(upload);
    const known = this.known.get(upload);
    if (file === undefined || known === undefined) return;
    upload.state.value = 'uploading';
    await remember(known).catch(() => undefined);
    const { fileId, folderId } = upload.target;
    const sending = this.custody.files.upload(file, {
      ...(fileId === undefined ? { folderId: folderId ?? undefined } : { versionOf: fileId }),
      onProgress: (progress) => show(upload, progress),
    });
    this.sending.set(upload, sending);
    try {
      const result = await sending;
      upload.fileId.value = result.fileId;
      upload.versionId.value = result.versionId;
      upload.sent.value = upload.size;
      upload.state.value = 'checking';
      this.drop(upload);
      void this.follow(upload);
    } catch (error) {
      if (this.items.value.includes(upload)) this.finish(upload, 'failed', problemWords(error));
    }
    this.advance();
  }

  /** The event stream tells of the verdict; this reads what it told before anybody listened for this upload. */
  private async follow(upload: Upload): Promise<void> {
    const fileId = upload.fileId.value;
    if (fileId === undefined) return;
    try {
      this.changed(await this.custody.files.metadata(fileId));
    } catch (error) {
      if (isCustodyError(error, 'FILE_NOT_FOUND')) this.remove(upload);
    }
  }

  private async judgeVersion(upload: Upload, fileId: string): Promise<void> {
    const { items } = await this.custody.versions.list(fileId, { limit: 20 }).page();
    const version = items.find(({ versionId }) => versionId === upload.versionId.value);
    if (version !== undefined) this.judge(upload, version);
  }

  private judge(
    upload: Upload,
    { stage, status, rejectReason }: Pick<FileMetadata, 'stage' | 'status' | 'rejectReason'>,
  ): void {
    if (stage === 'held') this.finish(upload, 'refused', 'It is held back until an administrator decides.');
    else if (status === 'rejected') this.finish(upload, 'refused', refusalWords({ rejectReason }));
    else if (status === 'available') this.finish(upload, 'available', '');
  }

  private finish(upload: Upload, state: 'available' | 'refused' | 'failed', problem: string): void {
    upload.state.value = state;
    upload.problem.value = problem;
  }

  private drop(upload: Upload): void {
    const known = this.known.get(upload);
    if (known !== undefined) void forget(known.id).catch(() => undefined);
  }
}

/** Not yet in TypeScript's library (File System Access). */
interface Permitted {
  requestPermission(wanted: { mode: 'read' }): Promise<PermissionState>;
}

function show(upload: Upload, { phase, loaded, fileId, bytesPerSecond, error }: UploadProgress): void {
  upload.sent.value = loaded;
  upload.rate.value = bytesPerSecond;
  upload.fileId.value = fileId;
  if (phase === 'uploading' || phase === 'waiting') {
    if (upload.state.value !== 'paused') upload.state.value = phase;
    upload.problem.value = phase === 'waiting' && error !== undefined ? problemWords(error) : '';
  }
}
