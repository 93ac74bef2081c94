import { CustodyError, ERRORS, type ErrorCode, type FieldProblem } from '@custody/domain';
import { GraphQLError, type SourceLocation } from 'graphql';
import { logRefusal } from '../errors/log-refusal.js';
import { toCustodyError } from '../errors/to-custody-error.js';

/** An entry of `errors` of an answer (GraphQL, 7.1.2); `extensions` say what a problem of REST says. */
export interface AnswerError {
  readonly message: string;
  readonly locations?: readonly SourceLocation[];
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: ErrorCode;
    readonly status: number;
    readonly requestId: string;
    readonly errors?: readonly FieldProblem[];
    readonly retryAfterSec?: number;
    readonly original?: string;
    readonly fileId?: string;
    readonly withdrawn?: CustodyError['withdrawn'];
  };
}

const MESSAGE_MAX = 500;
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more that? \d+ tokens/;
/** What a connection calls the parameters of a page. */
const ARGUMENTS: Readonly<Record<string, string>> = { '/limit': '/first', '/cursor': '/after' };

/** Any error as one of the catalogue. Of what we did not foresee, nothing shows. */
export function answerError(error: unknown, requestId: string): AnswerError {
  const refusal = refusalOf(error);
  const { status, title } = ERRORS[refusal.code];
  logRefusal(refusal);
  const { locations, path } = error instanceof GraphQLError ? error : {};
  return {
    message: (refusal.message || title).slice(0, MESSAGE_MAX),
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code: refusal.code, status, requestId, ...detailsOf(refusal) },
  };
}

function detailsOf({ errors, retryAfterSec, original, fileId, withdrawn }: CustodyError) {
  return {
    ...(errors.length > 0 && {
      errors: errors.map(({ pointer, message }) => ({ pointer: ARGUMENTS[pointer] ?? pointer, message })),
    }),
    ...(retryAfterSec !== undefined && { retryAfterSec }),
    ...(original !== undefined && { original }),
    ...(fileId !== undefined && { fileId }),
    ...(withdrawn !== undefined && { withdrawn }),
  };
}

function refusalOf(error: unknown): CustodyError {
  if (!(error instanceof GraphQLError)) return toCustodyError(error);
  const { originalError: cause, path } = error;
  // Without a path: before anything was executed.
  if (cause === undefined || path === undefined) return refusalOfDocument(error);
  // Only what can be found in the document is the caller's doing: an answer that breaks its own type is ours.
  if (cause instanceof GraphQLError && cause.nodes !== undefined) return refusalOfDocument(error);
  if (cause instanceof GraphQLError) return new CustodyError('INTERNAL_ERROR', undefined, { cause });
  return toCustodyError(cause);
}

function refusalOfDocument({ message }: GraphQLError): CustodyError {
  return new CustodyError(TOO_MANY_TOKENS.test(message) ? 'QUERY_TOO_LONG' : 'validation-error', message);
}
