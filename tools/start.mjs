// `npm start` on a bare machine: plain JavaScript, Node 20, nothing installed yet.
// Installs what the lock file names, then runs the stack on the Node that came with it.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = path.join(root, 'node_modules', '.bin');

/** Compares the wanted packages with those npm wrote down after its last install. */
function isInstalled() {
  try {
    const read = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
    const wanted = read('package-lock.json');
    const present = read('node_modules/.package-lock.json');
    return Object.entries(wanted).every(([where, entry]) => {
      if (!where.startsWith('node_modules/') || entry.link) return true;
      // Optional ones for other machines are rightly absent.
      if (!present[where]) return Boolean(entry.optional || entry.devOptional || entry.peer);
      return present[where].version === entry.version && present[where].integrity === entry.integrity;
    });
  } catch {
    // No node_modules, or one npm did not finish.
    return false;
  }
}

if (!isInstalled()) {
  console.log('installing packages (npm ci) …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
}

const child = spawn(path.join(bin, 'node'), [path.join(root, 'tools', 'stack', 'start.ts')], {
  cwd: root,
  // It ends the stack when this channel closes, so not even kill -9 on us leaves services behind.
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
