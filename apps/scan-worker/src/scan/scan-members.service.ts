import { tmpdir } from 'node:os';
import type { MembersCheckpoint, ScanCheckpoint } from '@custody/data';
import { ObjectStore } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import { VirusScanner } from '../antivirus/virus-scanner.js';
import { archiveFormat, FORMAT_HEAD_BYTES } from '../inspect/archive-format.js';
import { ByteReader } from '../inspect/byte-reader.js';
import { inspectContent } from '../inspect/inspect-archive.js';
import { Inspection, INSPECTION_DEFAULTS, LARGE_ARCHIVE_LIMITS, Unscannable } from '../inspect/inspection.js';
import { BlockReader, type RandomAccess } from '../inspect/random-access.js';
import { walkArchive } from '../inspect/walk-archive.js';
import { MemberFeed } from './member-feed.js';
import { pinnedAccess } from './pinned-access.js';
import { SaveCheckpoint } from './save-checkpoint.service.js';
import { ScanSettings } from './scan-settings.js';
import type { Work } from './work.js';

/** Read ahead of what is unpacked, and kept: two of them are in memory. */
const BLOCK_BYTES = 2 * 1024 ** 2;
const SAVE_EVERY_MS = 2_000;

/**
 * Every file of an archive that the engine cannot take whole, by itself through the engine (S13): zip and its family, tar, gzip and tar.gz,
 * unpacked in a stream. Archives in it must fit the engine and are inspected as any small one. Where it is, is written down between files and
 * between the windows of a file.
 */
@Injectable()
export class ScanMembers {
  constructor(
    private readonly store: ObjectStore,
    private readonly scanner: VirusScanner,
    private readonly saveCheckpoint: SaveCheckpoint,
    private readonly settings: ScanSettings,
  ) {}

  /**
   * @returns the checkpoint to go on from, with every file clean.
   * @throws NotClean, Unscannable, LeaseLost, what the engine and the store throw, or the signal's reason.
   */
  async execute(
    work: Work,
    kind: Parameters<typeof walkArchive>[1],
    from: ScanCheckpoint & { archive: MembersCheckpoint },
  ): Promise<ScanCheckpoint> {
    const size = work.version.size ?? 0;
    const inspection = new Inspection(
      { ...INSPECTION_DEFAULTS, ...LARGE_ARCHIVE_LIMITS, scratchDirectory: tmpdir() },
      work.signal,
      size,
    );
    inspection.members = from.archive.members;
    inspection.bytes = from.archive.bytes;
    let place = from.archive;
    let savedAt = performance.now();
    let savedBytes = place.bytes;
    const save = async (next: MembersCheckpoint, isDue: boolean): Promise<void> => {
      place = next;
      const often = Math.min(this.settings.windowBytes, this.settings.maxStreamBytes);
      if (!isDue && performance.now() - savedAt < SAVE_EVERY_MS && next.bytes - savedBytes < often) return;
      [savedAt, savedBytes] = [performance.now(), next.bytes];
      await this.saveCheckpoint.execute(work, { ...from, archive: next });
    };

    let isWalking = false;
    const file = watched(pinnedAccess(this.store, work, {}), (end) => {
      if (isWalking) work.progress.scannedBytes = Math.max(work.progress.scannedBytes, end);
    });
    await walkArchive(new BlockReader(file, BLOCK_BYTES, 2), kind, inspection, place, async (content, position) => {
      isWalking = true;
      const feed = new MemberFeed(
        this.scanner,
        this.settings,
        place.offset,
        (offset) => save({ ...place, offset, windowed: true }, true),
        work.signal,
      );
      await this.scan(content, feed, inspection);
      await save(
        {
          members: place.members + 1,
          position: position(),
          offset: 0,
          bytes: inspection.bytes,
          windowed: place.windowed || feed.windows > 0,
          finished: false,
        },
        false,
      );
    });
    work.progress.scannedBytes = size;
    await save({ ...place, finished: true }, true);
    return { ...from, archive: place };
  }

  private async scan(content: AsyncIterable<Buffer>, feed: MemberFeed, outer: Inspection): Promise<void> {
    const { maxStreamBytes } = this.settings;
    const reader = new ByteReader(content);
    const inner = new Inspection(
      {
        ...INSPECTION_DEFAULTS,
        maxMemberBytes: Math.min(INSPECTION_DEFAULTS.maxMemberBytes, maxStreamBytes),
        scratchDirectory: tmpdir(),
      },
      outer.signal,
      maxStreamBytes,
    );
    try {
      const { kind } = archiveFormat(await reader.peek(FORMAT_HEAD_BYTES));
      const bytes = feed.through(reader.through());
      // A larger one holds more than its inspection allows; a zip of this size goes to the scratch directory.
      const most = Math.min(maxStreamBytes, INSPECTION_DEFAULTS.maxTotalBytes);
      await inspectContent(kind === 'plain' ? bytes : atMost(bytes, most), inner, 1);
      await feed.end();
    } finally {
      feed.abandon();
      await reader.close();
    }
    // What archives in it hold counts against the bounds of the whole.
    outer.bytes += inner.bytes;
  }
}

/** An archive that the engine has to take in pieces is opened by nobody. */
async function* atMost(content: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new Unscannable('archive_member_size', `an archive of more than ${maxBytes} bytes in it`);
    yield chunk;
  }
}

function watched(file: RandomAccess, seen: (end: number) => void): RandomAccess {
  return {
    size: file.size,
    async read(offset, length, signal) {
      const bytes = await file.read(offset, length, signal);
      seen(offset + length);
      return bytes;
    },
  };
}
