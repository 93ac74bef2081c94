/**
 * What a file is about: a case, a work order, a unit, … of some other service. The type is a word, the id whatever that service
 * calls it: non-empty, at most 128 characters. Neither is looked up or followed anywhere.
 */
export interface Subject {
  readonly type: string;
  readonly id: string;
}

export const SUBJECT_TYPE = /^[a-z][a-z0-9_-]{0,63}$/;
export const SUBJECT_ID_MAX = 128;
