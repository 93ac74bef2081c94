import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Largest JSON body in bytes: 16 KiB of metadata, a name of 5,000 characters, and room for escapes. */
export const BODY_LIMIT = 64 * 1024;

/** A list of 10,000 parts. */
const PARTS_BODY_LIMIT = 2 * 1024 ** 2;
const PARTS_LISTED = /\/multipart\/:uploadId\/complete$/;

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
  fastify.addHook('onRoute', (route) => {
    if (PARTS_LISTED.test(route.url)) route.bodyLimit = PARTS_BODY_LIMIT;
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, parse);
  fastify.addContentTypeParser<string>('*', { parseAs: 'string' }, (request, body, done) => {
    if (request.url.startsWith(STORE_EVENTS)) parse(request, body, done);
    else if (body === '') done(null, undefined);
    else done(new UnsupportedMediaType('Send application/json.'));
  });
}
