/** Who is signed in, as their token says. */
export interface Who {
  readonly userId: string;
  readonly tenantId: string;
  readonly name: string;
  readonly scopes: ReadonlySet<string>;
}

/** Reads the claims of an access token for showing; whether they are true is the service's to judge. */
export function whoIn(accessToken: string): Who {
  const [, payload = ''] = accessToken.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
    letter.charCodeAt(0),
  );
  const claims = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Record<string, string>>;
  return {
    userId: claims['sub'] ?? '',
    tenantId: claims['tenant_id'] ?? '',
    name: claims['name'] ?? 'Signed in',
    scopes: new Set((claims['scope'] ?? '').split(' ')),
  };
}
