/** One coded picture. `timestamp` in microseconds, as WebCodecs gives it; `data` in base64. */
export interface VideoChunk {
  readonly timestamp: number;
  readonly key: boolean;
  readonly data: string;
}

/**
 * A seekable WebM (Matroska, RFC 9559) of VP8 pictures: duration and cues at the front, a cluster for each key picture. Every
 * cluster is followed by `padding` bytes of Void, which players skip: a file as large as a long film, made in no time.
 */
export function webmFile(
  chunks: readonly VideoChunk[],
  { width, height, durationMs, padding }: { width: number; height: number; durationMs: number; padding: number },
): Buffer {
  const starts = chunks.flatMap(({ key }, index) => (key ? [index] : []));
  const clusters = starts.map((start, n) => cluster(chunks.slice(start, starts[n + 1]), padding));
  const times = starts.map((start) => milliseconds(chunks[start]));
  const head = Buffer.concat([
    element(
      '1549a966',
      uint('2ad7b1', 1_000_000),
      element('4489', float(durationMs)),
      text('4d80', 'test'),
      text('5741', 'test'),
    ),
    element(
      '1654ae6b',
      element(
        'ae',
        uint('d7', 1),
        uint('73c5', 1),
        uint('83', 1),
        text('86', 'V_VP8'),
        element('e0', uint('b0', width), uint('ba', height)),
      ),
    ),
  ]);
  const cues = (first: number) => {
    let position = first;
    const points = clusters.map(({ length }, n) => {
      const point = element('bb', uint('b3', times[n] ?? 0), element('b7', uint('f7', 1), uint('f1', position)));
      position += length;
      return point;
    });
    return element('1c53bb6b', ...points);
  };
  // Numbers have a fixed width here, so the cues are as long wherever the clusters lie.
  const body = [head, cues(head.length + cues(0).length), ...clusters];
  const ebml = element(
    '1a45dfa3',
    uint('4286', 1),
    uint('42f7', 1),
    uint('42f2', 4),
    uint('42f3', 8),
    text('4282', 'webm'),
    uint('4287', 4),
    uint('4285', 2),
  );
  return Buffer.concat([ebml, element('18538067', ...body)]);
}

function cluster(chunks: readonly VideoChunk[], padding: number): Buffer {
  const start = milliseconds(chunks[0]);
  const blocks = chunks.map((chunk) => {
    const head = Buffer.from([0x81, 0, 0, chunk.key ? 0x80 : 0]);
    head.writeInt16BE(milliseconds(chunk) - start, 1);
    return element('a3', head, Buffer.from(chunk.data, 'base64'));
  });
  return Buffer.concat([element('1f43b675', uint('e7', start), ...blocks), element('ec', Buffer.alloc(padding))]);
}

const milliseconds = (chunk: VideoChunk | undefined): number => Math.round((chunk?.timestamp ?? 0) / 1_000);

/** EBML (RFC 8794): id, size in eight bytes, content. */
function element(id: string, ...content: Buffer[]): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(content.reduce((sum, { length }) => sum + length, 0)));
  size[0] = 1;
  return Buffer.concat([Buffer.from(id, 'hex'), size, ...content]);
}

function uint(id: string, value: number): Buffer {
  const content = Buffer.alloc(8);
  content.writeBigUInt64BE(BigInt(value));
  return element(id, content);
}

function float(value: number): Buffer {
  const content = Buffer.alloc(8);
  content.writeDoubleBE(value);
  return content;
}

const text = (id: string, value: string): Buffer => element(id, Buffer.from(value, 'latin1'));
