import { CustodyError } from '../errors.js';
import type { Problem } from '../generated/operations.js';

/** The error an answer stands for that is not 2xx. */
export async function problemOf(response: Response): Promise<CustodyError> {
  const { status, headers } = response;
  const detail = { status, requestId: headers.get('x-request-id') ?? undefined, retryAfter: retryAfterOf(headers) };
  const text = await response.text().catch(() => '');
  const problem = parse(text);
  if (problem === undefined)
    return new CustodyError('UNEXPECTED_ANSWER', `the answer ${status} is none of the service's`, detail);
  const { code, requestId, errors } = problem;
  const wrong = errors.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ');
  const message = wrong === '' ? problem.detail : `${problem.detail} ${wrong}`;
  return new CustodyError(code, message, { ...detail, requestId, errors, problem });
}

/** Seconds, from either form of the header (RFC 9110, 10.2.3). */
export function retryAfterOf(headers: Pick<Headers, 'get'>, now = Date.now()): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function parse(text: string): Problem | undefined {
  try {
    const body = JSON.parse(text) as Partial<Problem> | null;
    if (typeof body?.code !== 'string' || typeof body.detail !== 'string') return undefined;
    return { ...(body as Problem), errors: body.errors ?? [] };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
