import type { StreamEndReason, StreamEvent, StreamResetReason } from '@custody/contracts';
import type { FileEventRecord, FileFeedPage, RunningScan } from '@custody/data';
import { statusOf, type FileId } from '@custody/domain';

/* Blocks of `text/event-stream` (WHATWG HTML, 9.2). JSON has no line breaks outside of strings and escapes them inside, so one `data`
 * line holds it. */

function block(event: StreamEvent): string {
  const id = 'id' in event ? `id: ${event.id}\n` : '';
  return `event: ${event.event}\n${id}data: ${JSON.stringify(event.data)}\n\n`;
}

/** An event as its row tells it. */
export function eventBlock({ seq, type, fileId, versionId, state, rejectReason, at }: FileEventRecord): string {
  const id = String(seq);
  if (type !== 'file.status') return block({ event: type, id, data: { fileId, at } });
  if (versionId === null || state === null) throw new Error(`event ${seq} has no version`);
  return block({
    event: type,
    id,
    data: { fileId, versionId, status: statusOf(state), stage: state, rejectReason, at },
  });
}

/** What holds now, for who has seen nothing yet. */
export function currentStatusBlock(fileId: FileId, page: FileFeedPage): string {
  const { versionId, state, rejectReason, head } = page;
  const data = {
    fileId,
    versionId,
    status: statusOf(state),
    stage: state,
    rejectReason,
    at: page.readAt.toISOString(),
  };
  return block({ event: 'file.status', id: String(head), data });
}

/** Without an id: it is nothing to resume from, the next report says more. */
export function progressBlock({ fileId, versionId, scannedBytes, totalBytes, at }: RunningScan): string {
  return block({ event: 'file.progress', data: { fileId, versionId, scannedBytes, totalBytes, at } });
}

export function resetBlock(reason: StreamResetReason, position: number): string {
  return block({ event: 'reset', id: String(position), data: { reason, at: new Date().toISOString() } });
}

export function endBlock(reason: StreamEndReason): string {
  return block({ event: 'end', data: { reason, at: new Date().toISOString() } });
}

/** How long a client waits before it connects again. Clients that were cut together do not all come back together. */
export function retryBlock(): string {
  return `retry: ${2_000 + Math.floor(Math.random() * 2_000)}\n\n`;
}

/** A block without data is no event, but its id counts: who resumes from here skips what it may not see anyway. */
export function positionBlock(position: number): string {
  return `id: ${position}\n\n`;
}

export const HEARTBEAT = ': heartbeat\n\n';
