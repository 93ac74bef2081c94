// Runs before anything is installed, on whatever Node the machine has: plain JavaScript, no dependencies.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');

/**
 * Installs what is missing, then runs a TypeScript file of this repository on the Node that npm installed, with this
 * process's arguments, and ends with its exit status.
 * @param {string} entry path relative to the root
 */
export async function bootstrap(entry) {
  if (installIsStale(root)) install();
  const bin = path.join(root, 'node_modules', '.bin');
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` };
  const child = spawn(path.join(bin, 'node'), [path.join(root, entry), ...process.argv.slice(2)], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to both of us; the child decides when to end, and other signals are passed on.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)));
  });
}

/**
 * Whether node_modules is absent or holds other versions than package-lock.json. Optional packages (other platforms)
 * may be missing.
 * @param {string} folder
 */
export function installIsStale(folder) {
  const installed = path.join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return true;
  const wanted = packagesOf(path.join(folder, 'package-lock.json'));
  const present = packagesOf(installed);
  return Object.entries(wanted).some(([name, entry]) => {
    if (name === '') return false;
    const found = present[name];
    if (found === undefined) return !entry.optional && !entry.devOptional && !entry.peer;
    return found.version !== entry.version || found.integrity !== entry.integrity;
  });
}

function install() {
  console.log('installing: npm ci');
  const { status } = spawnSync('npm', ['ci', '--no-fund', '--no-audit'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}
