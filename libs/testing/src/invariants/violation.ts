/** One broken promise of the safety specification, and the ids that show it. */
export interface Violation {
  readonly invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10';
  /** Version, file, tenant or object key. */
  readonly about: string;
  readonly detail: string;
}

export const violation = (invariant: Violation['invariant'], about: string, detail: string): Violation => ({
  invariant,
  about,
  detail,
});
