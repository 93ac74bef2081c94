import { Controller, Get, Header, Res, type Type } from '@nestjs/common';
import type { HealthReport } from './health-check.js';
import { ProcessHealth } from './process-health.js';

/** The part of Fastify's reply and of Express' response that is used. */
interface Answer {
  status(code: number): unknown;
}

/** A new class each time, because HealthModule decorates it. */
export function healthController(): Type {
  @Controller('health')
  class HealthController {
    constructor(private readonly health: ProcessHealth) {}

    /** Says that the process runs, nothing else: a dependency that is away is no reason to restart it. */
    @Get('live')
    @Header('cache-control', 'no-store')
    live(): { status: 'ok' } {
      return { status: 'ok' };
    }

    /** 200 when every required check passes, else 503; which did not is named either way. */
    @Get('ready')
    @Header('cache-control', 'no-store')
    async ready(@Res({ passthrough: true }) answer: Answer): Promise<HealthReport> {
      const report = await this.health.report();
      if (report.status === 'unavailable' || report.status === 'stopping') answer.status(503);
      return report;
    }
  }
  return HealthController;
}
