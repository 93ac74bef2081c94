const HIDDEN = '[redacted]';

/** Names whose value is a secret whatever it looks like: authorization, set-cookie, secretAccessKey, refresh_token, … */
const SECRET_NAME =
  /(authorization|cookies?|passw(or)?d|secret|secret[_-]?access[_-]?key|token|api[_-]?key|x-amz-(signature|credential))$/i;

/**
 * Secrets by their shape, wherever they stand in a JSON text: none of these patterns crosses a quote or a backslash,
 * so a record stays valid JSON. URLs may be percent-encoded inside other URLs.
 */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/(X-Amz-(?:Signature|Credential|Security-Token)(?:=|%(?:25)*3D))[^&\s"\\<>]+/gi, `$1${HIDDEN}`],
  [/AWS4-HMAC-SHA256 [^"\\]*/g, `AWS4-HMAC-SHA256 ${HIDDEN}`],
  [/\b(Bearer|Basic)(\s+|%20)[^\s"\\,;]+/gi, `$1 ${HIDDEN}`],
  [/eyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g, HIDDEN],
  [/whsec_[\w+/=-]+/g, HIDDEN],
  [/(\/internal\/s3-events\/)[^/?#\s"\\]+/g, `$1${HIDDEN}`],
  [/(\/uppy\/t\/)[^/?#\s"\\]+/g, `$1${HIDDEN}`],
  // Names and metadata, which other doors take in a body and so never log.
  [/(\/uppy\/[^?#\s"\\]*\?)[^#\s"\\]+/g, `$1${HIDDEN}`],
  [/([?&](?:[\w-]*token|[\w-]*secret|signature|api_?key)=)[^&\s"\\<>]+/gi, `$1${HIDDEN}`],
  [/(\w:\/\/[^\s/:@"\\]*):[^\s/@"\\]+@/g, `$1:${HIDDEN}@`],
];

/** What some readers take for the end of a line, and what turns the order of what they show. */
const UNSAFE_TO_SHOW = /[\u0085\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Makes a log record (one JSON text) safe to keep: secrets by the name of their key, by their shape, and the literal
 * `secrets` of this process are replaced; nothing in it looks like a second line. Ends with one newline.
 */
export function recordRedaction(secrets: readonly string[]): (record: string) => string {
  const spelt = secrets
    .filter((secret) => secret.length >= 8)
    .flatMap((secret) => [JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  const literals = [...new Set(spelt)].sort((a, b) => b.length - a.length);
  const isPlain = (record: string): boolean =>
    !MAY_NEED_CARE.test(record) && !literals.some((literal) => record.includes(literal)) && isJson(record);
  return (written) => {
    const record = written.trimEnd();
    if (isPlain(record)) return `${record}\n`;
    let text = withoutSecretKeys(record);
    for (const literal of literals) text = text.replaceAll(literal, HIDDEN);
    for (const [shape, replacement] of SHAPES) text = text.replace(shape, replacement);
    return `${text.replace(UNSAFE_TO_SHOW, escaped)}\n`;
  };
}

/**
 * What each name that `SECRET_NAME` knows and each of `SHAPES` has in it, what could spell a name otherwise or begin a second record,
 * and what is unsafe to show. Most records hold none of it and are written as they are.
 */
const MAY_NEED_CARE = new RegExp(
  `[\\\\\n]|${UNSAFE_TO_SHOW.source}|authorization|cookie|passw|secret|token|api[_-]?key|x-amz-|aws4|bearer|basic|eyj|whsec_|s3-events|uppy|signature|://`,
  'i',
);

function isJson(record: string): boolean {
  try {
    JSON.parse(record);
    return true;
  } catch {
    return false;
  }
}

/** Not JSON: a library wrote to the stream by itself. One string keeps it one record. */
function withoutSecretKeys(record: string): string {
  try {
    return JSON.stringify(JSON.parse(record, (key, value: unknown) => (hides(key, value) ? HIDDEN : value)));
  } catch {
    return JSON.stringify({ msg: record });
  }
}

const hides = (key: string, value: unknown): boolean =>
  value !== null && value !== '' && typeof value !== 'boolean' && SECRET_NAME.test(key);
