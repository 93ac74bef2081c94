import { createHash, createHmac } from 'node:crypto';
import { Agent, request, type IncomingHttpHeaders } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
/** No request of a case takes as long; one that hangs must not hang the run. */
const ANSWER_WITHIN_MS = 120_000;
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export interface StoreAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface StoreRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Bucket and key, from the slash on. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** Sends a signed request; rejects for an answer that is not 2xx. */
export type Store = (request: StoreRequest) => Promise<StoreAnswer>;

/** The store of these variables, as its owner: SigV4 by header, path style, key of the day kept; as little as such requests need. */
export function storeOf(env: Readonly<Record<string, string | undefined>>): Store {
  const { S3_ENDPOINT = '', S3_REGION = '', S3_ACCESS_KEY_ID = '', S3_SECRET_ACCESS_KEY = '' } = env;
  const endpoint = new URL(S3_ENDPOINT);
  let day = '';
  let key = Buffer.alloc(0);
  return ({ method, path, headers = {}, query = {}, body }) => {
    const at = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const scope = `${at.slice(0, 8)}/${S3_REGION}/s3/aws4_request`;
    if (day !== scope) {
      key = scope.split('/').reduce((derived, part) => hmac(derived, part), Buffer.from(`AWS4${S3_SECRET_ACCESS_KEY}`));
      day = scope;
    }
    const search = Object.entries(query)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    const amz = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-'));
    const sent = {
      host: endpoint.host,
      ...Object.fromEntries(amz),
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      'x-amz-date': at,
    };
    const signed = Object.entries(sent).sort(([a], [b]) => (a < b ? -1 : 1));
    const names = signed.map(([name]) => name).join(';');
    const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
    const canonical = `${method}\n${path}\n${search}\n${lines}\n${names}\nUNSIGNED-PAYLOAD`;
    const signature = hmac(key, `AWS4-HMAC-SHA256\n${at}\n${scope}\n${sha256(canonical)}`).toString('hex');
    const authorization = `AWS4-HMAC-SHA256 Credential=${S3_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    const target = search === '' ? path : `${path}?${search}`;
    return send(endpoint, method, target, { ...headers, ...sent, authorization }, body);
  };
}

function send(
  at: URL,
  method: string,
  path: string,
  signed: Record<string, string>,
  body?: Buffer | string,
): Promise<StoreAnswer> {
  const sized = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const options = {
    method,
    path,
    headers: { ...signed, ...sized },
    agent,
    hostname: at.hostname,
    port: at.port,
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const answer = { headers: response.headers, body: Buffer.concat(chunks) };
        if ((response.statusCode ?? 500) < 300) resolve(answer);
        else reject(new Error(`${method} ${path}: ${response.statusCode} ${answer.body.toString()}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
