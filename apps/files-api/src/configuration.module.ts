import type { FilesApiConfig } from '@custody/config';
import { CrashPoints, crashPointsFrom } from '@custody/observability';
import { Module, type DynamicModule } from '@nestjs/common';

/** Injection token of the whole `FilesApiConfig`. */
export const CONFIG = Symbol('FilesApiConfig');

@Module({})
export class ConfigurationModule {
  static with(config: FilesApiConfig): DynamicModule {
    return {
      module: ConfigurationModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: CrashPoints, useValue: crashPointsFrom(config.runtime.crashAt) },
      ],
      exports: [CONFIG, CrashPoints],
    };
  }
}
