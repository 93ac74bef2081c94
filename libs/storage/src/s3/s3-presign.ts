import type {
  PresignGetRequest,
  PresignPartRequest,
  PresignPostRequest,
  PresignPutRequest,
  PresignedGet,
  PresignedPost,
  PresignedPut,
} from '../object-store.requests.js';
import type { S3Context } from './s3-client.js';

/**
 * Length and type are signed, so the store itself refuses another body; `If-None-Match: *` makes it refuse a second
 * PUT on the same URL where it can. The `x-amz-` headers stay headers: in the query they would not bind the client.
 */
export async function presignPut(s3: S3Context, request: PresignPutRequest): Promise<PresignedPut> {
  const headers: Record<string, string> = { 'content-type': request.contentType, 'if-none-match': '*' };
  if (request.sha256 !== undefined) {
    headers['x-amz-checksum-sha256'] = Buffer.from(request.sha256, 'hex').toString('base64');
  }
  if (s3.sse.ServerSideEncryption) headers['x-amz-server-side-encryption'] = s3.sse.ServerSideEncryption;
  const signed = await s3.sign({
    method: 'PUT',
    bucket: s3.staging,
    key: request.key,
    headers: { ...headers, ...length(request.size) },
    query: {},
    expiresInSec: request.expiresInSec,
  });
  return { ...signed, headers };
}

/** The length is signed where one is given. Nothing else has to be sent. */
export async function presignPart(s3: S3Context, request: PresignPartRequest): Promise<PresignedPut> {
  const { key, uploadId, partNumber, size, expiresInSec } = request;
  const signed = await s3.sign({
    method: 'PUT',
    bucket: s3.staging,
    key,
    headers: length(size),
    query: { partNumber: String(partNumber), uploadId },
    expiresInSec,
  });
  return { ...signed, headers: {} };
}

/**
 * Key, type and the range of lengths are in the signed policy. A form knows no `If-None-Match`: a second POST makes another version,
 * which the pin leaves aside (S5).
 */
export function presignPost(s3: S3Context, request: PresignPostRequest): Promise<PresignedPost> {
  const { key, contentType, size, expiresInSec } = request;
  const fields: Record<string, string> = { 'Content-Type': contentType, success_action_status: '201' };
  if (s3.sse.ServerSideEncryption) fields['x-amz-server-side-encryption'] = s3.sse.ServerSideEncryption;
  return s3.signForm({ bucket: s3.staging, key, size, fields, expiresInSec });
}

export function presignGet(s3: S3Context, request: PresignGetRequest): Promise<PresignedGet> {
  const query: Record<string, string> = {};
  if (request.contentDisposition !== undefined) query['response-content-disposition'] = request.contentDisposition;
  if (request.contentType !== undefined) query['response-content-type'] = request.contentType;
  const { key, expiresInSec } = request;
  return s3.sign({ method: 'GET', bucket: s3.main, key, headers: {}, query, expiresInSec });
}

const length = (size: number | null): Record<string, string> =>
  size === null ? {} : { 'content-length': String(size) };
