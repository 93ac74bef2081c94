import type { IncomingMessage, ServerResponse } from 'node:http';
import { destination, stdTimeFunctions, type DestinationStream, type LevelWithSilent } from 'pino';
import type { Params } from 'nestjs-pino';
import { contextOfRequest, currentContext, logFields } from '../context/request-context.js';
import { recordRedaction } from './redaction.js';

export interface LogOptions {
  /** Of the process; in every record. */
  readonly name: string;
  readonly level: LevelWithSilent;
  /** Values of this process that must never be written: passwords, keys, tokens. Shorter than 8 characters are ignored. */
  readonly secrets?: readonly string[];
  /** Standard output when absent. */
  readonly destination?: DestinationStream;
}

const QUIET = /^\/(health\/(live|ready)|metrics)\b/;

/** nestjs-pino's settings: one redacted JSON record a line, no headers, the request context in each. */
export function logOptions({ name, level, secrets = [], destination: out = destination(1) }: LogOptions): Params {
  const redact = recordRedaction(secrets);
  const stream: DestinationStream = { write: (record) => out.write(redact(record)) };
  return {
    // nestjs-pino's own default, `{/*splat}`, matches nothing under Fastify.
    forRoutes: ['{*path}'],
    pinoHttp: [
      {
        name,
        level,
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        mixin: contextFields,
        genReqId: (request) => contextOfRequest(request).requestId,
        quietReqLogger: true,
        serializers: {
          req: requestFields,
          res: (response: ServerResponse) => ({ statusCode: response.statusCode }),
          // The context names the request already.
          reqId: () => undefined,
        },
        customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'info'),
        customSuccessObject: (request, _response, fields: object) => ({ ...fieldsOf(request), ...fields }),
        // Whoever threw has logged it; pino-http's own error says nothing but the status code.
        customErrorObject: (request, _response, _error, { err: _err, ...fields }: Record<string, unknown>) => ({
          ...fieldsOf(request),
          ...fields,
        }),
        autoLogging: { ignore: (request) => QUIET.test(pathOf(request)) },
      },
      stream,
    ],
  };
}

function contextFields(): object {
  const context = currentContext();
  return context ? logFields(context) : {};
}

/** For the record that closes a request: it is written outside of the request's own chain. */
const fieldsOf = (request: IncomingMessage): object => logFields(contextOfRequest(request));

/** Fastify's middleware engine cuts the path it matched off `url`. */
const pathOf = (request: { url?: string | undefined; originalUrl?: string }): string =>
  request.originalUrl ?? request.url ?? '';

/** Headers are left out as a whole: nothing in them is worth the risk. */
const requestFields = ({ method, url }: Pick<IncomingMessage, 'method' | 'url'>) => ({ method, url });
