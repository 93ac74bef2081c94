/** Proof Key for Code Exchange (RFC 7636): the verifier stays here, its hash goes along with the request. */
export interface ProofKey {
  readonly verifier: string;
  readonly challenge: string;
}

export async function makeProofKey(): Promise<ProofKey> {
  const verifier = randomText();
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return { verifier, challenge: base64Url(new Uint8Array(hash)) };
}

/** 43 letters out of 256 random bits. */
export const randomText = (): string => base64Url(crypto.getRandomValues(new Uint8Array(32)));

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
