import { spawn } from 'node:child_process';
import { PROGRAM_PATH } from './debian.ts';

/**
 * Runs a program to its end.
 * @returns what it printed on stdout
 * @throws Error with its stderr when it fails or takes longer than `withinMs`
 */
export function runCommand(
  command: string,
  args: readonly string[],
  withinMs: number,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env, PATH: PROGRAM_PATH },
      timeout: withinMs,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const shown = args.map((arg) => arg.replace(/(secret|password|key)=.*/i, '$1=…')).join(' ');
      if (code === 0) resolve(stdout);
      else reject(new Error(`${command} ${shown} failed (${signal ?? code}): ${stderr.slice(-600)}`));
    });
  });
}
