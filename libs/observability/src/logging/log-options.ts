import { destination, stdTimeFunctions, type DestinationStream, type LevelWithSilent } from 'pino';
import type { Params } from 'nestjs-pino';
import { currentContext, logFields } from '../context/request-context.js';
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

/** nestjs-pino's settings: one redacted JSON record a line, the request context in each. */
export function logOptions({ name, level, secrets = [], destination: out = destination(1) }: LogOptions): Params {
  const redact = recordRedaction(secrets);
  const stream: DestinationStream = { write: (record) => out.write(redact(record)) };
  return {
    // The record of a request is written by `RequestLog`: pino-http makes three loggers for each.
    forRoutes: [],
    pinoHttp: [
      {
        name,
        level,
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        mixin: contextFields,
        // `RequestLog` hands over what is to be written, not requests and responses of Node.
        wrapSerializers: false,
        serializers: { req: asItIs, res: asItIs },
      },
      stream,
    ],
  };
}

const asItIs = (fields: object): object => fields;

function contextFields(): object {
  const context = currentContext();
  return context ? logFields(context) : {};
}
