import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Largest JSON body in bytes: 16 KiB of metadata, a name of 5,000 characters, and room for escapes. */
export const BODY_LIMIT = 64 * 1024;

const STORE_EVENTS = '/internal/s3-events';

class UnsupportedMediaType extends Error {
  readonly statusCode = 415;
}

/** JSON at every door, an empty body being none; stores post events as JSON under whatever name they like. */
export function installBodyParsers(fastify: FastifyInstance): void {
  const json = fastify.getDefaultJsonParser('error', 'error');
  const parse = (request: FastifyRequest, body: string, done: (error: Error | null, value?: unknown) => void) => {
    if (body === '') done(null, undefined);
    else void json(request, body, done);
  };
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, parse);
  fastify.addContentTypeParser<string>('*', { parseAs: 'string' }, (request, body, done) => {
    if (request.url.startsWith(STORE_EVENTS)) parse(request, body, done);
    else if (body === '') done(null, undefined);
    else done(new UnsupportedMediaType('Send application/json.'));
  });
}
