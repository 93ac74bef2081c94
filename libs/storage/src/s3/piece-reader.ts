const NOTHING = new Uint8Array();

/** Takes a body in pieces of a wanted length, without copying: a piece is a chunk or a part of one. */
export class PieceReader {
  private rest: Uint8Array = NOTHING;

  constructor(private readonly chunks: AsyncIterator<Uint8Array>) {}

  /** At least one byte and at most `most`; undefined at the end. Rejects as the body fails. */
  async next(most: number): Promise<Uint8Array | undefined> {
    while (this.rest.length === 0) {
      const next: IteratorResult<Uint8Array, unknown> = await this.chunks.next();
      if (next.done === true) return undefined;
      this.rest = next.value;
    }
    const piece = this.rest.subarray(0, most);
    this.rest = this.rest.subarray(piece.length);
    return piece;
  }
}
