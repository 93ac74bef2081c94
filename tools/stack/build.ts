import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { spawn } from 'node:child_process';

/**
 * Builds the apps with Nx, which leaves out what has not changed. Output in `<dir>/log/build.log`.
 * @throws Error naming the log
 */
export async function buildApps(root: string, dir: string, onLine: (line: string) => void): Promise<void> {
  const logFile = path.join(dir, 'log', 'build.log');
  await mkdir(path.dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { flags: 'a' });
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn('npm', ['run', 'build'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A daemon would stay behind when the stack has stopped.
      env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        log.write(chunk);
        onLine(chunk.toString('utf8').trim().split('\n').at(-1) ?? '');
      });
    }
    child.once('error', reject);
    child.once('close', resolve);
  });
  log.end();
  if (code !== 0) throw new Error(`the build failed; see ${logFile}`);
}
