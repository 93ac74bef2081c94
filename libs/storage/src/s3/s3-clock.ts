import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { ObjectStoreError } from '../object-store.errors.js';
import { abortable } from './s3-abort.js';
import type { S3Context } from './s3-client.js';

/** The `Date` of an answer (RFC 9110, 6.6.1); the SDK's output leaves it out, so it is taken where the answer comes in. */
export async function storeClock(s3: S3Context, signal?: AbortSignal): Promise<Date> {
  const command = new HeadBucketCommand({ Bucket: s3.staging });
  let date: string | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      date = headersOf(answer.response)['date'];
      return answer;
    },
    { step: 'deserialize', name: 'readDate' },
  );
  await s3.io.send(command, abortable(signal));
  const now = new Date(date ?? '');
  if (Number.isNaN(now.getTime())) throw new ObjectStoreError('INVALID_REQUEST', 'clock: the store tells no time');
  return now;
}

function headersOf(response: unknown): Record<string, string | undefined> {
  return (response as { headers?: Record<string, string> } | undefined)?.headers ?? {};
}
