/** The rules of one kind of job, as `JOBS` of libs/contracts has them. */
export interface JobContract<T = unknown> {
  readonly queue: string;
  readonly payload: PayloadSchema<T>;
  /** Runs that may fail before the job ends in the failed set; waiting (WaitAndRetry) does not count. */
  readonly attempts: number;
  /** Pause before the second run in milliseconds; doubles with each further run. */
  readonly backoffMs: number;
  /** A run that takes longer is aborted and counts as failed; no limit when absent. */
  readonly timeoutMs?: number | undefined;
}

/** The part of a zod schema that is used here. */
export interface PayloadSchema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: PayloadError };
}

interface PayloadError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** Every kind of job there is, by name. */
export type JobCatalogue = Readonly<Record<string, JobContract>>;

export const queuesOf = (catalogue: JobCatalogue): string[] => [
  ...new Set(Object.values(catalogue).map(({ queue }) => queue)),
];

export const contractOf = (catalogue: JobCatalogue, name: string): JobContract | undefined =>
  Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;

/** Where and why a payload breaks its contract, without the payload itself; at most 500 characters. */
export const explainPayload = ({ issues }: PayloadError): string =>
  issues
    .map(({ path, message }) => `${path.map(String).join('.') || 'payload'}: ${message}`)
    .join('; ')
    .slice(0, 500);
