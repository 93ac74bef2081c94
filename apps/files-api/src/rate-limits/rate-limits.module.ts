import type { FilesApiConfig } from '@custody/config';
import { RateBudgets } from '@custody/queues';
import { Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { CONFIG } from '../configuration.module.js';
import { WINDOW_SEC } from './policies.js';
import { RateLimitGuard } from './rate-limit.guard.js';

/** Rate limits at every door (ADR 0020). Imported after AuthModule: guards run in the order of their modules. */
@Module({
  providers: [
    {
      provide: RateBudgets,
      inject: [CONFIG],
      useFactory: ({ redis, rateLimits }: FilesApiConfig) =>
        new RateBudgets({
          url: redis.url,
          prefix: redis.prefix,
          timeoutMs: rateLimits.timeoutMs,
          windowMs: WINDOW_SEC * 1_000,
        }),
    },
    { provide: APP_GUARD, useClass: RateLimitGuard },
  ],
})
export class RateLimitsModule implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly budgets: RateBudgets) {}

  async onModuleInit(): Promise<void> {
    await this.budgets.connect();
  }

  onApplicationShutdown(): void {
    this.budgets.close();
  }
}
