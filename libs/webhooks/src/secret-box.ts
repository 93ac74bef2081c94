import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const [KEY_BYTES, IV_BYTES, TAG_BYTES] = [32, 12, 16];

interface Key {
  /** Begins what it sealed; says nothing about the key. */
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * Keeps secrets at rest: AES-256-GCM, bound to where they belong. Sealed text is `<key id>.<base64url of iv, ciphertext, tag>`, so that the
 * key can be changed: the first key seals, every key opens.
 */
export class SecretBox {
  private readonly keys: readonly Key[];

  /** @param keys 32 bytes each, in base64; at least one. */
  constructor(keys: readonly string[]) {
    this.keys = keys.map(keyOf);
    if (this.keys.length === 0) throw new TypeError('a secret box needs a key');
  }

  /** `owner` names the row the secret belongs to; sealed text that is moved to another does not open. */
  seal(secret: string, owner: string): string {
    const { id, bytes } = this.keys[0] as Key;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, bytes, iv).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${id}.${sealed.toString('base64url')}`;
  }

  /** Throws when no key of ours sealed it, or it was changed or moved. */
  open(sealed: string, owner: string): string {
    const [id, text = ''] = sealed.split('.', 2);
    const key = this.keys.find((one) => one.id === id);
    if (key === undefined) throw new Error('the key this secret was sealed with is not configured');
    const bytes = Buffer.from(text, 'base64url');
    const decipher = createDecipheriv(CIPHER, key.bytes, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  }
}

/** What the secret of a webhook is bound to. */
export function ownerOfSecret(tenantId: string, webhookId: string): string {
  return `${tenantId}/${webhookId}`;
}

function keyOf(text: string): Key {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== KEY_BYTES) throw new TypeError('a key of a secret box is 32 bytes in base64');
  return { id: createHash('sha256').update('custody secret box').update(bytes).digest('hex').slice(0, 8), bytes };
}
