import { canTransition, VERSION_STATES, type VersionState } from '@custody/domain';
import type { DatabaseEvidence, TrailRow, VersionRow } from './database-evidence.js';
import { violation, type Violation } from './violation.js';

/** What the caller knows about the moment: whether work may still be going on. */
export interface Expectations {
  /** Nothing is pending any more: every version has ended or is held (I3). */
  readonly settled: boolean;
  /** Every event has reached its queue (I4). */
  readonly published: boolean;
  /** The pending limit of a tenant (I5). */
  readonly pendingLimit: number;
}

export function databaseViolations(evidence: DatabaseEvidence, expectations: Expectations): Violation[] {
  return [
    ...evidence.versions.flatMap((row) => [
      ...versionViolations(row, expectations),
      ...trailViolations(row, evidence.trail.get(row.id) ?? []),
      ...eventViolations(row, evidence, expectations),
    ]),
    ...quotaViolations(evidence, expectations),
  ];
}

/** The verdict of a rescan that withdraws, by the reason it gives. */
const WITHDRAWN_BY: Readonly<Record<string, string>> = { infected: 'infected', checksum_mismatch: 'mismatch' };
const ENDED: readonly VersionState[] = ['available', 'rejected', 'held'];

function* versionViolations(row: VersionRow, { settled }: Expectations): Generator<Violation> {
  if (settled && !ENDED.includes(row.state)) yield violation('I3', row.id, `is still ${row.state}`);
  if (row.withdrawn && (row.state !== 'rejected' || WITHDRAWN_BY[row.reason ?? ''] !== row.verdict))
    yield violation('I7', row.id, `was withdrawn as ${row.reason} with the verdict ${row.verdict}`);
  if (row.state !== 'clean' && row.state !== 'available') return;
  if (row.verdict !== 'clean' && row.verdict !== 'released')
    yield violation('I1', row.id, `is ${row.state} with the verdict ${row.verdict}`);
  const seen = row.coverage !== null && row.coverage !== 'none';
  if (row.sha256 === null || row.size === null || seen === (row.verdict === 'released'))
    yield violation('I10', row.id, `is ${row.state} without a hash of all its bytes (coverage ${row.coverage})`);
}

/** I7 and I8: the audit rows are a legal walk from nothing to the state that holds; only a rescan's verdict leads out of available. I2: no URL before the end of it. */
function* trailViolations(row: VersionRow, trail: readonly TrailRow[]): Generator<Violation> {
  let state: VersionState | null = null;
  let epoch = 0;
  for (const step of trail) {
    const to = stateOf(step.action);
    if (to === null) {
      if (step.action.startsWith('file.download') && state !== 'available')
        yield violation('I2', row.id, `${step.action} while ${state}`);
      continue;
    }
    if (step.from !== state) yield violation('I8', row.id, `${step.from} → ${to} was written after ${state}`);
    const isWithdrawal = state === 'available' && to === 'rejected' && row.withdrawn;
    if ((state === 'available' || state === 'rejected') && !isWithdrawal)
      yield violation('I7', row.id, `${state} is final, then ${to}`);
    else if (state === null ? to !== 'awaiting_upload' : !canTransition(state, to))
      yield violation('I8', row.id, `${state} → ${to} is no edge`);
    if (state === 'scanning' && to === 'scanning' && step.epoch === epoch)
      yield violation('I4', row.id, `scanning twice in epoch ${epoch}`);
    if ((step.epoch ?? 0) < epoch) yield violation('I8', row.id, `epoch ${step.epoch} after ${epoch}`);
    state = to;
    epoch = step.epoch ?? epoch;
  }
  if (state !== row.state) yield violation('I8', row.id, `is ${row.state}, the audit log ends with ${state}`);
}

function stateOf(action: string): VersionState | null {
  return VERSION_STATES.find((state) => action === `version.${state}`) ?? null;
}

const EVENT_OF: Readonly<Record<string, string>> = {
  available: 'file.available',
  infected: 'notify.notification.sent',
  expired: 'notify.notification.sent',
};

/** I4: each end that has an event has it exactly once; the id is the row's, so it is stable. */
function* eventViolations(
  row: VersionRow,
  evidence: DatabaseEvidence,
  { published }: Expectations,
): Generator<Violation> {
  const own = evidence.events.filter((event) => event.versionId === row.id);
  const wanted = EVENT_OF[row.state === 'rejected' ? (row.reason ?? '') : row.state];
  const expectedTypes = row.withdrawn ? ['file.available', 'notify.notification.sent'] : [wanted];
  for (const type of new Set(Object.values(EVENT_OF))) {
    const count = own.filter((event) => event.type === type).length;
    const expected = expectedTypes.includes(type) ? 1 : 0;
    if (count !== expected) yield violation('I4', row.id, `${count} events ${type} instead of ${expected}`);
  }
  if (!published) return;
  for (const event of own.filter((each) => !each.published))
    yield violation('I4', row.id, `event ${event.type} ${event.id} was never published`);
}

function* quotaViolations({ quota }: DatabaseEvidence, { pendingLimit }: Expectations): Generator<Violation> {
  for (const { tenantId, pending, counted } of quota) {
    if (pending !== counted) yield violation('I5', tenantId, `the counter says ${pending}, a recount ${counted}`);
    if (counted > pendingLimit) yield violation('I5', tenantId, `${counted} pending, the limit is ${pendingLimit}`);
  }
}
