import { spawn } from 'node:child_process';

/** One thing `npm run check` looks at. `after` names a step whose results it uses. */
export interface Step {
  readonly name: string;
  readonly after?: string;
  run(): Promise<Outcome>;
}

export interface Outcome {
  readonly ok: boolean;
  /** shown when the step fails */
  readonly output: string;
}

/** A step's outcome from a program's exit status and what it printed. */
export function runProgram(root: string, program: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString('utf8') }));
  });
}
