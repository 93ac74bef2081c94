import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = new URL('../..', import.meta.url).pathname;
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const stages = read('Dockerfile')
  .split(/^(?=FROM )/m)
  .filter((stage) => stage.startsWith('FROM '));
const last = stages.at(-1) ?? '';

describe('Dockerfile', () => {
  it('runs the Node the project is developed on', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
    const [major] = (devDependencies['node'] ?? '').split('.');
    for (const stage of stages) expect(stage).toMatch(new RegExp(`^FROM node:${major ?? ''}-bookworm-slim`));
  });

  it('takes into the image only the release, and runs it without privileges', () => {
    expect(last.match(/^COPY .*$/gm)).toEqual(['COPY --from=build /release .']);
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^ENTRYPOINT \["node"\]$/m);
  });

  it('copies no secrets, dependencies or data of a checkout', () => {
    const ignored = read('.dockerignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.git', '.env', '.local*', '**/node_modules', '**/dist']));
  });
});
