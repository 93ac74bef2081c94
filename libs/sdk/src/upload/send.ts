import { CustodyError } from '../errors.js';
import { deliver } from './deliver.js';
import type { SignedPut } from './deliver.js';
import { inLanes } from './lanes.js';
import { lasting } from './beginning.js';
import type { Beginning } from './beginning.js';
import { lengthOf, pieceOf } from './parts.js';
import { PartSigner } from './part-signer.js';
import type { UploadContext } from './upload-context.js';

type Parts = Extract<Beginning, { readonly kind: 'parts' }>;
type Single = Extract<Beginning, { readonly kind: 'single' }>;

/** Sends what is missing; pausing drops what is under way and goes on with it later. */
export async function sendParts(
  context: UploadContext,
  { fileId, plan, missing }: Parts,
  lanes: number,
): Promise<void> {
  const { meter } = context;
  const left = new Set(missing);
  await betweenPauses(context, async (signal) => {
    const order = [...left];
    const signer = new PartSigner(context.api, fileId, order, { ...lasting(context), signal });
    await inLanes(order, lanes, signal, async (number, laneSignal) => {
      const piece = pieceOf(plan, number);
      const sign = (refused: SignedPut | undefined) => signer.urlOf(number, refused);
      const sent = await deliver({ ...how(context, number, laneSignal), piece, sign });
      if (sent === 404) await gone(context, fileId);
      left.delete(number);
      meter.settle(number, lengthOf(plan, number));
    });
  });
}

/** @param sign the URL again, after the first one ran out */
export async function sendWhole(
  context: UploadContext,
  { signed }: Single,
  sign: () => Promise<SignedPut>,
): Promise<void> {
  const { meter, source } = context;
  let current: SignedPut = signed;
  await betweenPauses(context, async (signal) => {
    const again = async (refused: SignedPut | undefined) => {
      if (refused !== undefined) current = await sign();
      return current;
    };
    await deliver({ ...how(context, 0, signal), piece: { start: 0, end: source.size }, sign: again });
    meter.settle(0, source.size);
  });
}

function how({ put, source, meter }: UploadContext, part: number, signal: AbortSignal) {
  return {
    put,
    source,
    signal,
    onSent: (bytes: number) => meter.move(part, bytes),
    onWait: (error: CustodyError) => meter.enter('waiting', error),
  };
}

async function betweenPauses(
  { gate, signal, meter }: UploadContext,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  for (;;) {
    const pausing = gate.signal;
    if (gate.closed) {
      meter.halt();
      await gate.passed(signal);
      meter.enter('uploading');
      continue;
    }
    try {
      return await work(AbortSignal.any([signal, pausing]));
    } catch (error) {
      signal.throwIfAborted();
      if (!pausing.aborted) throw error;
    }
  }
}

/** The store knows no such upload: the service says why, in its own words. */
async function gone(context: UploadContext, fileId: string): Promise<never> {
  await context.api.call('GET /v1/files/{fileId}/multipart', { path: { fileId }, patience: lasting(context) });
  throw new CustodyError('UPLOAD_REFUSED', 'the store knows nothing of the upload', { status: 404 });
}
