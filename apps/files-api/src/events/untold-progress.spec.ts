import type { RunningScan } from '@custody/data';
import { newId, type FileId, type VersionId } from '@custody/domain';
import { UntoldProgress } from './untold-progress.js';

describe('progress on a stream', () => {
  const scan = (): RunningScan => ({
    ...{ fileId: newId<FileId>(), versionId: newId<VersionId>() },
    ...{ scannedBytes: 1, totalBytes: 9, at: '2026-11-22T12:00:00.000Z' },
  });

  it('tells each report once, as a block without an id', () => {
    const untold = new UntoldProgress();
    const [one, other] = [scan(), scan()];
    const { fileId, versionId, at } = one;
    const data = JSON.stringify({ fileId, versionId, scannedBytes: 1, totalBytes: 9, at });
    expect(untold.take([one])).toBe(`event: file.progress\ndata: ${data}\n\n`);
    expect(untold.take([one])).toBe('');
    expect(untold.take([one, other])).toContain(other.versionId);
    expect(untold.take([{ ...one, at: '2026-11-22T12:00:05.000Z' }, other])).not.toContain(other.versionId);
  });

  it('forgets what does not run any more', () => {
    const untold = new UntoldProgress();
    const one = scan();
    untold.take([one]);
    expect(untold.take([])).toBe('');
    expect(untold.take([one])).toContain(one.versionId);
  });
});
