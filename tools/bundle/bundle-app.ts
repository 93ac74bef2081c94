// Builds the app in the current folder: its compiled modules and all they import become one file, dist/main.js. Finding and
// loading thousands of files was the larger half of a start.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';

const dist = path.resolve('dist');
const outfile = path.join(dist, 'main.js');

/** Packages that a library would load if they were installed: it asks for them, and gets its answer, when it runs. */
const absentPackages: Plugin = {
  name: 'absent packages',
  setup(build) {
    const asked = Symbol('asked');
    build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === asked) return undefined;
      const { resolveDir, kind, importer } = from;
      const found = await build.resolve(path, { resolveDir, kind, importer, pluginData: asked });
      return found.errors.length === 0 ? found : { path, external: true };
    });
  },
};

/** A module of ours that looks for files beside itself looks where it was compiled to, not beside the bundle. */
const ownPlaces: Plugin = {
  name: 'own places',
  setup(build) {
    build.onLoad({ filter: /\/(apps|libs)\/[^/]+\/dist\/.*\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      if (!text.includes('import.meta.')) return undefined;
      const here = path.relative(dist, file);
      const contents = text
        .replaceAll('import.meta.url', `new URL(${JSON.stringify(here)}, import.meta.url).href`)
        .replaceAll('import.meta.dirname', `(import.meta.dirname + ${JSON.stringify(`/${path.dirname(here)}`)})`);
      return { contents, loader: 'js', resolveDir: path.dirname(file) };
    });
  },
};

/**
 * Stack traces name the lines of ours, and of a package's file always the first: with all lines the source map has 8 MB, and Node
 * reads it at every start.
 */
const foreignLines: Plugin = {
  name: 'foreign lines',
  setup(build) {
    build.onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const map = JSON.stringify({ version: 3, sources: [path.basename(file)], mappings: 'AAAA' });
      const comment = `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`;
      return { contents: text.replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '') + comment, loader: 'js' };
    });
  },
};

/** What CommonJS modules expect to find; none of them that run here looks for files beside itself. */
const COMMON_JS = `
import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

/**
 * esbuild names each function again when it is made, also those that are made for each request: 5 % of a request. Only classes need
 * it, when they are made: `static { __name(this, …) }`. As long as what it replaces, so that the source map stays true.
 */
function namedOnce(code: string): string {
  const naming = '(target,value)=>__defProp(target,"name",{value,configurable:true})';
  const cheaper = 't=>t,__clas=(t,n)=>__defProp(t,"name",{value:n})';
  if (!code.includes(naming)) throw new Error('esbuild names functions in another way: look at namedOnce');
  return code
    .replace(naming, () => cheaper.padEnd(naming.length))
    .replaceAll('static{__name(this,', 'static{__clas(this,');
}

const { outputFiles } = await build({
  entryPoints: [path.join(dist, 'main.js')],
  outfile,
  write: false,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Names of classes are names of providers, schemas and loggers.
  keepNames: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'error',
  banner: { js: COMMON_JS.trim().replaceAll('\n', '') },
  plugins: [absentPackages, ownPlaces, foreignLines],
});
for (const { path: file, text } of outputFiles) await writeFile(file, file === outfile ? namedOnce(text) : text);
