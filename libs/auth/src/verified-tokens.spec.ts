import { TestIssuer, type IssuerKey } from '@custody/testing';
import { randomUUID } from 'node:crypto';
import type { TenantId, UserId } from '@custody/domain';
import type { Actor } from './actor.js';
import { JwksKeys } from './jwks-keys.js';
import type { AuthenticatedRequest } from './request-of.js';
import { VerifiedTokens } from './verified-tokens.js';

const issuer = new TestIssuer();
let key: IssuerKey;
let keys: JwksKeys;
let tokens: VerifiedTokens;

const actor = (endsInSec = 60): Actor => ({
  tenantId: randomUUID() as TenantId,
  userId: randomUUID() as UserId,
  scopes: new Set(['files:read']),
  groups: [],
  expiresAtSec: Math.floor(Date.now() / 1000) + endsInSec,
});
const request = (token: string = randomUUID()): AuthenticatedRequest => ({
  headers: { authorization: `Bearer ${token}` },
});
const verifiedAs = (one: AuthenticatedRequest, as: Actor) =>
  tokens.keep(one, () => Promise.resolve(void (one.actor = as)));

beforeAll(async () => {
  await issuer.start();
  key = await issuer.newKey();
  await issuer.publish(key);
});
beforeEach(async () => {
  const limits = { clockToleranceSec: 0, cooldownMs: 0 };
  const options = { issuer: issuer.issuer, audience: 'custody', jwksUrl: issuer.jwksUrl, limits };
  keys = new JwksKeys(options);
  tokens = new VerifiedTokens(keys, options);
  await keys.find({ alg: key.alg, kid: key.kid });
});
afterAll(() => issuer.stop());

/** An unknown key id makes the keys be fetched. */
const fetchKeys = () => keys.find({ alg: key.alg, kid: randomUUID() }).catch(() => undefined);

describe('a verified token', () => {
  it('names its actor from then on, and no other token does', async () => {
    const [one, as] = [request('a.b.c'), actor()];
    expect(tokens.recall(one)).toBeUndefined();
    await verifiedAs(one, as);
    expect(tokens.recall(request('a.b.c'))).toBe(as);
    expect(tokens.recall(request('a.b.d'))).toBeUndefined();
    expect(tokens.recall({ headers: {} })).toBeUndefined();
  });

  it('that has expired is verified again', async () => {
    const [good, over] = [request(), request()];
    await verifiedAs(good, actor(60));
    await verifiedAs(over, actor(0));
    expect([tokens.recall(good), tokens.recall(over)]).toEqual([good.actor, undefined]);
  });

  it('S29 is verified again after keys were fetched', async () => {
    const one = request();
    await verifiedAs(one, actor());
    await fetchKeys();
    expect(tokens.recall(one)).toBeUndefined();
  });

  it('S29 is not kept under keys that were fetched while it was verified', async () => {
    const one = request();
    await tokens.keep(one, async () => {
      one.actor = actor();
      await fetchKeys();
    });
    expect(tokens.recall(one)).toBeUndefined();
  });

  it('is not kept when it was refused', async () => {
    const one = request();
    await expect(tokens.keep(one, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(tokens.recall(one)).toBeUndefined();
  });

  it('is forgotten when 10,000 others were verified since', async () => {
    const first = request();
    await verifiedAs(first, actor());
    for (let at = 0; at < 10_000; at += 1) await verifiedAs(request(), actor());
    expect(tokens.recall(first)).toBeUndefined();
  });
});
