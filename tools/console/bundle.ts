// Builds the console: apps/console/dist/site, as files-api serves it.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { build, type BuildOptions, type Metafile } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');
const project = path.join(root, 'apps/console');
const site = path.join(project, 'dist/site');

const options: BuildOptions = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022'],
  outdir: site,
  absWorkingDir: project,
  // The libraries as TypeScript, so that nothing has to be built before.
  conditions: ['@custody/source'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
};

/** The names that the page loads; a change of the content changes the name, so they may be kept for ever. */
function entryNames({ outputs }: Metafile): { script: string; style: string } {
  const names = Object.keys(outputs).map((name) => path.relative('dist/site', name));
  const find = (suffix: string) => names.find((name) => name.startsWith('assets/main-') && name.endsWith(suffix)) ?? '';
  return { script: find('.js'), style: find('.css') };
}

/** Hooks and signals work with the one copy of Preact that renders; npm may install two. */
function assertOnePreact({ inputs }: Metafile): void {
  const copies = new Set(Object.keys(inputs).flatMap((name) => /^.*node_modules\/preact\//.exec(name)?.[0] ?? []));
  if (copies.size !== 1) throw new Error(`the console has ${copies.size} copies of Preact: ${[...copies].join(', ')}`);
}

/** `name.br` and `name.gz` beside each file, for whoever takes them. */
async function compress(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const content = await readFile(path.join(site, name));
    await writeFile(path.join(site, `${name}.br`), await promisify(brotliCompress)(content));
    await writeFile(path.join(site, `${name}.gz`), await promisify(gzip)(content, { level: 9 }));
  }
}

await rm(site, { recursive: true, force: true });
await mkdir(site, { recursive: true });
const { metafile } = await build({
  ...options,
  entryPoints: { main: 'src/main.tsx' },
  entryNames: 'assets/[name]-[hash]',
  metafile: true,
});
assertOnePreact(metafile);
await build({ ...options, format: 'iife', entryPoints: { 'content-worker': 'src/worker/content-worker.ts' } });
await cp(path.join(project, 'public'), site, { recursive: true });
const { script, style } = entryNames(metafile);
const page = await readFile(path.join(site, 'index.html'), 'utf8');
await writeFile(path.join(site, 'index.html'), page.replace('%SCRIPT%', script).replace('%STYLE%', style));
await compress(['index.html', script, style, 'content-worker.js']);
