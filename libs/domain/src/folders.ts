/** Levels below the root a folder may stand on. */
export const MAX_FOLDER_DEPTH = 32;

const MAX_CHARACTERS = 255;
// eslint-disable-next-line no-control-regex -- control characters are what must not be in a name
const FORBIDDEN = /[/\u0000-\u001f\u007f]/;

/** Why this cannot be the name of a folder, null when it can. Names are compared in NFC, case matters, `/` divides a path. */
export function folderNameProblem(name: string): string | null {
  if (!name.isWellFormed() || FORBIDDEN.test(name))
    return 'must be well-formed Unicode without / and control characters';
  if (name !== name.trim()) return 'must neither begin nor end with white space';
  if (name === '.' || name === '..') return 'must not be . or ..';
  const { length } = Array.from(name);
  return length >= 1 && length <= MAX_CHARACTERS ? null : `must have 1 to ${MAX_CHARACTERS} characters`;
}
