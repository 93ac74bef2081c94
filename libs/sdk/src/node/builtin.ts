import type * as Crypto from 'node:crypto';
import type * as Fs from 'node:fs';
import type * as Http from 'node:http';
import type * as Https from 'node:https';
import type * as Os from 'node:os';
import type * as Path from 'node:path';
import type * as Url from 'node:url';

interface Builtins {
  readonly crypto: typeof Crypto;
  readonly fs: typeof Fs;
  readonly http: typeof Http;
  readonly https: typeof Https;
  readonly os: typeof Os;
  readonly path: typeof Path;
  readonly url: typeof Url;
}

interface Runtime {
  readonly process?: { getBuiltinModule?: (name: string) => unknown };
}

/** Whether the modules of Node are there. */
export function isNode(): boolean {
  return typeof (globalThis as Runtime).process?.getBuiltinModule === 'function';
}

/** A module of Node, without an import that a browser or a bundler for one would have to resolve. */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] {
  const found = (globalThis as Runtime).process?.getBuiltinModule?.(`node:${name}`);
  if (found === undefined) throw new TypeError(`this needs Node 20.16 or newer (node:${name})`);
  return found as Builtins[Name];
}
