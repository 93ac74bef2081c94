export { asyncApiDocument } from './async-api.js';
export * from './attach-file.js';
export * from './cloud-event.js';
export * from './file-events.js';
export * from './jobs.js';
export * from './outbox-event.js';
export * from './webhook-test.js';
