export { freshDatabase, type FreshDatabase } from './fresh-database.js';
export { randomStream } from './object-store/object-store.bench.js';
export { objectStoreConformance, type ObjectStoreUnderTest } from './object-store/object-store.conformance.js';
export type { ObjectStoreShape } from './object-store/object-store.shape.js';
export { stackEnv } from './stack-env.js';
export { stackStore } from './stack-store.js';
export { freshBuckets, type FreshBuckets } from './fresh-buckets.js';
