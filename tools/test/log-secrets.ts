/** A place in a log where a secret stands; it names the kind, never the value. */
export interface Leak {
  readonly line: number;
  readonly kind: string;
}

/** A secret of the run's own stack by the name of its variable. */
export interface KnownSecret {
  readonly name: string;
  readonly value: string;
}

const shapes: readonly { kind: string; pattern: RegExp }[] = [
  { kind: 'presigned URL', pattern: /x-amz-(signature|security-token)(=|%3d)(?!\[)[\w%]{8,}/i },
  { kind: 'bearer token', pattern: /bearer\s+eyj[\w-]+/i },
  { kind: 'webhook secret', pattern: /whsec_[\w+/]{20,}/ },
  { kind: 'JSON web token', pattern: /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/ },
];

/** Every line of a log that holds a presigned URL's signature, a token, or one of `secrets` (safety S35). */
export function findLeaks(log: string, secrets: readonly KnownSecret[]): Leak[] {
  return log.split('\n').flatMap((text, index) => {
    const kinds = [
      ...shapes.filter(({ pattern }) => pattern.test(text)).map(({ kind }) => kind),
      ...secrets.filter(({ value }) => text.includes(value)).map(({ name }) => name),
    ];
    return kinds.map((kind) => ({ line: index + 1, kind }));
  });
}

const secretName = /(PASSWORD|SECRET_ACCESS_KEY|EVENTS_TOKEN|SECRETS_KEY|TOKENS_KEY|SECRET)$/;
const shortest = 8;

/** The secrets among a stack's variables: those named as one, and the passwords inside addresses. */
export function secretsIn(env: Readonly<Record<string, string>>): KnownSecret[] {
  return Object.entries(env)
    .map(([name, value]) => ({ name, value: secretName.test(name) ? value : passwordOf(value) }))
    .filter(({ value }) => value.length >= shortest);
}

function passwordOf(address: string): string {
  return URL.canParse(address) ? decodeURIComponent(new URL(address).password) : '';
}
