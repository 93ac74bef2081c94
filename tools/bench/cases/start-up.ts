import { APP_NAMES } from '../../stack/apps.ts';
import type { BenchCase, Line } from '../bench-case.ts';

export const startUp: BenchCase = {
  name: 'start-up',
  ceiling: 'none',
  async prepare(bench) {
    const settings = { NOTIFY_SINK_URL: 'http://127.0.0.1:9/' };
    const measure = async () => {
      const seconds: Record<string, number> = {};
      for (const name of APP_NAMES) {
        const begin = performance.now();
        const app = await bench.startApp(name, settings);
        seconds[name] = (performance.now() - begin) / 1000;
        await app.stop();
      }
      return seconds;
    };
    // Warm: files are in memory and compiled code is kept.
    await measure();
    const line = (name: string): Line => ({
      title: `${name}, start to ready, warm`,
      metric: name,
      unit: 's',
      compared: 'itself',
      target: { atMost: 2 },
    });
    return { lines: APP_NAMES.map(line), figure: measure };
  },
};
