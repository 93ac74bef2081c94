import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NestMiddleware } from '@nestjs/common';
import { contextOfRequest, runInRequest } from './request-context.js';

/** Opens the context of each HTTP request and answers with its id. Works on Node's own request, so under Fastify too. */
export class RequestContextMiddleware implements NestMiddleware<IncomingMessage, ServerResponse> {
  use(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    response.setHeader('x-request-id', contextOfRequest(request).requestId);
    runInRequest(request, next);
  }
}
