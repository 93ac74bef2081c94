import { contextOfRequest, runInRequest } from '@custody/observability';
import type { FastifyInstance } from 'fastify';

/**
 * Opens the context of each request in Fastify's own hooks, so that what fails before Nest (a body, a route) is answered
 * with an id as well, and what runs after a body has arrived finds the context again.
 */
export function installRequestContext(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', contextOfRequest(request.raw).requestId);
    runInRequest(request.raw, done);
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    runInRequest(request.raw, done);
  });
}
