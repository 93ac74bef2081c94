import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OPEN_FILES = 64;
const MiB = 1024 ** 2;

/** The command line in front of a rendering, and what of it this platform does not offer. */
export interface Sandbox {
  readonly command: readonly string[];
  readonly missing: readonly string[];
}

/**
 * What the platform has to fence a rendering in: resource limits (prlimit) and a network namespace of its own with nothing in
 * it (unshare; as root, or in a user namespace). Each is tried once; what is missing is named, for the log. Wall time, V8's heap, the empty
 * environment and Node's permission model hold everywhere.
 */
export async function findSandbox({
  memoryMb,
  timeoutSec,
}: {
  memoryMb: number;
  timeoutSec: number;
}): Promise<Sandbox> {
  const limits = [
    'prlimit',
    `--data=${memoryMb * MiB}`,
    `--cpu=${timeoutSec}`,
    `--nofile=${OPEN_FILES}`,
    '--fsize=0',
    '--core=0',
    '--',
  ];
  const candidates = [
    ['unshare', '--net', '--'],
    ['unshare', '--map-root-user', '--net', '--'],
  ];
  const [limited, isolated] = await Promise.all([firstThatWorks([limits]), firstThatWorks(candidates)]);
  return {
    command: [...(limited ?? []), ...(isolated ?? [])],
    missing: [...(limited ? [] : ['resource limits']), ...(isolated ? [] : ['a network of its own'])],
  };
}

async function firstThatWorks(commands: readonly (readonly string[])[]): Promise<readonly string[] | null> {
  for (const command of commands) {
    const [program = '', ...rest] = command;
    const works = await run(program, [...rest, 'true']).then(
      () => true,
      () => false,
    );
    if (works) return command;
  }
  return null;
}

const resolve = createRequire(import.meta.url).resolve;

/** The `node_modules` a package was found in; its own helpers lie beside it. */
function modulesWith(name: string): string {
  const path = realpathSync(resolve(name));
  const folder = '/node_modules';
  return path.slice(0, path.lastIndexOf(`${folder}/`) + folder.length);
}

/** Node's own limits: a small heap, no writing, no processes or threads, and nothing to read but the code it runs. */
export function nodeLimits(memoryMb: number): string[] {
  const app = join(import.meta.dirname, '../..');
  const domain = dirname(realpathSync(resolve('@custody/domain/package.json')));
  const readable = [app, domain, ...new Set(['sharp', 'pdfjs-dist', '@napi-rs/canvas'].map(modulesWith))];
  return [
    `--max-old-space-size=${Math.floor(memoryMb / 4)}`,
    '--permission',
    '--allow-addons',
    ...readable.map((folder) => `--allow-fs-read=${folder}/*`),
    '--no-warnings',
  ];
}
