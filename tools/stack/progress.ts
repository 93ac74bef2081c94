/** Tells a person what start-up is doing: one line a step, with the time it took. */
export interface Progress {
  /** Runs `work`; prints its line when it ends, and when it fails. */
  step<T>(label: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T>;
  readonly warn: (text: string) => void;
  readonly say: (text: string) => void;
}

const DETAIL_EVERY_MS = 5_000;

export function consoleProgress(out: NodeJS.WriteStream = process.stdout): Progress {
  const begin = Date.now();
  const seconds = (from: number) => `${((Date.now() - from) / 1000).toFixed(1)}s`;
  const line = (text: string) => void out.write(`${out.isTTY ? '\r\x1b[K' : ''}${text}\n`);

  const step: Progress['step'] = async (label, work) => {
    const from = Date.now();
    let lastDetail = from;
    const detail = (text: string) => {
      const short = text.slice(0, 100);
      if (out.isTTY) out.write(`\r\x1b[K  … ${label}: ${short}`);
      else if (Date.now() - lastDetail > DETAIL_EVERY_MS) {
        lastDetail = Date.now();
        line(`  … ${label}: ${short}`);
      }
    };
    try {
      const result = await work(detail);
      line(`  ✓ ${label.padEnd(28)} ${seconds(from).padStart(6)}   (at ${seconds(begin)})`);
      return result;
    } catch (error) {
      line(`  ✗ ${label} (${seconds(from)})`);
      throw error;
    }
  };
  return { step, warn: (text) => line(`  ! ${text}`), say: line };
}

/** For throw-away stacks: says nothing but warnings. */
export function quietProgress(warn: (text: string) => void = () => {}): Progress {
  return { step: (_label, work) => work(() => {}), warn, say: () => {} };
}
