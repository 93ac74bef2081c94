import { randomBytes, randomUUID } from 'node:crypto';
import { asId, type TenantId, type UserId } from '@custody/domain';
import { SignJWT } from 'jose';
import type { Actor } from './actor.js';
import { UploadTokens } from './upload-tokens.js';

const newKey = () => randomBytes(32).toString('base64');
const [KEY, OLD] = [newKey(), newKey()];
const tokensWith = (...keys: string[]) =>
  new UploadTokens({ issuer: 'i', audience: 'a', jwksUrl: 'http://issuer/jwks', uploadTokenKeys: keys.join(',') });
const actor: Actor = {
  tenantId: asId<TenantId>(randomUUID()),
  userId: asId<UserId>(randomUUID()),
  scopes: new Set(['files:admin', 'files:read', 'files:write']),
  groups: [randomUUID(), randomUUID()],
  expiresAtSec: 0,
};
const refusal = { code: 'UNAUTHENTICATED', challenge: expect.stringContaining('invalid_token') };

describe('upload tokens', () => {
  const tokens = tokensWith(KEY);

  it('carry who acts, to where they are bound, and the one scope', async () => {
    const bounds = { bucket: 'documents', folderId: randomUUID() };
    const { token, expiresAt } = await tokens.issue(actor, bounds, 900);
    const { tenantId, userId, groups } = actor;
    const expiresAtSec = expiresAt.getTime() / 1000;
    const scopes = new Set(['files:write']);
    expect(await tokens.verify(token)).toEqual({ tenantId, userId, groups, scopes, expiresAtSec, bounds });
    const alone = await tokens.issue({ ...actor, groups: [] }, {}, 900);
    expect(await tokens.verify(alone.token)).toMatchObject({ groups: [], bounds: {} });
  });

  it('fit into a URL with all groups that fit into a bearer token', async () => {
    const groups = Array.from({ length: 300 }, () => randomUUID());
    const { token } = await tokens.issue({ ...actor, groups }, {}, 900);
    expect(token.length).toBeLessThan(12 * 1024);
    expect((await tokens.verify(token)).groups).toEqual(groups);
  });

  it('end to the second', async () => {
    const { token } = await tokens.issue(actor, {}, -1);
    await expect(tokens.verify(token)).rejects.toMatchObject({ ...refusal, message: 'The token has expired.' });
  });

  it('of an older key stand while it is listed, and no longer', async () => {
    const { token } = await tokensWith(OLD).issue(actor, {}, 900);
    expect(await tokensWith(KEY, OLD).verify(token)).toMatchObject({ userId: actor.userId });
    await expect(tokens.verify(token)).rejects.toMatchObject(refusal);
  });

  it('are none that our own key signed for something else, and none without an end', async () => {
    const signed = async (header: { alg: string; typ?: string }, audience: string, claims: object = {}) =>
      new SignJWT({ sub: actor.userId, tenant_id: actor.tenantId, ...claims })
        .setProtectedHeader(header)
        .setAudience(audience)
        .sign(Buffer.from(KEY, 'base64'));
    const exp = Math.floor(Date.now() / 1000) + 60;
    const good = { alg: 'HS256', typ: 'upload+jwt' };
    expect(await tokens.verify(await signed(good, 'custody-uploads', { exp }))).toMatchObject({ bounds: {} });
    const bad = [
      await signed({ alg: 'HS256', typ: 'JWT' }, 'custody-uploads', { exp }),
      await signed({ alg: 'HS256' }, 'custody-uploads', { exp }),
      await signed(good, 'custody', { exp }),
      await signed(good, 'custody-uploads'),
      await signed({ alg: 'HS512', typ: 'upload+jwt' }, 'custody-uploads', { exp }),
      await signed(good, 'custody-uploads', { exp, tenant_id: 'x' }),
      'eyJhbGciOiJub25lIn0.e30.',
      '',
    ];
    for (const token of bad) await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
