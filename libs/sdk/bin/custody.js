#!/usr/bin/env node
import { existsSync } from 'node:fs';

// npm links this file when it installs, which in a workspace is before the build.
const built = new URL('../dist/cli/main.js', import.meta.url);
if (!existsSync(built)) {
  process.stderr.write('custody: not built yet; run `npm run build` first.\n');
  process.exit(2);
}
await import(built.href);
