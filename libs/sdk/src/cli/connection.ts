import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createCustody } from '../custody.js';
import type { Custody } from '../custody.js';
import { UsageError } from './arguments.js';

const run = promisify(execFile);

/** The variables the program reads. */
export interface CliEnvironment {
  readonly CUSTODY_URL?: string | undefined;
  readonly CUSTODY_TOKEN?: string | undefined;
  readonly CUSTODY_TOKEN_COMMAND?: string | undefined;
}

/** A client for what the environment names; UsageError says what is missing. */
export function connect(environment: CliEnvironment, urlOption: string | undefined): Custody {
  const url = urlOption ?? environment.CUSTODY_URL ?? '';
  if (!/^https?:\/\/[^/]/.test(url))
    throw new UsageError('set CUSTODY_URL to the address of the service, as in CUSTODY_URL=https://files.example.com');
  const { CUSTODY_TOKEN: token = '', CUSTODY_TOKEN_COMMAND: command = '' } = environment;
  if (command !== '') return createCustody({ url, token: () => printedBy(command) });
  if (token === '') throw new UsageError('set CUSTODY_TOKEN to a bearer token of your authorization server');
  return createCustody({ url, token: token.replace(/^Bearer /i, '') });
}

async function printedBy(command: string): Promise<string> {
  const { stdout } = await run('/bin/sh', ['-c', command]);
  return stdout.trim();
}
