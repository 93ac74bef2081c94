import { makeProofKey, randomText } from './pkce.js';
import { pageUrl, type Settings } from './settings.js';

/** What the page has to remember while the authorization server is asked. */
export interface SignInRequest {
  readonly state: string;
  readonly verifier: string;
  readonly url: string;
}

/** @param prompt `select_account` to be asked who to be, though the server knows */
export async function makeSignInRequest(settings: Settings, prompt?: string): Promise<SignInRequest> {
  const { verifier, challenge } = await makeProofKey();
  const state = randomText();
  const url = new URL(settings.authorizeUrl);
  const query = {
    response_type: 'code',
    client_id: settings.clientId,
    redirect_uri: pageUrl(settings),
    scope: settings.scope,
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...(prompt === undefined ? {} : { prompt }),
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { state, verifier, url: url.href };
}

/** What the authorization server answered in the address of this page, if it did. */
export interface SignInAnswer {
  readonly state: string;
  readonly code: string | null;
  readonly error: string | null;
}

export function signInAnswer(search: string): SignInAnswer | undefined {
  const query = new URLSearchParams(search);
  const state = query.get('state');
  if (state === null) return undefined;
  return { state, code: query.get('code'), error: query.get('error') };
}

/** Between this page and the window a new sign-in runs in. */
const channel = 'custody-sign-in';

/** This window was opened for signing in: hands the answer to the page that waits for it. */
export function handOver(answer: SignInAnswer): void {
  const line = new BroadcastChannel(channel);
  line.postMessage(answer);
  line.close();
}

/** Opens a window to sign in, so that nothing of this page is lost; its answer. */
export function signInBeside(request: SignInRequest): Promise<SignInAnswer> {
  const line = new BroadcastChannel(channel);
  window.open(request.url, 'custody-sign-in', 'popup,width=480,height=720');
  return new Promise((resolve) => {
    line.onmessage = ({ data }: MessageEvent<SignInAnswer>) => {
      if (data.state !== request.state) return;
      line.close();
      resolve(data);
    };
  });
}
