import type { FilesApiConfig } from '@custody/config';
import { Module, type DynamicModule } from '@nestjs/common';

/** Injection token of the whole `FilesApiConfig`. */
export const CONFIG = Symbol('FilesApiConfig');

@Module({})
export class ConfigurationModule {
  static with(config: FilesApiConfig): DynamicModule {
    return {
      module: ConfigurationModule,
      global: true,
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
