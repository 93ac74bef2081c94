import { problemWords } from '../words/problems.js';

/** Says what went wrong where something should have been, and offers another try. */
export function ProblemNote({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <div class="empty" role="alert">
      <p>{problemWords(error)}</p>
      <button type="button" class="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
