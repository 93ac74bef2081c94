import { randomUUID } from 'node:crypto';
import { eventually } from '@custody/testing';
import { AUDIENCE, type Issuer } from './issuer.js';

export const ALL_SCOPES = 'files:read files:export files:write files:admin';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // A JSON body has whatever shape the assertion on it expects.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
  readonly body: any;
}

export interface Caller {
  readonly tenantId: string;
  readonly userId: string;
  readonly token: string;
}

export function claimsOf(
  issuer: Pick<Issuer, 'url'>,
  scope = ALL_SCOPES,
  tenantId: string = randomUUID(),
  userId: string = randomUUID(),
  groups: readonly string[] = [],
) {
  const now = Math.floor(Date.now() / 1000);
  return { iss: issuer.url, aud: AUDIENCE, sub: userId, tenant_id: tenantId, scope, groups, iat: now, exp: now + 3600 };
}

/** Somebody with a token, at one API. */
export class Client {
  constructor(
    readonly apiUrl: string,
    readonly caller: Caller,
  ) {}

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.caller.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  }

  presign(bytes: Uint8Array | number, fields: Record<string, unknown> = {}): Promise<Answer> {
    return this.call('POST', '/v1/files/presign', {
      filename: 'note.txt',
      mimeType: 'text/plain',
      bucket: 'documents',
      size: typeof bytes === 'number' ? bytes : bytes.length,
      ...fields,
    });
  }

  /** PUTs to the presigned URL as a client would: the answer's headers and nothing else. */
  put(
    presigned: Answer,
    bytes: Blob | string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const {
      uploadUrl,
      method,
      headers: signed,
    } = presigned.body as { uploadUrl: string; method: string; headers: Record<string, string> };
    return fetch(uploadUrl, { method, headers: { ...signed, ...headers }, body: bytes, duplex: 'half' });
  }

  confirm(fileId: string): Promise<Answer> {
    return this.call('POST', `/v1/files/presign/${fileId}/confirm`);
  }

  file(fileId: string): Promise<Answer> {
    return this.call('GET', `/v1/files/${fileId}`);
  }

  downloadUrl(fileId: string, body: Record<string, unknown> = {}): Promise<Answer> {
    return this.call('POST', `/v1/files/${fileId}/download-url`, body);
  }

  /** Presign, PUT and confirm; resolves to the file's id. */
  async upload(bytes: Uint8Array, fields: Record<string, unknown> = {}): Promise<string> {
    const presigned = await this.staged(bytes, fields);
    const confirmed = await this.confirm(presigned.body.fileId);
    if (confirmed.status !== 200)
      throw new Error(`confirm answered ${confirmed.status} ${JSON.stringify(confirmed.body)}`);
    return presigned.body.fileId as string;
  }

  /** Presign and PUT without a confirm. */
  async staged(bytes: Uint8Array, fields: Record<string, unknown> = {}): Promise<Answer> {
    const presigned = await this.presign(bytes, fields);
    if (presigned.status !== 201)
      throw new Error(`presign answered ${presigned.status} ${JSON.stringify(presigned.body)}`);
    const put = await this.put(presigned, new Blob([new Uint8Array(bytes)]));
    if (put.status !== 200) throw new Error(`PUT answered ${put.status} ${await put.text()}`);
    return presigned;
  }

  /** Waits until the file has this status; the last answer's body. */
  async until(fileId: string, status: 'available' | 'rejected', timeoutMs = 60_000): Promise<Answer['body']> {
    return eventually(
      `file ${fileId} is ${status}`,
      async () => {
        const { body } = await this.file(fileId);
        if (body.status !== 'pending_scan' && body.status !== status) throw new Error(`it is ${JSON.stringify(body)}`);
        return body.status === status ? body : undefined;
      },
      timeoutMs,
    );
  }
}
