import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@custody/testing';
// The issuer is a tool of development, not one of our projects.
// eslint-disable-next-line @nx/enforce-module-boundaries -- see above
import { issuerService, issuerUrl } from '../../../../tools/stack/issuer.ts';
import type { Env } from './system.js';

/** The token issuer of the local stack, with its page to sign in at; `start` after `stop` knows nobody it signed in before. */
export class LocalIssuer {
  private constructor(
    readonly url: string,
    private readonly dir: string,
    private service: ReturnType<typeof issuerService>,
  ) {}

  /** @param signedInSec life of the tokens that a sign-in gives */
  static async start(signedInSec: number): Promise<LocalIssuer> {
    const [dir, port] = await Promise.all([mkdtemp(join(tmpdir(), 'custody-issuer-')), freePort()]);
    const service = issuerService({ dir, port, audience: 'custody', signedInSec });
    await service.start();
    return new LocalIssuer(issuerUrl(port), dir, service);
  }

  /** What an app has to know of it. */
  get env(): Env {
    return { AUTH_ISSUER: this.url, AUTH_JWKS_URL: `${this.url}/.well-known/jwks.json` };
  }

  /** Forgets every refresh token. */
  async restart(): Promise<void> {
    await this.service.stop();
    await this.service.start();
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await rm(this.dir, { recursive: true });
  }
}
