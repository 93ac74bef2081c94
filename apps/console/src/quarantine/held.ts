import type { Custody, ListedFile } from '@custody/sdk';

/** Files whose version waits for an administrator; there is no filter by stage, and few files are pending at a time. */
export async function readHeld(custody: Custody, signal: AbortSignal): Promise<readonly ListedFile[]> {
  const held: ListedFile[] = [];
  for await (const file of custody.files.list({ status: 'pending_scan', limit: 200, signal })) {
    if (file.stage === 'held') held.push(file);
  }
  return held;
}
