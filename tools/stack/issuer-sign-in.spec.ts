import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { SignIn, type SignInAnswer } from './issuer-sign-in.ts';

const verifier = randomBytes(32).toString('base64url');
const redirectUri = 'http://localhost:3000/console/';
const request = (change: Readonly<Record<string, string>> = {}) =>
  new URLSearchParams({
    response_type: 'code',
    client_id: 'custody-console',
    redirect_uri: redirectUri,
    scope: 'files:read files:admin',
    state: 'a state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  });
const answerIn = (answer: SignInAnswer) => new URL('redirect' in answer ? answer.redirect : 'none:').searchParams;

describe('the sign-in of the local issuer', () => {
  let signIn: SignIn;
  beforeEach(() => {
    signIn = new SignIn();
  });

  const codeFor = (person: string) => answerIn(signIn.authorize(request({ person }), '')).get('code') ?? '';
  const redeem = (change: Readonly<Record<string, string>>) =>
    signIn.redeem(
      new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'custody-console',
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...change,
      }),
    );

  it('asks who one is, once: the cookie answers later, unless one wants to be asked', () => {
    expect(signIn.authorize(request(), '')).toMatchObject({ status: 200, html: expect.stringContaining('person=ada') });
    const chosen = signIn.authorize(request({ person: 'ada' }), '');
    expect(answerIn(chosen).get('state')).toBe('a state');
    const cookie = ('cookie' in chosen ? (chosen.cookie ?? '') : '').split(';')[0] ?? '';
    expect(answerIn(signIn.authorize(request(), cookie)).has('code')).toBe(true);
    expect(signIn.authorize(request({ prompt: 'select_account' }), cookie)).toMatchObject({ status: 200 });
    expect(answerIn(signIn.authorize(request({ prompt: 'none' }), '')).get('error')).toBe('login_required');
  });

  it('gives what is asked for and allowed, for one code once, to who has the verifier', () => {
    const code = codeFor('mara');
    expect(redeem({ code, code_verifier: 'another' })).toBeUndefined();
    expect(redeem({ code })).toBeUndefined();
    expect(redeem({ code: codeFor('mara') })?.grant).toMatchObject({ scope: 'files:read' });
    expect(redeem({ code: codeFor('ada') })?.grant).toMatchObject({ scope: 'files:read files:admin' });
    expect(redeem({ code: codeFor('ada'), client_id: 'another' })).toBeUndefined();
    expect(redeem({ code: codeFor('ada'), redirect_uri: 'http://localhost:1/' })).toBeUndefined();
  });

  it('renews with a token that is good once', () => {
    const first = redeem({ code: codeFor('mara') })?.refreshToken ?? '';
    const renew = (token: string) => redeem({ grant_type: 'refresh_token', refresh_token: token });
    const second = renew(first)?.refreshToken ?? '';
    expect(second).not.toBe('');
    expect(renew(first)).toBeUndefined();
    expect(renew(second)?.grant.person.key).toBe('mara');
  });

  it('sends nobody off this machine, and nobody without PKCE', () => {
    const elsewhere = signIn.authorize(request({ person: 'ada', redirect_uri: 'https://example.com/' }), '');
    expect(elsewhere).toMatchObject({ status: 400 });
    const plain = signIn.authorize(request({ person: 'ada', code_challenge_method: 'plain' }), '');
    expect(answerIn(plain).get('error')).toBe('invalid_request');
  });
});
