import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import pg from 'pg';
import { startStack, type Stack } from './local-stack.ts';
import { freePorts, type Ports } from './ports.ts';
import { quietProgress } from './progress.ts';
import { waitUntil } from './wait-until.ts';

jest.setTimeout(120_000);

let dir: string;
let ports: Ports;
let stack: Stack;
let stores: Record<'owner' | 'api' | 'worker', S3Client>;
const MAIN = 'custody-main';
const STAGING = 'custody-staging';
/** What the store sent to the API's address, path and body. */
const events: string[] = [];
const api = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    events.push(`${request.url} ${body}`);
    response.end();
  });
});

const BACKING = ['postgres', 'redis', 's3', 'clamd', 'issuer'] as const;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'custody-stack-'));
  ports = await freePorts();
  stack = await startStack({
    root: process.cwd(),
    dir,
    ports,
    services: BACKING,
    storeEvents: true,
    progress: quietProgress(),
  });
  api.listen(ports.api, '127.0.0.1');
  await once(api, 'listening');
  stores = { owner: client('S3_'), api: client('S3_API_'), worker: client('S3_WORKER_') };
});
afterAll(async () => {
  api.close();
  api.closeAllConnections();
  for (const store of Object.values(stores)) store.destroy();
  await stack.stop();
  await rm(dir, { recursive: true });
});

function client(prefix: string): S3Client {
  return new S3Client({
    endpoint: stack.env['S3_ENDPOINT'] ?? '',
    region: 'us-east-1',
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    credentials: {
      accessKeyId: stack.env[`${prefix}ACCESS_KEY_ID`] ?? '',
      secretAccessKey: stack.env[`${prefix}SECRET_ACCESS_KEY`] ?? '',
    },
  });
}

async function put(who: keyof typeof stores, Bucket: string, Key: string, Body = 'hello') {
  return stores[who].send(new PutObjectCommand({ Bucket, Key, Body }));
}

async function read(who: keyof typeof stores, Bucket: string, Key: string): Promise<string | undefined> {
  const answer = await stores[who].send(new GetObjectCommand({ Bucket, Key }));
  return answer.Body?.transformToString();
}

const refused = { $metadata: { httpStatusCode: 403 } };

describe('S10 store credentials', () => {
  it('the API writes, reads and deletes in staging, by version', async () => {
    const { VersionId } = await put('api', STAGING, 's10/upload');
    expect(VersionId).toBeDefined();
    await stores.api.send(new HeadObjectCommand({ Bucket: STAGING, Key: 's10/upload', VersionId }));
    await stores.api.send(new DeleteObjectCommand({ Bucket: STAGING, Key: 's10/upload', VersionId }));
    await expect(read('api', STAGING, 's10/upload')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('the API cannot write main: not by put, copy, multipart or delete', async () => {
    const { VersionId } = await put('api', STAGING, 's10/source');
    const CopySource = `${STAGING}/s10/source?versionId=${VersionId}`;
    const target = { Bucket: MAIN, Key: 's10/target' };
    await expect(put('api', MAIN, 's10/target')).rejects.toMatchObject(refused);
    await expect(stores.api.send(new CopyObjectCommand({ ...target, CopySource }))).rejects.toMatchObject(refused);
    await expect(stores.api.send(new CreateMultipartUploadCommand(target))).rejects.toMatchObject(refused);
    await expect(stores.api.send(new DeleteObjectCommand(target))).rejects.toMatchObject(refused);
  });

  it('the worker promotes a pinned version, and the API reads it', async () => {
    const { VersionId } = await put('api', STAGING, 's10/pinned', 'pinned');
    await put('api', STAGING, 's10/pinned', 'overwritten');
    const CopySource = `${STAGING}/s10/pinned?versionId=${VersionId}`;
    await stores.worker.send(new CopyObjectCommand({ Bucket: MAIN, Key: 's10/pinned', CopySource }));
    expect(await read('api', MAIN, 's10/pinned')).toBe('pinned');
    await expect(put('worker', STAGING, 's10/pinned')).rejects.toMatchObject(refused);
  });

  it('neither can change rights or make buckets; the owner can read what both wrote', async () => {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await put('api', STAGING, 's10/mine');
    await put('worker', MAIN, 's10/mine');
    for (const [who, Bucket] of [
      ['api', STAGING],
      ['worker', MAIN],
    ] as const) {
      const acl = new PutObjectAclCommand({ Bucket, Key: 's10/mine', ACL: 'public-read' });
      await expect(stores[who].send(acl)).rejects.toMatchObject(refused);
      await expect(stores[who].send(new PutBucketPolicyCommand({ Bucket, Policy }))).rejects.toMatchObject(refused);
      await expect(stores[who].send(new CreateBucketCommand({ Bucket: `own-${who}` }))).rejects.toMatchObject(refused);
      expect(await read('owner', Bucket, 's10/mine')).toBe('hello');
    }
  });
});

describe('an upload URL with headers its signature does not cover', () => {
  async function upload(Key: string, extra: Record<string, string>): Promise<number> {
    const command = new PutObjectCommand({ Bucket: STAGING, Key, ContentType: 'text/plain', ContentLength: 5 });
    const signableHeaders = new Set(['host', 'content-type', 'content-length']);
    const url = await getSignedUrl(stores.api, command, { signableHeaders });
    const headers = { 'content-type': 'text/plain', ...extra };
    return (await fetch(url, { method: 'PUT', body: 'hello', headers })).status;
  }
  const anonymously = async (key: string) => (await fetch(`${stack.env['S3_ENDPOINT']}/${STAGING}/${key}`)).status;

  it('S3 works without them', async () => {
    expect(await upload('url/honest', {})).toBe(200);
    expect(await read('api', STAGING, 'url/honest')).toBe('hello');
  });

  it.each([
    ['x-amz-acl', 'public-read'],
    ['x-amz-grant-read', 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'],
  ])('S27 publishes nothing by %s', async (name, value) => {
    await upload(`url/${name}`, { [name]: value });
    expect(await anonymously(`url/${name}`)).toBe(403);
  });

  it("S27 cannot copy another tenant's file into the upload", async () => {
    await put('worker', MAIN, 'victim', 'another tenant');
    expect(await upload('url/copy', { 'x-amz-copy-source': `/${MAIN}/victim` })).toBe(403);
    await expect(read('api', STAGING, 'url/copy')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('M23 storage events', () => {
  it('reach the API with key and version of what was written', async () => {
    const { VersionId } = await put('api', STAGING, 'event/key');
    const event = () => events.find((one) => one.includes('event/key'));
    await waitUntil('the event', 10_000, () => Promise.resolve(event() !== undefined));
    expect(event()).toContain(`/internal/s3-events/${stack.env['FILES_S3_EVENTS_TOKEN']} `);
    expect(event()).toContain(VersionId);
  });
});

describe('CORS', () => {
  const preflight = async (origin: string) => {
    const headers = {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type',
    };
    return fetch(`${stack.env['S3_ENDPOINT']}/${STAGING}/any`, { method: 'OPTIONS', headers });
  };

  it('lets the configured origin upload and read the ETag, and nobody else', async () => {
    const origin = `http://localhost:${ports.api}`;
    const allowed = await preflight(origin);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
    expect(allowed.headers.get('access-control-expose-headers')).toContain('ETag');
    const other = await preflight('http://evil.example');
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('clamd', () => {
  const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD', 'ANTIVIRUS-TEST-FILE!$H+H*'].join('-');

  function scan(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      const socket = createConnection({ host: '127.0.0.1', port: ports.clamd });
      let answer = '';
      socket.once('error', reject);
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.once('close', () => resolve(answer));
      socket.write(Buffer.concat([Buffer.from('zINSTREAM\0'), length, bytes, Buffer.alloc(4)]));
    });
  }

  it('finds the test pattern at the start and further in, and nothing elsewhere', async () => {
    expect(await scan(eicar)).toContain('FOUND');
    expect(await scan(`${'x'.repeat(100_000)}${eicar}`)).toContain('FOUND');
    expect(await scan('an honest file')).toBe('stream: OK\0');
  });
});

describe('the issuer', () => {
  const [tenant, user] = ['7d3f1c9a-0b2e-4c5d-8e6f-1a2b3c4d5e6f', '9a8b7c6d-5e4f-4a3b-9c2d-1e0f9a8b7c6d'];
  const ask = (body: unknown, type = 'application/json') =>
    fetch(stack.env['TOKEN_URL'] ?? '', {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify(body),
    });

  it('signs what its key set verifies', async () => {
    const answer = await ask({ tenant, user, scope: 'files:read files:write', expires: 60 });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const keys = (await (await fetch(stack.env['AUTH_JWKS_URL'] ?? '')).json()) as JSONWebKeySet;
    const checks = { issuer: stack.env['AUTH_ISSUER'] ?? '', audience: 'custody', algorithms: ['RS256'] };
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), checks);
    expect(payload).toMatchObject({ sub: user, tenant_id: tenant, scope: 'files:read files:write', groups: [] });
    expect(JSON.stringify(keys)).not.toContain('"d"');
  });

  it('refuses a tenant that is no UUID, and a form a web page could send', async () => {
    expect((await ask({ tenant: 'x', user })).status).toBe(400);
    expect((await ask({ tenant, user }, 'text/plain')).status).toBe(400);
  });
});

describe('outages', () => {
  it('a service stopped for a while comes back with its data', async () => {
    await put('api', STAGING, 'outage/kept', 'kept');
    await stack.stopService('s3');
    await expect(fetch(stack.env['S3_ENDPOINT'] ?? '')).rejects.toThrow();
    await stack.startService('s3');
    expect(await read('api', STAGING, 'outage/kept')).toBe('kept');
  });

  it('PostgreSQL stops though clients are connected', async () => {
    const connected = new pg.Client(stack.env['DATABASE_APP_URL']);
    connected.on('error', () => {});
    await connected.connect();
    await stack.stopService('postgres');
    await stack.startService('postgres');
    const again = new pg.Client(stack.env['DATABASE_SYSTEM_URL']);
    await again.connect();
    const { rows } = await again.query(
      'SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE $1 ORDER BY rolname',
      ['custody_%'],
    );
    await again.end();
    expect(rows).toEqual([
      { rolname: 'custody_app', rolsuper: false, rolbypassrls: false },
      { rolname: 'custody_owner', rolsuper: false, rolbypassrls: false },
      { rolname: 'custody_system', rolsuper: false, rolbypassrls: true },
    ]);
  });
});
