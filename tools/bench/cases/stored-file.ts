import { randomBytes, randomUUID } from 'node:crypto';
import type { Bench } from '../bench.ts';

export interface StoredFile {
  readonly fileId: string;
  readonly token: string;
  readonly size: number;
  /** Where its bytes lie. */
  readonly path: string;
}

/** An available file of a new tenant with random bytes; made without its scan. */
export async function storedFile(bench: Bench, size: number): Promise<StoredFile> {
  const [tenant, fileId, versionId, user] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const path = `/${bench.need('S3_MAIN_BUCKET')}/${tenant}/documents/${fileId}/${versionId}`;
  await bench.store({
    method: 'PUT',
    path,
    body: randomBytes(size),
    headers: { 'content-type': 'application/octet-stream' },
  });
  const client = await bench.admin.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query(FILE, [tenant, fileId, versionId, user]);
    await client.query(VERSION, [tenant, fileId, versionId, user, size]);
    await client.query('RESET session_replication_role');
  } finally {
    client.release();
  }
  return { fileId, token: await bench.token(tenant), size, path };
}

const FILE = `INSERT INTO files (tenant_id, id, bucket, filename, mime_type, current_version_id, created_by, status)
  VALUES ($1, $2, 'documents', 'disk.bin', 'application/octet-stream', $3, $4, 'available')`;
const VERSION = `INSERT INTO file_versions (tenant_id, id, file_id, state, mime_type, declared_mime_type, declared_size, store_version, etag,
    size, sha256, verdict, coverage, created_by, uploaded_at, ended_at, cleaned_at)
  VALUES ($1, $3, $2, 'available', 'application/octet-stream', 'application/octet-stream', $5, 'v', 'e', $5, repeat('0', 64), 'clean', 'full',
    $4, now(), now(), now())`;
