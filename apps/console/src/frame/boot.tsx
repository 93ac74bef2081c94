import { useState } from 'preact/hooks';
import type { Session } from '../session/session.js';
import type { Settings } from '../session/settings.js';
import { signIn, type Start } from '../session/start-session.js';
import './theme.js';
import { App } from './app.js';
import { Workspace, WorkspaceProvider } from './workspace.js';

/** What the page shows, by how the sign-in went. */
export function Boot({ start, settings }: { readonly start: Start; readonly settings: Settings }) {
  switch (start.kind) {
    case 'leaving':
      return null;
    case 'handed-over':
      return <p class="splash">You are signed in. You can close this window.</p>;
    case 'asks':
      return <Welcome settings={settings} reason={start.reason} />;
    case 'signed-in':
      return <SignedIn session={start.session} />;
  }
}

function SignedIn({ session }: { readonly session: Session }) {
  const [workspace] = useState(() => new Workspace(session));
  return (
    <WorkspaceProvider value={workspace}>
      <App />
    </WorkspaceProvider>
  );
}

function Welcome({ settings, reason }: { readonly settings: Settings; readonly reason: string | undefined }) {
  return (
    <main class="splash">
      <img src="icon.svg" alt="" width="56" height="56" />
      <h1>Custody</h1>
      <p>Files from people you do not know, for people you do: scanned before anybody opens them.</p>
      {reason !== undefined && (
        <p class="problem" role="alert">
          {reason}
        </p>
      )}
      <button type="button" class="button primary" onClick={() => void signIn(settings, 'select_account')}>
        Sign in
      </button>
    </main>
  );
}
