import {
  Inject,
  Module,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { ObjectStore } from './object-store.js';
import { S3ObjectStore } from './s3/s3-object-store.js';
import type { StorageOptions } from './storage.options.js';

export type StorageModuleAsyncOptions = Pick<ModuleMetadata, 'imports'> &
  Pick<FactoryProvider<StorageOptions>, 'inject' | 'useFactory'>;

const STORAGE_OPTIONS = Symbol('STORAGE_OPTIONS');

/** Provides `ObjectStore` to the whole application and closes its connections at shutdown. */
@Module({})
export class StorageModule implements OnApplicationShutdown {
  constructor(@Inject(ObjectStore) private readonly store: ObjectStore) {}

  static forRootAsync(options: StorageModuleAsyncOptions): DynamicModule {
    return {
      module: StorageModule,
      global: true,
      imports: options.imports ?? [],
      providers: [
        { provide: STORAGE_OPTIONS, useFactory: options.useFactory, inject: options.inject ?? [] },
        {
          provide: ObjectStore,
          useFactory: (resolved: StorageOptions) => new S3ObjectStore(resolved),
          inject: [STORAGE_OPTIONS],
        },
      ],
      exports: [ObjectStore],
    };
  }

  onApplicationShutdown(): void {
    if (this.store instanceof S3ObjectStore) this.store.close();
  }
}
