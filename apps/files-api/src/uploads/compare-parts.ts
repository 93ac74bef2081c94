import {
  CustodyError,
  PART_MIN_BYTES,
  partLength,
  UNDECLARED_SIZE,
  type FieldProblem,
  type PartPlan,
} from '@custody/domain';
import type { ArrivedPart } from '@custody/storage';

/** Enough to see what is wrong; the list of parts says it all. */
const NAMED = 20;

/** A part as its client names it; the ETag without quotes. */
export interface NamedPart {
  readonly partNumber: number;
  readonly etag: string;
}

/** Null: all parts of the plan have arrived, and nothing else. */
export function compareWithPlan(plan: PartPlan, parts: readonly ArrivedPart[]): CustodyError | null {
  const arrived = new Map(parts.map((part) => [part.partNumber, part.size]));
  const errors: FieldProblem[] = [];
  for (let part = 1; part <= plan.partCount; part += 1) {
    const [size, planned] = [arrived.get(part), partLength(plan, part)];
    if (size === planned) continue;
    const message = size === undefined ? 'has not arrived' : `has ${size} bytes, not ${planned}: send it again`;
    errors.push({ pointer: `/parts/${part}`, message });
  }
  if (errors.length === 0 && arrived.size === plan.partCount) return null;
  return incomplete(`${errors.length} of ${plan.partCount} parts are missing or of another size.`, errors);
}

/**
 * Null: the parts are the very ones their client names, numbered from 1 without a gap, and as long together as declared. What the client
 * says can only stop the upload; the store's own list is what is put together (S8).
 */
export function compareWithNames(
  named: readonly NamedPart[],
  parts: readonly ArrivedPart[],
  declaredSize: number,
): CustodyError | null {
  const arrived = new Map(parts.map((part) => [part.partNumber, part]));
  const errors = named.flatMap(({ partNumber, etag }, at) => {
    const message = objectionTo(arrived.get(at + 1), { partNumber, etag }, at + 1 === named.length);
    return message === null ? [] : [{ pointer: `/parts/${at + 1}`, message }];
  });
  if (errors.length > 0 || named.length === 0)
    return incomplete(`${errors.length} of ${named.length} parts are not as they are named.`, errors);
  if (arrived.size !== named.length)
    return incomplete(`${arrived.size} parts have arrived, ${named.length} are named.`, []);
  const size = sizeOf(parts);
  if (declaredSize === UNDECLARED_SIZE || size === declaredSize) return null;
  return incomplete(`The parts have ${size} bytes, not the ${declaredSize} that were declared.`, []);
}

/** Bytes of all parts together. */
export function sizeOf(parts: readonly ArrivedPart[]): number {
  return parts.reduce((sum, { size }) => sum + size, 0);
}

function objectionTo(arrived: ArrivedPart | undefined, named: NamedPart, isLast: boolean): string | null {
  if (arrived === undefined) return 'has not arrived';
  if (arrived.partNumber !== named.partNumber || arrived.etag !== named.etag) return 'is another one than is named';
  const isShort = !isLast && arrived.size < PART_MIN_BYTES;
  return isShort ? `has ${arrived.size} bytes; all but the last have at least ${PART_MIN_BYTES}` : null;
}

function incomplete(detail: string, errors: readonly FieldProblem[]): CustodyError {
  return new CustodyError('UPLOAD_INCOMPLETE', detail, { errors: errors.slice(0, NAMED) });
}
