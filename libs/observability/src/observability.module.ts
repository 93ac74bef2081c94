import { Module, type DynamicModule, type InjectionToken } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { logOptions, type LogOptions } from './logging/log-options.js';
import { RequestLog } from './logging/request-log.js';

export interface ObservabilityModuleOptions {
  readonly inject?: InjectionToken[];
  readonly useFactory: (...dependencies: never[]) => LogOptions;
}

/** Structured, redacted logs and the request context of every HTTP request. `app.useLogger(app.get(Logger))` to use them. */
@Module({ providers: [RequestLog] })
export class ObservabilityModule {
  static forRoot(options: LogOptions): DynamicModule {
    return ObservabilityModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ inject = [], useFactory }: ObservabilityModuleOptions): DynamicModule {
    const create = useFactory as (...dependencies: unknown[]) => LogOptions;
    return {
      module: ObservabilityModule,
      imports: [
        LoggerModule.forRootAsync({
          inject,
          useFactory: (...dependencies: unknown[]) => logOptions(create(...dependencies)),
        }),
      ],
    };
  }
}
