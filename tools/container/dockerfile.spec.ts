import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { APP_NAMES } from '../stack/apps.ts';

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

  it('holds the compiled code of every app, which the user of the image can read', () => {
    const [asRoot = '', asNode = ''] = last.split('USER node');
    expect(asRoot).toContain('install -d -o node compiled');
    expect(asNode).toContain('ENV NODE_COMPILE_CACHE=/srv/custody/compiled');
    expect(asNode).toContain(`for app in ${APP_NAMES.join(' ')};`);
  });

  it('copies no secrets, dependencies or data of a checkout', () => {
    const ignored = read('.dockerignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.git', '.env', '.local*', '**/node_modules', '**/dist']));
  });
});
