// Runs before anything is installed, on whatever Node the machine has (20 or newer): plain JavaScript, no dependencies.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Installs what is missing, then runs a TypeScript file of this repository on the Node that npm installed, with this
 * process's arguments, and ends with its exit status.
 * @param {string} entry path relative to the root
 */
export async function bootstrap(entry) {
  if (installIsStale(root)) install();
  const bin = path.join(root, 'node_modules', '.bin');
  const child = spawn(path.join(bin, 'node'), [path.join(root, entry), ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` },
    // It ends what it started when this channel closes, so not even kill -9 on us leaves services behind.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // A terminal sends Ctrl-C to both of us; the child decides when to end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)));
  });
}

/**
 * Whether node_modules is absent, half-made or holds other versions than package-lock.json. Optional packages (other
 * platforms) may be missing.
 * @param {string} folder
 */
export function installIsStale(folder) {
  const wanted = packagesOf(path.join(folder, 'package-lock.json'));
  const present = installed(folder);
  return Object.entries(wanted).some(([where, entry]) => {
    // Our own projects are links, which a change of their version does not break.
    if (!where.startsWith('node_modules/') || entry.link) return false;
    const found = present[where];
    if (found === undefined) return !entry.optional && !entry.devOptional && !entry.peer;
    return found.version !== entry.version || found.integrity !== entry.integrity;
  });
}

/** What npm wrote down after its last install; nothing when there was none, or it did not finish. */
function installed(folder) {
  try {
    return packagesOf(path.join(folder, 'node_modules', '.package-lock.json'));
  } catch {
    return {};
  }
}

function install() {
  console.log('installing packages (npm ci) …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}
