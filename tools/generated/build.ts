import { spawnSync } from 'node:child_process';

/** Builds every project; what has not changed comes from Nx's cache. Prints only when it fails. */
export function buildProjects(root: string): void {
  const env = { ...process.env, NX_DAEMON: 'false' };
  const built = spawnSync('nx', ['run-many', '-t', 'build', '--outputStyle=static'], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
}
