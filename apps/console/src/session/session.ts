import { signal } from '@preact/signals';
import { type Settings } from './settings.js';
import { makeSignInRequest, signInBeside, type SignInAnswer, type SignInRequest } from './sign-in-request.js';
import { exchangeCode, GrantRefused, refresh, type Tokens } from './token-endpoint.js';
import { type Who, whoIn } from './who.js';

/** `ended`: it cannot be renewed; whoever asks for a token waits until somebody signs in again. */
export type SessionState = 'none' | 'active' | 'ended';

const RENEW_AT = 0.8;
const RETRY_MS = 5_000;

/**
 * The token and its renewal. The token lives in this object only: not in storage, where any script of the origin would find
 * it, not in a URL and not in the service worker.
 */
export class Session {
  readonly state = signal<SessionState>('none');
  readonly who = signal<Who | undefined>(undefined);
  private tokens: Tokens | undefined;
  private expiresAt = 0;
  private renewal: ReturnType<typeof setTimeout> | undefined;
  private waiting = Promise.withResolvers<undefined>();

  constructor(readonly settings: Settings) {}

  /** A token that is good for a while yet; waits as long as it takes when the session has ended. */
  readonly token = async (): Promise<string> => {
    while (this.tokens === undefined || Date.now() >= this.expiresAt || this.state.value !== 'active') {
      await this.waiting.promise;
    }
    return this.tokens.accessToken;
  };

  /** @throws GrantRefused when the code is not good */
  async begin(code: string, request: Pick<SignInRequest, 'verifier'>): Promise<void> {
    this.take(await exchangeCode(this.settings, code, request.verifier));
  }

  /** A new sign-in in a window beside the page; whoever waits for a token goes on. */
  async signInAgain(): Promise<void> {
    const request = await makeSignInRequest(this.settings);
    const { code }: SignInAnswer = await signInBeside(request);
    if (code !== null) await this.begin(code, request);
  }

  private take(tokens: Tokens): void {
    this.tokens = tokens;
    this.expiresAt = Date.now() + tokens.expiresInSec * 1_000;
    this.who.value = whoIn(tokens.accessToken);
    this.state.value = 'active';
    this.waiting.resolve(undefined);
    this.waiting = Promise.withResolvers();
    clearTimeout(this.renewal);
    this.renewal = setTimeout(() => void this.renew(), tokens.expiresInSec * 1_000 * RENEW_AT);
  }

  private async renew(): Promise<void> {
    const refreshToken = this.tokens?.refreshToken;
    if (refreshToken === undefined) return this.end();
    try {
      this.take(await refresh(this.settings, refreshToken));
    } catch (error) {
      if (error instanceof GrantRefused) return this.end();
      this.renewal = setTimeout(() => void this.renew(), RETRY_MS);
    }
  }

  /** Without a way to renew, the token is used to its very end first. */
  private end(): void {
    const left = this.expiresAt - Date.now();
    if (left > 0) this.renewal = setTimeout(() => this.end(), left);
    else this.state.value = 'ended';
  }
}
