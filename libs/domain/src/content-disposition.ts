const FALLBACK = 'download';
/** File systems end at 255 bytes; browsers add a counter and a suffix of their own. */
const MAX_BYTES = 240;
const MAX_EXTENSION_BYTES = 32;

/**
 * Characters that are no part of a name: controls, line and paragraph separators, bidirectional controls (they make
 * `gpj.exe` look like `exe.jpg`), byte order mark, noncharacters.
 */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}\u{FEFF}]/gu;

/**
 * One valid `Content-Disposition` value (RFC 6266) of printable ASCII for any string as filename: the last path
 * segment, without unsafe characters, shortened before its extension. A name that ASCII cannot carry also gets
 * `filename*` (RFC 8187), which every client that knows it prefers.
 */
export function contentDisposition(type: 'inline' | 'attachment', filename: string): string {
  const name = safeName(filename);
  const ascii = asciiName(name);
  const plain = `${type}; filename="${ascii}"`;
  return ascii === name ? plain : `${plain}; filename*=UTF-8''${encodeExtended(name)}`;
}

function safeName(filename: string): string {
  const segment = filename.toWellFormed().replace(UNSAFE, '').normalize('NFC').split(/[/\\]/u).at(-1) ?? '';
  return endClean(shorten(segment.trim()));
}

/** Windows drops trailing dots and spaces, so that `a.exe.` would arrive as `a.exe`; `.` and `..` are no names. */
function endClean(name: string): string {
  return name.replace(/[. ]+$/u, '') || FALLBACK;
}

function shorten(name: string): string {
  if (byteLength(name) <= MAX_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && byteLength(name.slice(dot)) <= MAX_EXTENSION_BYTES ? name.slice(dot) : '';
  let stem = '';
  let room = MAX_BYTES - byteLength(extension);
  for (const character of name.slice(0, name.length - extension.length)) {
    room -= byteLength(character);
    if (room < 0) break;
    stem += character;
  }
  return stem + extension;
}

/** What an old client sees: accents dropped, everything else outside a plain quoted-string (RFC 9110, 5.6.4) as `_`. */
function asciiName(name: string): string {
  const ascii = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  return endClean(ascii);
}

/** `value-chars` of RFC 8187: `encodeURIComponent` leaves four characters that are not `attr-char`. */
function encodeExtended(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
