import { ERRORS, type CustodyError } from '@custody/domain';
import { Logger } from '@nestjs/common';

const log = new Logger('Problem');

/** The record of a refusal that is no caller's doing, whatever door it leaves by: with what an operator looks for, and clients are not told. */
export function logRefusal({ code, message, cause }: CustodyError): void {
  if (code === 'INTERNAL_ERROR') log.error(cause);
  else if (ERRORS[code].status >= 500)
    log.warn(`${code}: ${message}${cause instanceof Error ? ` (${cause.message})` : ''}`);
}
