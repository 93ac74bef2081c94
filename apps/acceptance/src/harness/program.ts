import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What a program that ended left behind. */
export interface Ended {
  /** undefined: a signal ended it */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program under way; it may be killed. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts a program with this environment on top of ours. */
export function start(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Running {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: (code as number | null) ?? undefined, stdout, stderr }));
  return { child, ended };
}

/** Runs a program to its end. */
export function ranToEnd(...what: Parameters<typeof start>): Promise<Ended> {
  return start(...what).ended;
}
