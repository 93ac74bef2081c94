import { S3ServiceException } from '@aws-sdk/client-s3';
import { ObjectStoreError, StoreCannotPin, type ObjectStoreErrorCode } from '../object-store.errors.js';

const MOST_OF_A_REFUSAL = 64 * 1024;

/** A request that the store did not grant; S3 API reference, "Error responses": https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export class StoreRefusal extends Error {
  private text = '';

  /** `date`: the header of its answer. */
  constructor(
    readonly status: number,
    private readonly date: string | undefined,
  ) {
    super(`the store answered ${status}`);
  }

  /** More of the body. */
  hear(chunk: Buffer): void {
    if (this.text.length < MOST_OF_A_REFUSAL) this.text += chunk.toString('latin1');
  }

  /** S3's own, such as `NoSuchKey`. */
  get code(): string {
    return /<Code>(\w+)<\/Code>/.exec(this.text)?.[1] ?? 'Unknown';
  }

  /** By the store's clock. */
  get at(): Date {
    return new Date(this.date ?? Date.now());
  }
}

/** Runs one store operation; whatever the SDK or Node throws comes out as an `ObjectStoreError`. */
export async function mapErrors<T>(operation: string, signal: AbortSignal | undefined, run: () => Promise<T>) {
  try {
    signal?.throwIfAborted();
    return await run();
  } catch (error) {
    throw toStoreError(operation, error, signal);
  }
}

export function toStoreError(operation: string, error: unknown, signal?: AbortSignal): Error {
  if (error instanceof ObjectStoreError || error instanceof StoreCannotPin) return error;
  if (signal?.aborted) return new ObjectStoreError('ABORTED', `${operation}: aborted by the caller`);
  const refused = refusalOf(error);
  if (refused !== undefined) {
    const { code, status } = refused;
    return new ObjectStoreError(codeOf(code, status), `${operation}: the store answered ${status} ${code}`);
  }
  return new ObjectStoreError('UNAVAILABLE', `${operation}: ${describe(error)}`);
}

export function isNotFound(error: unknown): boolean {
  if (error instanceof ObjectStoreError) return error.code === 'NOT_FOUND';
  const refused = refusalOf(error);
  return refused !== undefined && codeOf(refused.code, refused.status) === 'NOT_FOUND';
}

/** What the store said no with, to the SDK or to us; undefined of any other failure. */
export function refusalOf(error: unknown): { code: string; status: number | undefined } | undefined {
  if (error instanceof StoreRefusal) return error;
  if (!(error instanceof S3ServiceException)) return undefined;
  return { code: error.name, status: error.$metadata.httpStatusCode };
}

function codeOf(name: string, status: number | undefined): ObjectStoreErrorCode {
  // A missing bucket is a mistake in the deployment and must not read as a missing file.
  if (name === 'NoSuchBucket') return 'INVALID_REQUEST';
  // S3 answers these two with 4xx though the same request may succeed later.
  if (name === 'RequestTimeout' || name === 'ConditionalRequestConflict') return 'UNAVAILABLE';
  if (status === undefined || status >= 500 || status === 429)
    return status === 501 ? 'INVALID_REQUEST' : 'UNAVAILABLE';
  if (status === 401 || status === 403) return 'ACCESS_DENIED';
  if (status === 404) return 'NOT_FOUND';
  if (status === 412) return 'PRECONDITION_FAILED';
  if (status === 416) return 'INVALID_RANGE';
  if (status >= 400) return 'INVALID_REQUEST';
  // An answer of 2xx that could not be understood was cut or mangled on its way.
  return 'UNAVAILABLE';
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'failed without an error';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code ?? error.name;
}
