import { attempt } from './attempt.js';
import { useWorkspace } from './workspace.js';

/** The session cannot be renewed: signing in again happens beside the page, so that uploads stay where they are. */
export function SessionBanner() {
  const { session } = useWorkspace();
  if (session.state.value !== 'ended') return null;
  return (
    <div class="banner" role="alert">
      <span>Your session has ended. Uploads wait; nothing is lost.</span>
      <button type="button" class="button primary" onClick={() => void attempt(() => session.signInAgain())}>
        Sign in again
      </button>
    </div>
  );
}
