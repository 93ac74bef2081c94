import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate, output } from './configuration.js';

it('docs/configuration.md is what the schemas say', async () => {
  expect(await readFile(join(process.cwd(), output), 'utf8')).toBe(await generate());
});
