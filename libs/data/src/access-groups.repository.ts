import { Injectable } from '@nestjs/common';
import type { AccessGroupId, UserId } from '@custody/domain';
import { isOnce, type StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

export interface AccessGroup {
  readonly id: AccessGroupId;
  readonly name: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface AccessGroupMember {
  readonly userId: UserId;
  readonly addedAt: Date;
}

const CREATE = 'SELECT * FROM create_access_group($1, $2, $3)';
const CREATE_ONCE = 'SELECT (o.made).*, o.replayed FROM create_access_group_once($1, $2, $3) o';

/** Groups of users that files can belong to (M35). Absent and foreign groups answer alike. */
@Injectable()
export class AccessGroupsRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Once a key, when the context has one. Throws `ACCESS_GROUP_EXISTS` for a name or an id the tenant has already. */
  async create(context: StepContext, id: AccessGroupId, name: string): Promise<AccessGroup> {
    const [row] = await this.database.call<AccessGroup & { replayed?: boolean }>(
      context,
      isOnce(context) ? CREATE_ONCE : CREATE,
      [id, name],
    );
    const { replayed = false, ...group } = row as AccessGroup & { replayed?: boolean };
    if (isOnce(context)) context.once.replayed = replayed;
    return group;
  }

  async find(context: StepContext, id: AccessGroupId): Promise<AccessGroup | null> {
    const [row] = await this.database.call<AccessGroup>(context, 'SELECT * FROM find_access_group($1, $2)', [id]);
    return row ?? null;
  }

  /** By name, after the given one. */
  async list(context: StepContext, afterName: string | null, limit: number): Promise<AccessGroup[]> {
    return this.database.call(context, 'SELECT * FROM list_access_groups($1, $2, $3)', [afterName, limit]);
  }

  /** Throws `ACCESS_GROUP_EXISTS`. */
  async rename(context: StepContext, id: AccessGroupId, name: string): Promise<AccessGroup | null> {
    const [row] = await this.database.call<AccessGroup>(context, 'SELECT * FROM rename_access_group($1, $2, $3)', [
      id,
      name,
    ]);
    return row ?? null;
  }

  /** `used`: files belong to it, deleted ones that can be restored included. */
  async delete(context: StepContext, id: AccessGroupId): Promise<'deleted' | 'used' | 'absent'> {
    const [row] = await this.database.call<{ outcome: 'deleted' | 'used' | 'absent' }>(
      context,
      'SELECT delete_access_group($1, $2) AS outcome',
      [id],
    );
    return row?.outcome ?? 'absent';
  }

  /** By user id, after the given one. */
  async members(
    context: StepContext,
    id: AccessGroupId,
    after: string | null,
    limit: number,
  ): Promise<AccessGroupMember[]> {
    return this.database.call(context, 'SELECT * FROM list_access_group_members($1, $2, $3, $4)', [id, after, limit]);
  }

  /** False: no such group. */
  async addMember(context: StepContext, id: AccessGroupId, userId: UserId): Promise<boolean> {
    return this.truth(context, 'SELECT add_access_group_member($1, $2, $3) AS ok', [id, userId]);
  }

  /** False: no such group or member. */
  async removeMember(context: StepContext, id: AccessGroupId, userId: UserId): Promise<boolean> {
    return this.truth(context, 'SELECT remove_access_group_member($1, $2, $3) AS ok', [id, userId]);
  }

  private async truth(context: StepContext, text: string, values: readonly unknown[]): Promise<boolean> {
    const [row] = await this.database.call<{ ok: boolean }>(context, text, values);
    return row?.ok ?? false;
  }
}
