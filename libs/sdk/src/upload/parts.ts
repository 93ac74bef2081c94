/** How an upload is cut: parts 1 to `partCount` of `partSize` bytes, the last one the rest. The service makes the plan. */
export interface PartPlan {
  readonly size: number;
  readonly partSize: number;
  readonly partCount: number;
}

/** Bytes `start` up to but without `end`. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

export function pieceOf({ size, partSize }: PartPlan, partNumber: number): Piece {
  const start = (partNumber - 1) * partSize;
  return { start, end: Math.min(size, start + partSize) };
}

/** Numbers of the parts that are not there in full, in order. */
export function missingParts(
  plan: PartPlan,
  arrived: readonly { readonly partNumber: number; readonly size: number }[],
): number[] {
  const there = new Set(arrived.filter(({ partNumber, size }) => size === lengthOf(plan, partNumber)).map(numberOf));
  return Array.from({ length: plan.partCount }, (_, index) => index + 1).filter((number) => !there.has(number));
}

export function lengthOf(plan: PartPlan, partNumber: number): number {
  const { start, end } = pieceOf(plan, partNumber);
  return end - start;
}

function numberOf({ partNumber }: { readonly partNumber: number }): number {
  return partNumber;
}
