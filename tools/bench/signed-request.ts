import { createHash, createHmac } from 'node:crypto';
import { Agent, request, type IncomingHttpHeaders } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
let day = '';
let keyOfDay = Buffer.alloc(0);

export interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One signed request to the store (SigV4, path style, key of the day kept), as small as such a request can be. */
export function signedFetch(
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE',
  path: string,
  headers: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, string>> = {},
  body?: Buffer,
): Promise<Answer> {
  const { S3_ENDPOINT = '', S3_REGION = '', S3_ACCESS_KEY_ID = '', S3_SECRET_ACCESS_KEY = '' } = process.env;
  const endpoint = new URL(S3_ENDPOINT);
  const at = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${at.slice(0, 8)}/${S3_REGION}/s3/aws4_request`;
  if (day !== scope) {
    const parts = [at.slice(0, 8), S3_REGION, 's3', 'aws4_request'];
    keyOfDay = parts.reduce((key, part) => hmac(key, part), Buffer.from(`AWS4${S3_SECRET_ACCESS_KEY}`));
    day = scope;
  }
  const search = Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  const sent = { host: endpoint.host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amz-date': at };
  const names = Object.keys(sent).join(';');
  const lines = Object.entries(sent).map(([name, value]) => `${name}:${value}\n`);
  const canonical = `${method}\n${path}\n${search}\n${lines.join('')}\n${names}\nUNSIGNED-PAYLOAD`;
  const signature = hmac(keyOfDay, `AWS4-HMAC-SHA256\n${at}\n${scope}\n${sha256(canonical)}`).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${S3_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return send(
    { method, path: search === '' ? path : `${path}?${search}`, headers: { ...headers, ...sent, authorization } },
    endpoint,
    body,
  );
}

function send(
  options: { method: string; path: string; headers: Record<string, string> },
  at: URL,
  body?: Buffer,
): Promise<Answer> {
  const sized = body === undefined ? {} : { 'content-length': String(body.length) };
  const headers = { ...options.headers, ...sized };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, headers, agent, hostname: at.hostname, port: at.port }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const answer = { headers: response.headers, body: Buffer.concat(chunks) };
        if ((response.statusCode ?? 500) < 300) resolve(answer);
        else reject(new Error(`${options.method} ${options.path}: ${response.statusCode} ${answer.body.toString()}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
