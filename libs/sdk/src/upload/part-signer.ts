import type { Api } from '../http/api.js';
import type { Patience } from '../http/patience.js';
import type { SignedPut } from './deliver.js';

/** How many URLs are asked for at once: few enough to be used before they run out. */
const BATCH = 16;

type Batch = Promise<ReadonlyMap<number, SignedPut>>;

/** Gets the URLs of parts, some ahead, and again those of a batch of which the store refused one. */
export class PartSigner {
  private readonly batches = new Map<number, Batch>();

  /** @param order the parts as they will be sent */
  constructor(
    private readonly api: Api,
    private readonly fileId: string,
    private readonly order: readonly number[],
    private readonly patience: Patience,
  ) {}

  /** @param refused what the store did not take for this part */
  async urlOf(partNumber: number, refused: SignedPut | undefined): Promise<SignedPut> {
    const batch = this.batches.get(partNumber) ?? this.ask(partNumber);
    const signed = (await batch).get(partNumber);
    if (signed === undefined) throw new TypeError(`the service signed no part ${partNumber}`);
    if (signed.uploadUrl !== refused?.uploadUrl) return signed;
    this.forget(batch);
    return this.urlOf(partNumber, undefined);
  }

  private ask(partNumber: number): Batch {
    const at = this.order.indexOf(partNumber);
    const partNumbers = this.order.slice(at, at + BATCH).filter((number) => !this.batches.has(number));
    const batch = this.sign(partNumbers);
    // Whoever waits for it hears of the failure; the next one asks again.
    batch.catch(() => this.forget(batch));
    for (const number of partNumbers) this.batches.set(number, batch);
    return batch;
  }

  private async sign(partNumbers: readonly number[]): Batch {
    const { parts } = await this.api.call('POST /v1/files/{fileId}/multipart/parts', {
      path: { fileId: this.fileId },
      body: { partNumbers },
      repeatable: true,
      patience: this.patience,
    });
    return new Map(parts.map((part) => [part.partNumber, part]));
  }

  private forget(batch: Batch): void {
    for (const [number, of] of this.batches) if (of === batch) this.batches.delete(number);
  }
}
