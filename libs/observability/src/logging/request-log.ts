import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import { contextOfRequest, logFields, runInRequest } from '../context/request-context.js';

const QUIET = /^\/(health\/(live|ready)|metrics)\b/;

/** Opens the context of each HTTP request, answers with its id, and writes one record when it has ended, however it did. */
@Injectable()
export class RequestLog {
  constructor(
    adapterHost: HttpAdapterHost,
    private readonly log: PinoLogger,
  ) {
    this.watch(adapterHost.httpAdapter);
  }

  /** @param adapter undefined in an application that answers no requests */
  private watch(adapter: HttpAdapterHost['httpAdapter'] | undefined): void {
    const fastify = adapter?.getInstance<FastifyInstance>();
    fastify?.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', contextOfRequest(request.raw).requestId);
      if (!QUIET.test(request.originalUrl)) this.noteEndOf(request, reply);
      runInRequest(request.raw, done);
    });
    // What runs after a body has arrived is called from its stream, outside of the context.
    fastify?.addHook('preValidation', (request, _reply, done) => {
      runInRequest(request.raw, done);
    });
  }

  /** Headers are left out as a whole: nothing in them is worth the risk. */
  private noteEndOf({ raw: request, originalUrl: url }: FastifyRequest, { raw: response }: FastifyReply): void {
    const began = Date.now();
    response.once('close', () => {
      const { statusCode, writableFinished } = response;
      const failed = statusCode >= 500;
      const fields = {
        // The record is written outside of the request's own chain.
        ...logFields(contextOfRequest(request)),
        req: { method: request.method, url },
        res: { statusCode },
        responseTime: Date.now() - began,
      };
      // Whoever threw has logged it.
      if (failed) this.log.error(fields, 'request errored');
      else this.log.info(fields, writableFinished ? 'request completed' : 'request aborted');
    });
  }
}
