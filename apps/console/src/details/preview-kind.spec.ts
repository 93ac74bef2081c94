import { previewKind } from './preview-kind.js';

const file = (mimeType: string, size = 1_000, status: 'available' | 'rejected' = 'available') => ({
  mimeType,
  size,
  status,
});

describe('what can be looked at', () => {
  it.each([
    [file('image/png'), 'image'],
    [file('image/svg+xml'), 'none'],
    [file('video/webm'), 'video'],
    [file('audio/mpeg'), 'audio'],
    [file('application/pdf'), 'pdf'],
    [file('application/pdf', 10 ** 9), 'none'],
    [file('text/csv'), 'text'],
    [file('application/octet-stream'), 'none'],
    [file('image/png', 1_000, 'rejected'), 'none'],
  ])('%j: %s', (given, kind) => {
    expect(previewKind(given)).toBe(kind);
  });
});
