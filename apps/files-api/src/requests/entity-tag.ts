import { matchesAny } from '@custody/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Names the representation in `ETag`; true when the client has it already, and the answer is an empty 304 (RFC 9110, 13.1.2). */
export function isKnown(entityTag: string, { headers }: FastifyRequest, reply: FastifyReply): boolean {
  const quoted = `"${entityTag}"`;
  reply.header('etag', quoted);
  if (!matchesAny(headers['if-none-match'], quoted)) return false;
  reply.code(304);
  return true;
}
