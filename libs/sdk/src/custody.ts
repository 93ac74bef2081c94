import { eventStream } from './events/event-stream.js';
import type { EventOptions, FileEvent } from './events/event-stream.js';
import { Files } from './files/files.js';
import { Shares } from './files/shares.js';
import { Versions } from './files/versions.js';
import type { WaitOptions } from './files/wait-for-scan.js';
import { Folders } from './folders.js';
import type { Operations } from './generated/operations.js';
import { Api } from './http/api.js';
import type { ApiOptions, Door, Input } from './http/api.js';
import { Listing } from './http/listing.js';
import { defaultState } from './state/default-state.js';
import type { StateStore } from './state/upload-state.js';
import { Subjects } from './subjects.js';
import type { AuditEntry, AuditQuery, CallOptions, FileMetadata, FileType } from './types.js';

/** Where the service is, who asks, and where unfinished uploads are remembered. */
export interface CustodyOptions extends ApiOptions {
  /** absent: IndexedDB in browsers, files under `~/.custody` in Node */
  readonly state?: StateStore | undefined;
}

/** A Custody service, as its token sees it. */
export class Custody {
  readonly files: Files;
  readonly folders: Folders;
  readonly versions: Versions;
  readonly subjects: Subjects;
  readonly shares: Shares;
  private readonly api: Api;

  constructor(options: CustodyOptions) {
    this.api = new Api(options);
    this.files = new Files(this.api, options.state ?? defaultState());
    this.folders = new Folders(this.api);
    this.versions = new Versions(this.api);
    this.subjects = new Subjects(this.api);
    this.shares = new Shares(this.api);
  }

  /** The same as `files.waitForScan`. */
  waitForScan(fileId: string, options: WaitOptions = {}): Promise<FileMetadata> {
    return this.files.waitForScan(fileId, options);
  }

  /** What happens to a file, or to all the caller may see, as it happens; see docs/api.md. */
  events(options: EventOptions & { readonly fileId?: string | undefined } = {}): AsyncIterable<FileEvent> {
    return eventStream(this.api, options.fileId, options);
  }

  /** The catalogue of file types. */
  async fileTypes({ signal }: CallOptions = {}): Promise<readonly FileType[]> {
    return (await this.api.call('GET /v1/file-types', { signal })).items;
  }

  /** Every change and every URL handed out, newest first unless said (files:admin). */
  audit(query: AuditQuery = {}, { signal }: CallOptions = {}): Listing<AuditEntry> {
    return new Listing((cursor) => this.api.call('GET /v1/audit', { query: { ...query, cursor }, signal }));
  }

  /** Any door of the API by its method and path, `GET /v1/webhooks` say, typed as the others. */
  call<D extends Door>(door: D, input: Input<D>): Promise<Operations[D]['answer']> {
    return this.api.call(door, input);
  }
}

/** A client. It holds no connection; make one for each token. */
export function createCustody(options: CustodyOptions): Custody {
  return new Custody(options);
}
