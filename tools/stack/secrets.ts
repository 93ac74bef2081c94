import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Made up once per data directory; hex, so they need no quoting in URLs and files. */
export interface Secrets {
  readonly postgres: Readonly<Record<'superuser' | 'owner' | 'app' | 'system', string>>;
  readonly redis: string;
  readonly s3: Readonly<Record<'owner' | 'api' | 'worker', KeyPair>>;
  readonly s3EventsToken: string;
  /** 32 bytes in base64. */
  readonly webhooksKey: string;
  /** 32 bytes in base64. */
  readonly uploadTokens: string;
  readonly cephFsid: string;
}

/** Reads `<dir>/secrets.json`, or makes it (0600); what an older one lacks is added. */
export async function loadSecrets(dir: string): Promise<Secrets> {
  const file = path.join(dir, 'secrets.json');
  const present = await readFile(file, 'utf8').catch(() => null);
  const known = present === null ? {} : (JSON.parse(present) as Partial<Secrets>);
  const secrets: Secrets = {
    postgres: { superuser: hex(), owner: hex(), app: hex(), system: hex() },
    redis: hex(),
    s3: { owner: keyPair(), api: keyPair(), worker: keyPair() },
    s3EventsToken: hex(),
    webhooksKey: randomBytes(32).toString('base64'),
    uploadTokens: randomBytes(32).toString('base64'),
    cephFsid: randomUUID(),
    ...known,
  };
  if (Object.keys(known).length === Object.keys(secrets).length) return secrets;
  await mkdir(dir, { recursive: true });
  await writeFile(file, JSON.stringify(secrets, null, 2), { mode: 0o600, flag: present === null ? 'wx' : 'w' });
  return secrets;
}

function hex(): string {
  return randomBytes(24).toString('hex');
}

function keyPair(): KeyPair {
  return { accessKeyId: randomBytes(10).toString('hex').toUpperCase(), secretAccessKey: hex() };
}
