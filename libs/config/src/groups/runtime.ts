import { z } from 'zod';
import { group } from '../group.js';
import { choice, optionalText, textOr, wholeNumber } from '../variable.js';

/** What every process has: where it listens, how it logs, how long it may take to stop. */
export const runtime = (name: string, port: number) =>
  group(
    'Process',
    z
      .object({
        NODE_ENV: choice(['production', 'development', 'test'], 'production', { description: 'Kind of deployment' }),
        LOG_LEVEL: choice(['info', 'fatal', 'error', 'warn', 'debug', 'trace', 'silent'], 'info', {
          description: 'Least severe log record that is written',
        }),
        HOST: textOr('127.0.0.1', { description: 'Address to listen on; 0.0.0.0 in a container' }),
        PORT: wholeNumber({ description: 'Port to listen on; 0 takes a free one', min: 0, max: 65_535, default: port }),
        SHUTDOWN_GRACE_SEC: wholeNumber({
          description: 'How long running work may take to finish after SIGTERM before it is handed back',
          unit: 'seconds',
          min: 0,
          max: 3_600,
          default: 25,
        }),
        CRASH_AT: optionalText(
          {
            description: 'Crash points armed by a test, `name=kill` or `name=pause:/directory`; refused in production',
            example: 'after-verdict=kill',
          },
          z
            .string()
            .regex(
              /^[a-z-]+=(kill|pause:[^,]+)(,[a-z-]+=(kill|pause:[^,]+))*$/,
              'must be name=kill or name=pause:/dir',
            ),
        ),
      })
      .refine((v) => v.CRASH_AT === undefined || v.NODE_ENV !== 'production', {
        path: ['CRASH_AT'],
        message: 'must not be set in production',
      }),
    (v) => ({
      name,
      environment: v.NODE_ENV,
      logLevel: v.LOG_LEVEL,
      host: v.HOST,
      port: v.PORT,
      shutdownGraceSec: v.SHUTDOWN_GRACE_SEC,
      crashAt: v.CRASH_AT,
    }),
  );
