import { AuthError } from '@custody/auth';
import { ERRORS } from '@custody/domain';
import { contextOfRequest } from '@custody/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { logRefusal } from './log-refusal.js';
import { PROBLEM_TYPE, toProblem, type Problem } from './problem.js';
import { toCustodyError } from './to-custody-error.js';

/** Renders any error from the catalogue; an answer that has begun can only be cut. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = toCustodyError(error);
  logRefusal(refusal);
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  if (refusal.retryAfterSec !== undefined) reply.header('retry-after', String(refusal.retryAfterSec));
  if (refusal instanceof AuthError && refusal.challenge !== null) reply.header('www-authenticate', refusal.challenge);
  const { requestId } = contextOfRequest(request.raw);
  reply
    .code(ERRORS[refusal.code].status)
    .header('cache-control', 'no-store')
    .header('x-request-id', requestId)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(forReader(request, toProblem(refusal, requestId))));
}

/** Uppy shows its user the member `message` and reads no other. */
function forReader({ url }: FastifyRequest, problem: Problem): Problem {
  return url.startsWith('/uppy/') ? { ...problem, message: problem.detail } : problem;
}
