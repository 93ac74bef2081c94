import { Injectable } from '@nestjs/common';
import { Prisma } from './generated/client.js';
import { SystemDatabase } from './system-database.js';

/** Forgets old events of every tenant. */
@Injectable()
export class SystemFileEventsRepository {
  constructor(private readonly database: SystemDatabase) {}

  /** Deletes up to `limit` events older than `keepSec`; returns how many. */
  async trim(keepSec: number, limit: number): Promise<number> {
    const [row] = await this.database.call<{ trimmed: number }>(
      Prisma.sql`SELECT trim_file_events(make_interval(secs => ${keepSec}::float8), ${limit}::int) AS trimmed`,
    );
    return row?.trimmed ?? 0;
  }
}
