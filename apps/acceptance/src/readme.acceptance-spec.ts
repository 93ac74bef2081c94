import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stackEnv } from '@custody/testing';

const ROOT = join(import.meta.dirname, '../../..');

describe('README.md', () => {
  it('its transcript works as written against a running stack', async () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const script = /## From upload to download[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1];
    expect(script).toContain('presign');
    const { host } = new URL(stackEnv('API_URL'));
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-euo', 'pipefail', '-c', (script as string).replaceAll('localhost:3000', host)],
      {
        cwd: ROOT,
        timeout: 60_000,
      },
    );
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/The lease begins on Monday\.$/);
  }, 90_000);

  it('links only to what is there', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] as string);
    expect(links.length).toBeGreaterThan(10);
    for (const link of links) expect(() => readFileSync(join(ROOT, link))).not.toThrow(/ENOENT/);
  });
});
