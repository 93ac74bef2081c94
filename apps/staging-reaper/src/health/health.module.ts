import { Global, Module } from '@nestjs/common';
import { Registry } from 'prom-client';

@Global()
@Module({ providers: [{ provide: Registry, useFactory: () => new Registry() }], exports: [Registry] })
export class HealthModule {}
