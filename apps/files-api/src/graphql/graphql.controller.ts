import { RequireToken } from '@custody/auth';
import { CustodyError } from '@custody/domain';
import { contextOfRequest } from '@custody/observability';
import { Body, Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerError, type AnswerError } from './graphql-errors.js';
import { graphqlRequestSchema, type GraphqlRequest } from './graphql.schema.js';

/** GraphQL over HTTP: the media type under which a status other than 200 is meant. */
const GRAPHQL_RESPONSE = 'application/graphql-response+json';

/**
 * The door of GraphQL (M42). Who has no token, and what is no GraphQL request, is answered as at any other door; a document that
 * is refused before it is executed gets 400 and `errors` alone; what was executed gets 200, whatever became of its fields.
 */
@Controller('graphql')
@RequireToken()
export class GraphqlController {
  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async execute(
    @Body({ schema: graphqlRequestSchema }) { query, variables, operationName }: GraphqlRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    if (request.headers.accept?.includes(GRAPHQL_RESPONSE)) reply.type(`${GRAPHQL_RESPONSE}; charset=utf-8`);
    const name = operationName ?? undefined;
    try {
      refuseJson(query);
      return await reply.graphql(query, { operationName: name }, variables ?? {}, name);
    } catch (error) {
      reply.code(400);
      return { errors: refusals(error, contextOfRequest(request.raw).requestId) };
    }
  }
}

/** Mercurius would take a syntax tree in JSON for a document; nothing has checked that it is one. */
function refuseJson(query: string): void {
  try {
    JSON.parse(query);
  } catch {
    return;
  }
  throw new CustodyError('validation-error', 'The document is not GraphQL.');
}

/** Throws what is no refusal of the document. */
function refusals(error: unknown, requestId: string): AnswerError[] {
  if (error instanceof CustodyError) return [answerError(error, requestId)];
  const { code, errors } = error as { code?: unknown; errors?: readonly unknown[] };
  if (code !== 'MER_ERR_GQL_VALIDATION' || errors === undefined) throw error;
  return errors.map((one) => answerError(one, requestId));
}
