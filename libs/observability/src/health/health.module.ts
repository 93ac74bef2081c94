import { Module, type DynamicModule, type InjectionToken, type ModuleMetadata } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { metricsController } from '../metrics/metrics.controller.js';
import type { HealthCheck } from './health-check.js';
import { healthController } from './health.controller.js';
import { HEALTH_CHECKS, ProcessHealth } from './process-health.js';

export interface HealthModuleOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: InjectionToken[];
  readonly useFactory: (...dependencies: never[]) => readonly HealthCheck[];
  /** Put on both controllers; `[Public('probes and scrapers carry no token')]` where doors are guarded. */
  readonly decorators?: readonly ClassDecorator[];
}

/** `/health/live`, `/health/ready` and `/metrics`; exports Metrics. */
@Module({})
export class HealthModule {
  static forRootAsync({ imports = [], inject = [], useFactory, decorators = [] }: HealthModuleOptions): DynamicModule {
    const create = useFactory as (...dependencies: unknown[]) => readonly HealthCheck[];
    const controllers = [healthController(), metricsController()];
    for (const controller of controllers) for (const decorate of decorators) decorate(controller);
    return {
      module: HealthModule,
      global: true,
      imports,
      controllers,
      providers: [{ provide: HEALTH_CHECKS, inject, useFactory: create }, ProcessHealth, Metrics],
      exports: [Metrics, ProcessHealth],
    };
  }
}
