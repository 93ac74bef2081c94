import { type FileMetadata, isCustodyError, type Share } from '@custody/sdk';
import { useState } from 'preact/hooks';
import { attempt } from '../frame/attempt.js';
import { say } from '../frame/toasts.js';
import { useWorkspace } from '../frame/workspace.js';
import { IconButton } from '../ui/icon-button.js';
import { ProblemNote } from '../ui/problem-note.js';
import { useLoaded } from '../ui/use-loaded.js';
import { personName } from '../words/people.js';
import { problemWords } from '../words/problems.js';
import { exactTime } from '../words/times.js';

const UUID = '[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}';

export function SharingTab({ file: { fileId } }: { readonly file: FileMetadata }) {
  const { custody, session } = useWorkspace();
  const shares = useLoaded((signal) => custody.shares.list(fileId, { signal }), [fileId]);
  if (shares.state === 'failed') {
    if (isCustodyError(shares.error, 'NOT_THE_OWNER')) return <p class="hint">{problemWords(shares.error)}</p>;
    return <ProblemNote error={shares.error} onRetry={shares.reload} />;
  }
  const revoke = ({ userId }: Share) =>
    attempt(async () => {
      await custody.shares.revoke(fileId, userId);
      shares.reload();
      const again = () => custody.shares.grant(fileId, userId).then(shares.reload);
      say('No longer shared.', () => void attempt(again));
    });
  const list = shares.state === 'ready' ? shares.value : [];
  return (
    <>
      <ShareForm fileId={fileId} onShared={shares.reload} />
      {shares.state === 'ready' && list.length === 0 && <p class="hint">Not shared with single people.</p>}
      <ul class="entries">
        {list.map((share) => (
          <li key={share.userId}>
            <span class="entry-main">
              <strong title={share.userId}>{personName(share.userId, session.who.value)}</strong>
              <span class="hint">
                {share.expiresAt === null ? 'May read it' : `May read it until ${exactTime(share.expiresAt)}`}
              </span>
            </span>
            <IconButton icon="close" label={`Stop sharing with ${share.userId}`} onClick={() => void revoke(share)} />
          </li>
        ))}
      </ul>
    </>
  );
}

function ShareForm({ fileId, onShared }: { readonly fileId: string; readonly onShared: () => void }) {
  const { custody } = useWorkspace();
  const [problem, setProblem] = useState('');
  const submit = async (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const [user, until] = ['user', 'until'].map((name) => fields.get(name)) as [string, string];
    const expiresAt = until === '' ? undefined : new Date(`${until}T23:59:59`).toISOString();
    try {
      await custody.shares.grant(fileId, user.trim(), { expiresAt });
      form.reset();
      setProblem('');
      say('Shared. The person may read this file now.');
      onShared();
    } catch (error) {
      setProblem(problemWords(error));
    }
  };
  return (
    <form class="share-form" onSubmit={submit}>
      <label class="field">
        User id
        <input
          name="user"
          required
          pattern={UUID}
          title="A user id, as the person copies it from their account menu"
          autoComplete="off"
        />
      </label>
      <label class="field">
        Until (optional)
        <input name="until" type="date" />
      </label>
      <button type="submit" class="button primary">
        Share
      </button>
      {problem !== '' && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
