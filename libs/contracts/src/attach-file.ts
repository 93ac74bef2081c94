import { SUBJECT_ID_MAX, SUBJECT_TYPE } from '@custody/domain';
import { z } from 'zod';

const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0');

/**
 * What another service sends to have a file linked to a subject of its own (M44): job `attach-file.v1` on queue `attach-file`, the
 * job's id being `eventId`. An event is taken once, whatever is delivered again. Nothing in it is ever fetched or followed.
 */
export const attachFilePayload = z.object({
  eventId: z.uuid().meta({ description: 'Of the event, the same at every delivery' }),
  tenantId: z.uuid(),
  fileId: z.uuid(),
  subject: z.object({
    type: z.string().regex(SUBJECT_TYPE),
    id: z.string().min(1).max(SUBJECT_ID_MAX).refine(isStorable, 'must be well-formed Unicode without NUL'),
  }),
  actorId: z.uuid().meta({ description: 'The user on whose behalf the file is attached; named in the audit log' }),
  occurredAt: z.iso.datetime({ offset: true }),
});
export type AttachFilePayload = z.infer<typeof attachFilePayload>;
