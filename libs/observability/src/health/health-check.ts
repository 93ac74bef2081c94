/** Something a process cannot work without. `check` rejects while it is away. */
export interface HealthCheck {
  /** As in the answer of /health/ready: `postgres`, `redis`, `s3`, … */
  readonly name: string;
  check(): Promise<unknown>;
  /** Milliseconds; 2,000 when absent. */
  readonly timeoutMs?: number;
}

export type HealthResult = 'ok' | 'failed' | 'timeout';

export interface HealthReport {
  readonly status: 'ok' | 'unavailable' | 'stopping';
  readonly checks: Readonly<Record<string, HealthResult>>;
}

/** Runs all checks side by side. `complain` gets the reasons: they may name hosts, so the answer does not. */
export async function runChecks(
  checks: readonly HealthCheck[],
  complain: (name: string, reason: unknown) => void,
): Promise<HealthReport> {
  const results = await Promise.all(checks.map(async (check) => [check.name, await run(check, complain)] as const));
  const status = results.every(([, result]) => result === 'ok') ? 'ok' : 'unavailable';
  return { status, checks: Object.fromEntries(results) };
}

async function run(
  { name, check, timeoutMs = 2_000 }: HealthCheck,
  complain: (name: string, reason: unknown) => void,
): Promise<HealthResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'timeout'>((resolve) => (timer = setTimeout(() => resolve('timeout'), timeoutMs)));
  try {
    const result = await Promise.race([
      Promise.resolve()
        .then(check)
        .then((): HealthResult => 'ok'),
      late,
    ]);
    if (result === 'timeout') complain(name, `no answer within ${timeoutMs} ms`);
    return result;
  } catch (error) {
    complain(name, error);
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}
