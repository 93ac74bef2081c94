import type { Bench, Server } from '../bench.ts';
import type { BenchCase, Line } from '../bench-case.ts';
import { percentile } from '../statistics.ts';
import { download, downloadRate } from '../transfer.ts';
import { storedFile } from './stored-file.ts';

const MIB = 1024 ** 2;
const SMALL_RANGE = { range: 'bytes=1000-1999' };

/** The same bytes through the content door and by a presigned URL from the store. */
async function bothWays(bench: Bench, { port }: Server, size: number) {
  const { fileId, token } = await storedFile(bench, size);
  const base = `http://127.0.0.1:${port}/v1/files/${fileId}`;
  const authorization = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${base}/download-url`, {
    method: 'POST',
    headers: { ...authorization, 'content-type': 'application/json' },
    body: '{}',
  });
  const { url } = (await answer.json()) as { url: string };
  return {
    api: (headers: Record<string, string>, signal?: AbortSignal) =>
      download(`${base}/content`, { ...authorization, ...headers }, signal),
    store: (headers: Record<string, string>, signal?: AbortSignal) => download(url, headers, signal),
  };
}

type Way = (headers: Record<string, string>, signal?: AbortSignal) => ReturnType<typeof download>;

export const streaming: BenchCase = {
  name: 'streaming',
  ceiling: 'GET of the same ranges from S3 by a presigned URL',
  async prepare(bench) {
    const size = (bench.quick ? 8 : 256) * MIB;
    const { api, store } = await bothWays(bench, await bench.api(), size);
    const whole = { range: `bytes=0-${size - 1}` };
    const measure = async (way: Way) => {
      const times: number[] = [];
      for (let turn = 0; turn < (bench.quick ? 10 : 100); turn += 1) times.push((await way(SMALL_RANGE)).firstByteMs);
      return {
        one: await downloadRate(1, bench.measureMs, (signal) => way(whole, signal)),
        sixteen: await downloadRate(16, bench.measureMs, (signal) => way(whole, signal)),
        firstByte: percentile(times, 0.5),
      };
    };
    const rate = (title: string, metric: string): Line => ({
      title,
      metric,
      unit: 'MB/s',
      compared: 'ratio',
      target: { atLeast: 0.8 },
    });
    return {
      lines: [
        rate('range streaming, 1 stream', 'one'),
        rate('range streaming, 16 streams', 'sixteen'),
        {
          title: 'time to the first byte, added',
          metric: 'firstByte',
          unit: 'ms',
          compared: 'difference',
          target: { atMost: 5 },
        },
      ],
      figure: () => measure(api),
      ceiling: () => measure(store),
    };
  },
};

export const gatewayMemory: BenchCase = {
  name: 'gateway-memory',
  ceiling: 'none',
  repeat: 1,
  async prepare(bench) {
    // One that has done nothing else: what other cases made it grow to would count as idle.
    const gateway = await bench.startApp('files-api');
    const { api } = await bothWays(bench, gateway, (bench.quick ? 16 : 1024) * MIB);
    return {
      lines: [
        {
          title: 'gateway, memory over idle, 16 streams of 1 GiB',
          metric: 'added',
          unit: 'MB',
          compared: 'itself',
          target: { atMost: 64 },
        },
      ],
      async figure() {
        await api(SMALL_RANGE);
        const idle = gateway.rss().now;
        let most = idle;
        const sampling = setInterval(() => (most = Math.max(most, gateway.rss().now)), 50);
        await downloadRate(16, bench.quick ? 1_000 : 20_000, (signal) => api({}, signal));
        clearInterval(sampling);
        return { added: (most - idle) / 1e6 };
      },
    };
  },
};
