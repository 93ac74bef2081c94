import { applyDecorators, Catch, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';

/** Handlers with this transport belong to BullMqStrategy and to no other server of a hybrid application. */
export const BULLMQ = Symbol('bullmq');
export const JOB_HANDLER_EXTRAS = { jobHandler: true };

/** The name of a job carries the version of its payload. */
type JobPattern = `${string}.v${number}`;

/** Nest's own filter would replace every error by "Internal server error": the queue must see the real one. */
@Catch()
class PassErrorsOn implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * An `@EventPattern` for one kind of job. The method gets the validated payload and a JobContext as `@Ctx()`; what it
 * throws fails the run. Throw WaitAndRetry to wait without burning an attempt, RefuseJob to fail for good.
 */
export const JobHandler = (name: JobPattern): MethodDecorator =>
  applyDecorators(EventPattern<JobPattern>(name, BULLMQ, JOB_HANDLER_EXTRAS), UseFilters(new PassErrorsOn()));
