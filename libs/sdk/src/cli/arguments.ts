import { parseArgs } from 'node:util';

const OPTIONS = {
  url: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  bucket: { type: 'string' },
  folder: { type: 'string' },
  subject: { type: 'string' },
  metadata: { type: 'string', multiple: true },
  'access-group': { type: 'string' },
  'mime-type': { type: 'string' },
  'version-of': { type: 'string' },
  'file-id': { type: 'string' },
  lanes: { type: 'string' },
  files: { type: 'string' },
  timeout: { type: 'string' },
  'no-wait': { type: 'boolean' },
  'no-resume': { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  version: { type: 'string' },
} as const;

/** The command line is wrong; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type CliOptions = ReturnType<typeof parse>['values'];

/** The parts of a command line. UsageError for what no command knows. */
export interface CommandLine {
  readonly command: string | undefined;
  readonly operands: readonly string[];
  readonly options: CliOptions;
}

export function commandLine(args: readonly string[]): CommandLine {
  try {
    const { values, positionals } = parse(args);
    const [command, ...operands] = positionals;
    return { command, operands, options: values };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
}

/** A whole number from 1, or undefined when there is none. */
export function countOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new UsageError(`--${name} takes a number, as in --${name} 4`);
  return Number(text);
}

/** `type:id`; the id may have colons of its own. */
export function subjectOf(text: string | undefined): { readonly type: string; readonly id: string } | undefined {
  if (text === undefined) return undefined;
  const [, type, id] = /^([^:]+):(.+)$/.exec(text) ?? [];
  if (type === undefined || id === undefined) throw new UsageError('--subject takes TYPE:ID, as in --subject case:A-1');
  return { type, id };
}

/** JSON objects and `name=value` pairs, the later ones winning. */
export function metadataOf(texts: readonly string[] = []): Readonly<Record<string, unknown>> | undefined {
  if (texts.length === 0) return undefined;
  return Object.assign({}, ...texts.map(oneMetadata)) as Record<string, unknown>;
}

function oneMetadata(text: string): object {
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text) as object;
    } catch {
      throw new UsageError(`--metadata is no JSON: ${text}`);
    }
  }
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new UsageError('--metadata takes a JSON object or name=value');
  return { [name]: value };
}
