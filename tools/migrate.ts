// Applies prisma/migrations; safe to repeat and to run twice at once. Also the command of the migration Job.
// DATABASE_OWNER_URL (else DATABASE_URL): the role that shall own the tables.
import path from 'node:path';
import { migrate } from './stack/migrations.ts';

const url = process.env['DATABASE_OWNER_URL'] || process.env['DATABASE_URL'];
const folder = path.resolve(import.meta.dirname, '../prisma/migrations');

if (!url) {
  console.error('DATABASE_OWNER_URL or DATABASE_URL must name the database');
  process.exit(1);
}
try {
  const applied = await migrate(url, folder);
  console.log(applied.length === 0 ? 'nothing to migrate' : `applied: ${applied.join(', ')}`);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
