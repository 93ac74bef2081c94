export { freshDatabase, type FreshDatabase } from './fresh-database.js';
export { startRedisServer, type RedisServer } from './redis-server.js';
export { waitUntil } from './wait-until.js';
