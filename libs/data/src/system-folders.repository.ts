import { Injectable } from '@nestjs/common';
import { Prisma } from './generated/client.js';
import { SystemDatabase } from './system-database.js';

/** What one step did: files deleted, and folders handed on to later steps. */
export interface EmptyingStep {
  readonly files: number;
  readonly folders: number;
  readonly emptied: boolean;
}

/** Deleted folders whose contents are still there, across tenants. */
@Injectable()
export class SystemFoldersRepository {
  constructor(private readonly database: SystemDatabase) {}

  /** Deletes up to `limit` files of one such folder, in one transaction; null: there is none that nobody else is at. */
  async emptyNext(limit: number): Promise<EmptyingStep | null> {
    const rows = await this.database.call<EmptyingStep>(Prisma.sql`SELECT * FROM empty_deleted_folder(${limit}::int)`);
    return rows[0] ?? null;
  }
}
