import type { AttachFilePayload } from '@custody/contracts';
import type { FileId, Subject } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { FileRecord } from './records.js';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

export interface LinkedFile extends FileRecord {
  readonly linkedAt: Date;
}

export type AttachOutcome = 'linked' | 'repeated' | 'deleted' | 'missing';

/** Which files are about which subject (M14). */
@Injectable()
export class SubjectLinksRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** May be repeated. False: no such file for the actor to change. */
  async link(context: StepContext, fileId: FileId, { type, id }: Subject): Promise<boolean> {
    const [row] = await this.database.call<{ found: boolean }>(
      context,
      'SELECT link_subject($1, $2, $3, $4) AS found',
      [fileId, type, id],
    );
    return row?.found ?? false;
  }

  /** Takes an attach event, once. `missing`: the tenant has no such file, or not yet. */
  async attach(context: StepContext, event: AttachFilePayload): Promise<AttachOutcome> {
    const { eventId, fileId, subject, actorId } = event;
    const [row] = await this.database.call<{ outcome: AttachOutcome }>(
      context,
      'SELECT attach_file($1, $2, $3, $4, $5, $6) AS outcome',
      [eventId, fileId, subject.type, subject.id, actorId],
    );
    return row?.outcome ?? 'missing';
  }

  /** `absent`: no such file for the actor to change; `unlinked`: there was no such link. */
  async unlink(context: StepContext, fileId: FileId, { type, id }: Subject): Promise<'done' | 'absent' | 'unlinked'> {
    const [row] = await this.database.call<{ outcome: 'done' | 'absent' | 'unlinked' }>(
      context,
      'SELECT unlink_subject($1, $2, $3, $4) AS outcome',
      [fileId, type, id],
    );
    return row?.outcome ?? 'absent';
  }

  /** Those the actor sees, the last linked first, after the given one. */
  async filesOf(
    context: StepContext,
    { type, id }: Subject,
    after: { readonly linkedAt: Date; readonly fileId: string } | null,
    limit: number,
  ): Promise<LinkedFile[]> {
    return this.database.call(context, 'SELECT linked_at, (details).* FROM files_of_subject($1, $2, $3, $4, $5, $6)', [
      type,
      id,
      after?.linkedAt ?? null,
      after?.fileId ?? null,
      limit,
    ]);
  }
}
