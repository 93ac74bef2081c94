import { jest } from '@jest/globals';
import { objectStoreConformance, stackStore } from '@custody/testing';
import { probePinning } from '../probe-pinning.js';
import { S3ObjectStore } from './s3-object-store.js';

jest.setTimeout(60_000);

const store = new S3ObjectStore(stackStore('owner'));
afterAll(() => store.close());

objectStoreConformance(async () => ({ store, ...(await probePinning(store, 'copy')) }));
