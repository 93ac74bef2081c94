import { Controller, Get, Header, type Type } from '@nestjs/common';
import { Metrics } from './metrics.js';

/** A new class each time, because HealthModule decorates it. */
export function metricsController(): Type {
  @Controller('metrics')
  class MetricsController {
    constructor(private readonly metrics: Metrics) {}

    @Get()
    @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
    async read(): Promise<string> {
      return this.metrics.text();
    }
  }
  return MetricsController;
}
