import type { Readable } from 'node:stream';
import { FilesRepository, FileVersionsRepository, type StepContext } from '@custody/data';
import { allowsRange, matchesAny, parseRange, type FileId, type RangeRequest, type VersionId } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import type { AvailableFile } from './available.js';
import { RequireAvailable } from './require-available.service.js';
import { servedAs, type ServedAs } from './served-as.js';

/** The request headers that decide what is sent (RFC 9110, 13 and 14). */
export interface ContentConditions {
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

/** What to answer; `open` reads the bytes and is called for GET only. */
export interface Content {
  readonly selected: RangeRequest | { readonly kind: 'not-modified' };
  readonly size: number;
  readonly entityTag: string;
  readonly servedAs: ServedAs;
  open(signal: AbortSignal): Promise<Readable>;
}

@Injectable()
export class OpenContent {
  constructor(
    private readonly files: FilesRepository,
    private readonly versions: FileVersionsRepository,
    private readonly store: ObjectStore,
    private readonly requireAvailable: RequireAvailable,
  ) {}

  /**
   * The bytes of one version; of the one that speaks for the file when `versionId` is null.
   * Throws `FILE_NOT_FOUND` (for a version too), `FILE_WITHDRAWN`, `FILE_NOT_AVAILABLE`; `open` throws `ObjectStoreError`.
   */
  async execute(
    context: StepContext,
    fileId: FileId,
    versionId: VersionId | null,
    conditions: ContentConditions,
  ): Promise<Content> {
    const found =
      versionId === null
        ? await this.files.findServed(context, fileId)
        : await this.versions.find(context, fileId, versionId);
    const { file, key, size, sha256 } = await this.requireAvailable.execute(context, found);
    const entityTag = `"${sha256}"`;
    const selected = select(conditions, entityTag, size);
    return {
      selected,
      size,
      entityTag,
      servedAs: servedAs(file),
      open: (signal) => this.read({ key, size }, selected, signal),
    };
  }

  private async read(object: Pick<AvailableFile, 'key' | 'size'>, selected: Content['selected'], signal: AbortSignal) {
    const range = selected.kind === 'part' ? { start: selected.start, end: selected.end } : undefined;
    const { body, start, length, size } = await this.store.open({ bucket: 'main', key: object.key }, range, signal);
    const wanted = range === undefined ? object.size : range.end - range.start + 1;
    if (size === object.size && start === (range?.start ?? 0) && length === wanted) return body;
    body.destroy();
    const asked = range === undefined ? 'all' : `${wanted} from ${range.start}`;
    throw new Error(
      `main object ${object.key} of ${size} bytes answered ${length} from ${start}; asked for ${asked} of ${object.size}`,
    );
  }
}

/** `If-None-Match` is weighed before `Range`, and `If-Range` decides whether `Range` counts (RFC 9110, 13.2.2). */
function select(
  { range, ifRange, ifNoneMatch }: ContentConditions,
  entityTag: string,
  size: number,
): Content['selected'] {
  if (matchesAny(ifNoneMatch, entityTag)) return { kind: 'not-modified' };
  return parseRange(allowsRange(ifRange, entityTag) ? range : undefined, size);
}
