import { newSecret, signatureOf } from './signature.js';

describe('signatures', () => {
  // The example of the specification's own reference libraries.
  const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

  it('are those of Standard Webhooks', () => {
    expect(signatureOf([SECRET], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('come once for each secret', () => {
    const [one = '', two = ''] = signatureOf([SECRET, newSecret()], 'a', 1, '{}').split(' ');
    expect(one).not.toBe(two);
    expect([one, two]).toEqual([expect.stringMatching(/^v1,/), expect.stringMatching(/^v1,/)]);
  });

  it('use secrets of 32 random bytes', () => {
    const secret = newSecret();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(newSecret()).not.toBe(secret);
  });
});
