import { pageUrl, type Settings } from './settings.js';
import { Session } from './session.js';
import { handOver, makeSignInRequest, signInAnswer, type SignInAnswer } from './sign-in-request.js';

/** How the page goes on after it was loaded. */
export type Start =
  | { readonly kind: 'signed-in'; readonly session: Session }
  | { readonly kind: 'asks'; readonly reason?: string }
  | { readonly kind: 'handed-over' }
  | { readonly kind: 'leaving' };

/** Survives the way to the authorization server and back, in this tab; worth nothing to anybody else. */
const PENDING = 'custody-sign-in';
const SIGNED_OUT = 'custody-signed-out';

interface Pending {
  readonly state: string;
  readonly verifier: string;
  readonly place: string;
}

/** Signs in by the answer in the address, or goes to the authorization server, unless somebody has just signed out. */
export async function startSession(settings: Settings): Promise<Start> {
  const home = new URL(pageUrl(settings));
  if (location.origin !== home.origin) return leaveFor(home.href + location.hash);
  const answer = signInAnswer(location.search);
  if (answer !== undefined) return finish(settings, answer);
  if (sessionStorage.getItem(SIGNED_OUT) !== null) return { kind: 'asks' };
  return signIn(settings);
}

/** Leaves for the authorization server; comes back to the same place. */
export async function signIn(settings: Settings, prompt?: string): Promise<Start> {
  sessionStorage.removeItem(SIGNED_OUT);
  const { state, verifier, url } = await makeSignInRequest(settings, prompt);
  const pending: Pending = { state, verifier, place: location.hash };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  return leaveFor(url);
}

/** Forgets the token; the next visit of this tab asks before it signs in. */
export function signOut(): void {
  sessionStorage.setItem(SIGNED_OUT, 'yes');
  location.reload();
}

async function finish(settings: Settings, answer: SignInAnswer): Promise<Start> {
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null') as Pending | null;
  if (pending?.state !== answer.state) {
    handOver(answer);
    window.close();
    return { kind: 'handed-over' };
  }
  sessionStorage.removeItem(PENDING);
  history.replaceState(null, '', location.pathname + pending.place);
  if (answer.code === null) return { kind: 'asks', reason: `The authorization server said “${answer.error ?? ''}”.` };
  const session = new Session(settings);
  try {
    await session.begin(answer.code, pending);
  } catch {
    return { kind: 'asks', reason: 'The sign-in could not be finished. Please try again.' };
  }
  return { kind: 'signed-in', session };
}

function leaveFor(url: string): Start {
  location.replace(url);
  return { kind: 'leaving' };
}
