import { Readable } from 'node:stream';
import { DerivationsRepository, FileVersionsRepository, type DerivationRecord, type StepContext } from '@custody/data';
import { derivedPrefix, objectKey, thumbnailKey, type Bucket, type VersionRef } from '@custody/domain';
import { ObjectStore, ObjectStoreError } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import { DeriveSettings } from './derive-settings.js';
import { Renderer, type RenderOutcome } from './renderer.js';
import type { Thumbnail } from './rendering/frame.js';

const NOTHING = { width: null, height: null, pageCount: null, thumbnails: [] } as const;
const failed = (reason: string): DerivationRecord => ({ ...NOTHING, status: 'failed', reason });

/** Step 8 of the order of writes: previews and measures of an available version. Its verdict is never touched. */
@Injectable()
export class DeriveVersion {
  constructor(
    private readonly versions: FileVersionsRepository,
    private readonly derivations: DerivationsRepository,
    private readonly store: ObjectStore,
    private readonly renderer: Renderer,
    private readonly settings: DeriveSettings,
  ) {}

  /**
   * Repeating it replaces what was there. Resolves to what was recorded; null when there is no such file any more.
   * @param died what to record when the rendering process dies; throw to have another try instead.
   * @throws a retryable ObjectStoreError or `SERVICE_UNAVAILABLE` in an outage; the signal's reason when aborted.
   */
  async execute(
    context: StepContext,
    ref: VersionRef,
    died: (reason: string) => DerivationRecord,
    signal: AbortSignal,
  ): Promise<DerivationRecord | null> {
    const version = await this.versions.find(context, ref.fileId, ref.versionId);
    const record =
      version?.state === 'available' ? await this.derive(ref, version, died, signal) : failed('not_available');
    if (await this.derivations.record(context, ref.versionId, record)) return record;
    await this.withdraw(ref);
    return null;
  }

  /** Records that it cannot be done; doing it again later replaces that. */
  async giveUp(context: StepContext, ref: VersionRef): Promise<void> {
    await this.derivations.record(context, ref.versionId, failed('internal'));
  }

  private async derive(
    ref: VersionRef,
    { bucket, mimeType, size }: { bucket: Bucket; mimeType: string; size: number | null },
    died: (reason: string) => DerivationRecord,
    signal: AbortSignal,
  ): Promise<DerivationRecord> {
    if ((size ?? 0) > this.settings.maxBytes) return failed('too_large');
    const outcome = await this.render(objectKey(ref, bucket), mimeType, signal);
    if (outcome === null) return failed('bytes_missing');
    if (outcome.kind === 'died') return died(outcome.reason);
    const { thumbnails, refusal, ...measures } = outcome.rendering;
    for (const thumbnail of thumbnails) await this.put(ref, thumbnail, signal);
    const sizes = [...new Set(thumbnails.map((thumbnail) => thumbnail.size))];
    return { ...measures, thumbnails: sizes, status: refusal === null ? 'done' : 'failed', reason: refusal };
  }

  /** Null: the bytes are not in the store. */
  private async render(key: string, mimeType: string, signal: AbortSignal): Promise<RenderOutcome | null> {
    try {
      const { body } = await this.store.open({ bucket: 'main', key }, undefined, signal);
      return await this.renderer.execute(body, mimeType, signal);
    } catch (error) {
      if (error instanceof ObjectStoreError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  }

  private async put(ref: VersionRef, { size, format, bytes }: Thumbnail, signal: AbortSignal): Promise<void> {
    await this.store.putDerived(thumbnailKey(ref, size, format), Readable.from([bytes]), {
      contentType: `image/${format}`,
      contentDisposition: 'inline',
      signal,
    });
  }

  /** The file was deleted while we worked, perhaps purged already: nobody else would take away what we put. */
  private async withdraw(ref: VersionRef): Promise<void> {
    for await (const { key } of this.store.listMain(`${derivedPrefix(ref)}${ref.versionId}/`))
      await this.store.deleteMain(key);
  }
}
