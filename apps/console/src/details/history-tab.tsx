import type { AuditEntry, FileMetadata } from '@custody/sdk';
import { useState } from 'preact/hooks';
import { attempt } from '../frame/attempt.js';
import { useWorkspace } from '../frame/workspace.js';
import { ProblemNote } from '../ui/problem-note.js';
import { useLoaded } from '../ui/use-loaded.js';
import { actionWords } from '../words/actions.js';
import { actorName } from '../words/people.js';
import { exactTime } from '../words/times.js';

/** What happened to the file, from the audit log; administrators read it. */
export function HistoryTab({ file: { fileId, updatedAt } }: { readonly file: FileMetadata }) {
  const { custody } = useWorkspace();
  const [older, setOlder] = useState<readonly AuditEntry[]>([]);
  const [cursor, setCursor] = useState<string | null>();
  const first = useLoaded((signal) => custody.audit({ fileId, limit: 50 }, { signal }).page(), [fileId, updatedAt]);
  if (first.state === 'failed') return <ProblemNote error={first.error} onRetry={first.reload} />;
  if (first.state === 'loading') return <p class="hint">Reading…</p>;
  const next = cursor === undefined ? first.value.nextCursor : cursor;
  const more = async (from: string) => {
    const page = await custody.audit({ fileId, limit: 50 }).page(from);
    setOlder([...older, ...page.items]);
    setCursor(page.hasMore ? page.nextCursor : null);
  };
  return (
    <>
      <ol class="entries">
        {[...first.value.items, ...older].map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {next !== null && (cursor !== undefined || first.value.hasMore) && (
        <button type="button" class="button" onClick={() => void attempt(() => more(next))}>
          Older entries
        </button>
      )}
    </>
  );
}

function Entry({ entry: { actor, action, at, detail } }: { readonly entry: AuditEntry }) {
  const { session } = useWorkspace();
  const reason = detail['reason'];
  return (
    <li>
      <span class="entry-main">
        <span>
          <strong title={actor}>{actorName(actor, session.who.value)}</strong> {actionWords(action)}
        </span>
        {typeof reason === 'string' && <span class="hint">“{reason}”</span>}
      </span>
      <time class="hint" dateTime={at}>
        {exactTime(at)}
      </time>
    </li>
  );
}
