import { createHash } from 'node:crypto';
import type { RescanRecord } from '@custody/data';
import { ObjectStore } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import { VirusScanner } from '../antivirus/virus-scanner.js';
import { HandBack } from '../scan/interruption.js';
import { ScanVersion } from '../scan/scan-version.service.js';
import { judgeRescan } from './judge-rescan.js';
import type { RescanWork } from './rescan-work.js';

/** Uploads had every place a moment ago: no use to ask again at once. */
const YIELD_SEC = 1;

/** From a claimed rescan to what it found: the same pass as a scan, over the object in main. Writes nothing. */
@Injectable()
export class RescanVersion {
  constructor(
    private readonly scan: ScanVersion,
    private readonly scanner: VirusScanner,
    private readonly store: ObjectStore,
  ) {}

  /** @throws HandBack when an upload needs the place, and what the scan of an upload throws. */
  async execute(work: RescanWork): Promise<RescanRecord> {
    const done = new AbortController();
    const yielding = new AbortController();
    void this.scanner
      .whenCrowded(done.signal)
      .then(() => yielding.abort(new HandBack('an upload comes first', 1, YIELD_SEC)));
    try {
      return await this.look({ ...work, signal: AbortSignal.any([work.signal, yielding.signal]) });
    } catch (error) {
      throw yielding.signal.aborted && !work.signal.aborted ? yielding.signal.reason : error;
    } finally {
      done.abort();
    }
  }

  private async look(work: RescanWork): Promise<RescanRecord> {
    const { version, pinned } = work;
    const head = await this.store.head(pinned, work.signal);
    if (head === null) return { ...UNREAD, outcome: 'missing', detail: 'the object is not in the store' };
    if (head.size !== version.size)
      return {
        ...UNREAD,
        outcome: 'altered',
        detail: `the object has ${head.size} bytes, scanned were ${version.size}`,
      };
    const found = judgeRescan(await this.scan.execute(work), version);
    // Nobody's file is withdrawn for a bit that tipped over on the way: the bytes are read once more.
    if (found.outcome === 'altered' && (await this.hashOf(work)) === version.sha256)
      throw HandBack.counting('the bytes read were not those in the store', version.starts);
    return found;
  }

  private async hashOf({ pinned, signal }: RescanWork): Promise<string> {
    const hash = createHash('sha256');
    const { body } = await this.store.open(pinned, undefined, signal);
    for await (const chunk of body as AsyncIterable<Buffer>) hash.update(chunk);
    return hash.digest('hex');
  }
}

const UNREAD = { signature: null, coverage: 'none', engine: null } as const;
