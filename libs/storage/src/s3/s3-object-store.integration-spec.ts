import { objectStoreConformance, stackStore } from '@custody/testing';
import { probePinning } from '../probe-pinning.js';
import { S3ObjectStore } from './s3-object-store.js';

const store = new S3ObjectStore(stackStore('owner'));
afterAll(() => store.close());

objectStoreConformance(async () => ({ store, ...(await probePinning(store, 'copy')) }));
