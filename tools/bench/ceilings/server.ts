// What the service's hot requests cannot do without, and nothing else: bare Fastify, a verified token, one statement.
import { createHash, createHmac, randomUUID } from 'node:crypto';
import Fastify, { type FastifyRequest } from 'fastify';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import pg from 'pg';
import { SELECT_FILE, SELECT_GRANT } from './statements.ts';
import { confirmCeiling } from './confirm.ts';

const need = (name: string) => process.env[name] ?? '';
const keys = createRemoteJWKSet(new URL(need('AUTH_JWKS_URL')));
const pool = new pg.Pool({ connectionString: need('DATABASE_APP_URL'), max: 16 });
const signingKey = createHash('sha256').update('a key of today').digest();
const app = Fastify();

/** RS256, once a request. */
async function tenantOf({ headers }: FastifyRequest): Promise<{ tenant: string; user: string }> {
  const { payload } = await jwtVerify(headers.authorization?.slice('Bearer '.length) ?? '', keys, {
    issuer: need('AUTH_ISSUER'),
    audience: need('AUTH_AUDIENCE'),
  });
  return { tenant: payload['tenant_id'] as string, user: payload.sub ?? '' };
}

const contextOf = ({ tenant, user }: { tenant: string; user: string }) =>
  JSON.stringify({ tenantId: tenant, actor: `user:${user}`, requestId: randomUUID() });

/** As much hashing as SigV4 needs when the key of the day is at hand. */
function signed(path: string): string {
  const request = createHash('sha256')
    .update(`GET\n${path}\nX-Amz-Expires=900\nhost:127.0.0.1\n\nhost\nUNSIGNED-PAYLOAD`)
    .digest('hex');
  const signature = createHmac('sha256', signingKey)
    .update(`AWS4-HMAC-SHA256\n20260101T000000Z\n${request}`)
    .digest('hex');
  return `http://127.0.0.1/${path}?X-Amz-Expires=900&X-Amz-Signature=${signature}`;
}

async function rowsOf(name: string, text: string, values: unknown[]): Promise<Record<string, unknown>[]> {
  return (await pool.query<Record<string, unknown>>({ name, text, values })).rows;
}

app.get('/', () => 'ready');

app.post('/v1/files/presign', async (request) => {
  const actor = await tenantOf(request);
  const { filename, mimeType, bucket, size } = request.body as Record<string, unknown>;
  const [fileId, versionId] = [randomUUID(), randomUUID()];
  const values = [
    contextOf(actor),
    fileId,
    versionId,
    bucket,
    filename,
    mimeType,
    mimeType,
    size,
    null,
    '{}',
    actor.user,
    1_000_000,
  ];
  await rowsOf('initiate', 'SELECT initiate_upload($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)', values);
  return { fileId, versionId };
});

app.get<{ Params: { id: string } }>('/v1/files/:id', async (request) => {
  const { tenant, user } = await tenantOf(request);
  return (await rowsOf('read', SELECT_FILE, [tenant, user, request.params.id]))[0];
});

app.post<{ Params: { id: string } }>('/v1/files/:id/download-url', async (request) => {
  const { tenant, user } = await tenantOf(request);
  await rowsOf('grant', SELECT_GRANT, [tenant, user, request.params.id]);
  return { url: signed(`${tenant}/documents/${request.params.id}`) };
});

app.get('/v1/files', async (request) => {
  const actor = await tenantOf(request);
  const values = [contextOf(actor), '{}', 'createdAt', 'desc', null, null, 50, '{"listed": true}'];
  const items = await rowsOf('list', 'SELECT * FROM list_files($1, $2, $3, $4, $5, $6, $7, $8)', values);
  return { items: items.slice(0, 50).map((item) => ({ ...item, url: signed(String(item['file_id'])) })) };
});

confirmCeiling(app, { tenantOf, contextOf, rowsOf });

await app.listen({ host: '127.0.0.1', port: Number(need('PORT')) });
