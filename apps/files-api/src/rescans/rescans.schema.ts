import { RESCAN_RUN_STATES, RESCAN_STOP_REASONS } from '@custody/data';
import { z } from 'zod';
import { pageSchema } from '../requests/page.js';
import { timeSchema } from '../requests/time.schema.js';
import { heldDecisionSchema } from '../versions/versions.schema.js';

const reason = heldDecisionSchema.shape.reason.nullish().meta({ description: 'Why; kept in the audit log' });

export const requestRescanSchema = z.object({ reason });

export const requestedRescanSchema = z.object({
  fileId: z.uuid(),
  versionId: z.uuid(),
  state: z.enum(['queued', 'running']),
  requestedAt: z.iso.datetime(),
});
export type RequestedRescanView = z.infer<typeof requestedRescanSchema>;

export const startRescanSchema = z.object({
  reason,
  scannedBefore: timeSchema('Only what was last scanned before this time; everything when absent').nullish(),
});
export type StartRescanRequest = z.output<typeof startRescanSchema>;

export const rescanRunSchema = z.object({
  runId: z.uuid(),
  state: z.enum(RESCAN_RUN_STATES),
  stopReason: z.enum(RESCAN_STOP_REASONS).nullable().meta({
    description: '`too_many_withdrawn`: more than a run may withdraw; the signatures should be looked at first',
  }),
  reason: z.string().nullable(),
  startedBy: z.string().meta({ examples: ['user:7d1f5a3e-0a4b-4c5d-8e6f-9a8b7c6d5e4f'] }),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  scannedBefore: z.iso.datetime().meta({ description: 'Versions with a later verdict are not in the run' }),
  total: z.int().meta({ description: 'Versions there were to scan when it began, or came to be since' }),
  clean: z.int(),
  withdrawn: z.int().meta({ description: 'Infected, or not the bytes that were scanned' }),
  inconclusive: z.int().meta({ description: 'Without a verdict this time: nothing changed, the audit log says why' }),
  skipped: z.int().meta({ description: 'Deleted, withdrawn or scanned meanwhile; known when it is done' }),
});
export type RescanRunView = z.infer<typeof rescanRunSchema>;

export const rescanRunPageSchema = pageSchema(rescanRunSchema);
