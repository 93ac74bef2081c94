import { Injectable } from '@nestjs/common';
import { Prisma } from './generated/client.js';
import { SystemDatabase } from './system-database.js';

@Injectable()
export class SystemIdempotencyKeysRepository {
  constructor(private readonly database: SystemDatabase) {}

  /** Forgets up to `limit` keys whose time is over; returns how many. */
  async trim(limit: number): Promise<number> {
    const [row] = await this.database.call<{ trimmed: number }>(
      Prisma.sql`SELECT trim_idempotency_keys(${limit}::int) AS trimmed`,
    );
    return row?.trimmed ?? 0;
  }
}
