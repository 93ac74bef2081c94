import { requestOf } from '@custody/auth';
import type { ExecutionContext } from '@nestjs/common';
import type { GraphQLResolveInfo } from 'graphql';
import type { FastifyReply } from 'fastify';
import type { MercuriusContext } from 'mercurius';
import type { CallingRequest } from '../requests/caller.decorator.js';
import { fingerprintOf } from './fingerprint.js';
import { keyOf } from './idempotency-key.js';

/** A call of a creating door under a key. */
export interface KeyedCall {
  readonly key: string;
  readonly fingerprint: string;
  readonly reply: FastifyReply;
}

/** Undefined without an `Idempotency-Key`. Throws `validation-error`. */
export function keyedCall(execution: ExecutionContext): KeyedCall | undefined {
  const request = requestOf(execution) as unknown as CallingRequest;
  const key = keyOf(request.headers['idempotency-key']);
  if (key === undefined) return undefined;
  return execution.getType<string>() === 'graphql' ? ofMutation(key, execution) : ofRequest(key, request, execution);
}

function ofRequest(key: string, { method, url, body }: CallingRequest, execution: ExecutionContext): KeyedCall {
  const [path = ''] = url.split('?', 1);
  const reply = execution.switchToHttp().getResponse<FastifyReply>();
  return { key, fingerprint: fingerprintOf(method, path, body), reply };
}

/** One document may create several things: each has the key of the request and its own name in the answer. */
function ofMutation(key: string, execution: ExecutionContext): KeyedCall {
  const [, args, { reply }, { fieldName, path }] =
    execution.getArgs<[unknown, unknown, MercuriusContext, GraphQLResolveInfo]>();
  return { key: `${key}\n${path.key}`, fingerprint: fingerprintOf('MUTATION', fieldName, args), reply };
}
