import { spawnSync } from 'node:child_process';
import { releaseProjects } from './release-projects.ts';
import { stageRelease } from './stage-release.ts';

/**
 * Puts a runnable release of the built repository `root` into the folder `out`; about 200 MB. The versions are those of
 * the lock, and no package's install script runs.
 * @throws Error with npm's output
 */
export async function makeRelease(root: string, out: string): Promise<void> {
  const workspaces = releaseProjects(root).map((folder) => `--workspace=${folder}`);
  await stageRelease(root, out);
  npm(out, ['install', '--package-lock-only', '--ignore-scripts']);
  npm(out, ['ci', '--omit=dev', '--ignore-scripts', '--include-workspace-root', ...workspaces]);
}

function npm(cwd: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync('npm', [...args, '--no-audit', '--no-fund'], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args[0] ?? ''} failed:\n${stdout}${stderr}`);
}
