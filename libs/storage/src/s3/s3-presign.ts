import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { PresignGetRequest, PresignPutRequest, PresignedGet, PresignedPut } from '../object-store.requests.js';
import type { S3Context } from './s3-client.js';

/**
 * Length and type are signed, so the store itself refuses another body; `If-None-Match: *` makes it refuse a second
 * PUT on the same URL. The `x-amz-` headers stay headers: hoisted into the query they would not bind the client.
 */
export async function presignPut(s3: S3Context, request: PresignPutRequest): Promise<PresignedPut> {
  const checksum = request.sha256 === undefined ? undefined : Buffer.from(request.sha256, 'hex').toString('base64');
  const headers: Record<string, string> = { 'content-type': request.contentType, 'if-none-match': '*' };
  if (checksum !== undefined) headers['x-amz-checksum-sha256'] = checksum;
  if (s3.sse.ServerSideEncryption) headers['x-amz-server-side-encryption'] = s3.sse.ServerSideEncryption;

  const command = new PutObjectCommand({
    Bucket: s3.staging,
    Key: request.key,
    ContentType: request.contentType,
    ContentLength: request.size,
    IfNoneMatch: '*',
    ...(checksum === undefined ? {} : { ChecksumSHA256: checksum }),
    ...s3.sse,
  });
  const names = Object.keys(headers);
  const signingDate = new Date();
  const url = await getSignedUrl(s3.signer, command, {
    expiresIn: request.expiresInSec,
    signingDate,
    signableHeaders: new Set(['host', 'content-length', ...names]),
    unhoistableHeaders: new Set(names),
  });
  return { url, headers, expiresAt: expiry(signingDate, request.expiresInSec) };
}

export async function presignGet(s3: S3Context, request: PresignGetRequest): Promise<PresignedGet> {
  const command = new GetObjectCommand({
    Bucket: s3.main,
    Key: request.key,
    ...(request.contentDisposition === undefined ? {} : { ResponseContentDisposition: request.contentDisposition }),
    ...(request.contentType === undefined ? {} : { ResponseContentType: request.contentType }),
  });
  const signingDate = new Date();
  const url = await getSignedUrl(s3.signer, command, { expiresIn: request.expiresInSec, signingDate });
  return { url, expiresAt: expiry(signingDate, request.expiresInSec) };
}

/** SigV4 dates have whole seconds: the URL ends with the second it was signed in. */
function expiry(signingDate: Date, expiresInSec: number): Date {
  return new Date((Math.floor(signingDate.getTime() / 1000) + expiresInSec) * 1000);
}
