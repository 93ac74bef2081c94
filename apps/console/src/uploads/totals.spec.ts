import { summaryOf, totalsOf } from './totals.js';
import { Upload, type UploadState } from './upload.js';

function upload(state: UploadState, size: number, sent: number, rate = 0): Upload {
  const made = new Upload('a.pdf', size, { folderId: null });
  made.state.value = state;
  made.sent.value = sent;
  made.rate.value = rate;
  return made;
}

describe('all uploads together', () => {
  it('count what is done while something moves, and no speed of what does not', () => {
    const uploads = [upload('available', 10, 10, 99), upload('uploading', 100, 40, 5), upload('failed', 7, 3)];
    expect(totalsOf(uploads)).toEqual({ size: 110, sent: 50, perSecond: 5, isMoving: true });
  });

  it.each([
    [[upload('uploading', 1, 0), upload('queued', 1, 0)], 'Uploading 2 files'],
    [[upload('uploading', 1, 0), upload('checking', 1, 1)], 'Uploading 1 of 2 files'],
    [[upload('checking', 1, 1), upload('available', 1, 1)], 'Scanning 1 file'],
    [[upload('lost', 1, 1)], '1 upload paused'],
    [[upload('refused', 1, 1), upload('available', 1, 1)], '1 file not accepted, 1 available'],
    [[upload('available', 1, 1)], '1 file available'],
    [[], ''],
  ])('%#: %s', (uploads, words) => {
    expect(summaryOf(uploads)).toBe(words);
  });
});
