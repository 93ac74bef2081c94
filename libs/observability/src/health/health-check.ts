/** Something a process depends on. `check` rejects while it is away. */
export interface HealthCheck {
  /** As in the answer of /health/ready: `postgres`, `redis`, `s3`, … */
  readonly name: string;
  check(): Promise<unknown>;
  /** Milliseconds; 2,000 when absent. */
  readonly timeoutMs?: number;
  /** `false`: the process goes on without it, so its absence is reported and takes nothing out of rotation. */
  readonly required?: boolean;
}

export type HealthResult = 'ok' | 'failed' | 'timeout';

export interface HealthReport {
  readonly status: 'ok' | 'degraded' | 'unavailable' | 'stopping';
  readonly checks: Readonly<Record<string, HealthResult>>;
}

/** Runs all checks side by side. `complain` gets the reasons: they may name hosts, so the answer does not. */
export async function runChecks(
  checks: readonly HealthCheck[],
  complain: (name: string, reason: unknown) => void,
): Promise<HealthReport> {
  const results = await Promise.all(checks.map(async (check) => [check.name, await run(check, complain)] as const));
  const away = checks.filter((_, index) => results[index]?.[1] !== 'ok');
  const status = away.some(({ required = true }) => required) ? 'unavailable' : away.length > 0 ? 'degraded' : 'ok';
  return { status, checks: Object.fromEntries(results) };
}

async function run(healthCheck: HealthCheck, complain: (name: string, reason: unknown) => void): Promise<HealthResult> {
  const { name, timeoutMs = 2_000 } = healthCheck;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'timeout'>((resolve) => (timer = setTimeout(() => resolve('timeout'), timeoutMs)));
  try {
    const result = await Promise.race([
      Promise.resolve()
        .then(() => healthCheck.check())
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
