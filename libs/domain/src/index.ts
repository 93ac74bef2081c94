export * from './buckets.js';
export * from './errors.js';
export * from './file-types.js';
export * from './ids.js';
export * from './object-keys.js';
export * from './scopes.js';
export * from './verdict.js';
export * from './version-state.js';
