import { CustodyError } from '@custody/domain';
import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteTable } from './route-table.js';
import { sendProblem } from './send-problem.js';

/** The one way an error leaves the process. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly routes: RouteTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    // Of a resolver: it becomes one of the answer's `errors`.
    if (host.getType<string>() === 'graphql') throw error;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    sendProblem(error instanceof NotFoundException ? this.missing(request, reply) : error, request, reply);
  }

  /** The router says 404 for a known path under another method too; that is 405 with `Allow` (RFC 9110, 15.5.6). */
  private missing(request: FastifyRequest, reply: FastifyReply): CustodyError {
    const methods = this.routes.methodsOf(request.url);
    if (methods.length === 0) return new CustodyError('ROUTE_NOT_FOUND');
    reply.header('allow', methods.join(', '));
    return new CustodyError('METHOD_NOT_ALLOWED');
  }
}
