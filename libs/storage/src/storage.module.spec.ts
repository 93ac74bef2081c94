import { Injectable, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ObjectStore } from './object-store.js';
import { S3ObjectStore } from './s3/s3-object-store.js';
import { StorageModule } from './storage.module.js';

@Injectable()
class Consumer {
  constructor(readonly store: ObjectStore) {}
}

@Module({ providers: [Consumer] })
class SliceModule {}

describe('StorageModule', () => {
  it('gives every module the one store, made from the options of the application', async () => {
    const useFactory = () => ({
      endpoint: 'http://store.example',
      region: 'us-east-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      stagingBucket: 'staging',
      mainBucket: 'main',
      forcePathStyle: true,
      sse: 'none' as const,
    });
    @Module({ imports: [StorageModule.forRootAsync({ useFactory }), SliceModule] })
    class AppModule {}
    Logger.overrideLogger(false);
    const app = await NestFactory.createApplicationContext(AppModule);
    const { store } = app.get(Consumer);
    expect(store).toBeInstanceOf(S3ObjectStore);
    expect((await store.presignGet({ key: 'k', expiresInSec: 60 })).url).toMatch(/^http:\/\/store\.example\/main\/k\?/);
    await app.close();
  });
});
