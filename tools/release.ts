// `node tools/release.ts <folder>`: puts a runnable release of the built repository there (the Dockerfile's last step).
import { makeRelease } from './release/make-release.ts';

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error('usage: node tools/release.ts <folder>');
await makeRelease(new URL('..', import.meta.url).pathname, out);
