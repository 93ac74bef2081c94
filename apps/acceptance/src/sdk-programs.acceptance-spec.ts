import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultProxy, stackEnv, type Fault } from '@custody/testing';
import type { Page } from 'playwright-core';
import { Browser, inPage } from './harness/browser.js';
import type { Client } from './harness/client.js';
import { checkSystem } from './harness/invariants.js';
import { ranToEnd, start } from './harness/program.js';
import { eicar, pdfFile, sha256, textFile } from './harness/samples.js';
import { System } from './harness/system.js';

const ROOT = join(import.meta.dirname, '../../..');
const MiB = 1024 ** 2;
const PART = 5 * MiB;
/** More than goes in one PUT by itself. */
const SIZE = 3 * PART + 2 * MiB;

describe('M43 the SDK as others get it', () => {
  let system: System;
  let proxy: FaultProxy;
  let browser: Browser;
  let client: Client;
  let folder: string;
  let home: string;
  const bytes = randomBytes(SIZE);

  beforeAll(async () => {
    const { hostname, port } = new URL(stackEnv('S3_PUBLIC_ENDPOINT'));
    proxy = await FaultProxy.listen({ host: hostname, port: Number(port) });
    const origins = await Browser.originsAt();
    const env = {
      FILES_PART_SIZE_BYTES: String(PART),
      S3_PUBLIC_ENDPOINT: `http://127.0.0.1:${proxy.port}`,
      CORS_ORIGINS: origins.listed,
    };
    folder = await mkdtemp(join(tmpdir(), 'custody-sdk-'));
    home = join(folder, 'home');
    await mkdir(home);
    [system, browser] = await Promise.all([
      System.start({ label: 'sdk-programs', apps: ['files-api', 'scan-worker'], env }),
      Browser.start(origins),
      installed(join(folder, 'app')),
    ]);
    client = await system.client();
    await Promise.all([
      writeFile(join(folder, 'note.txt'), textFile()),
      writeFile(join(folder, 'eicar.txt'), eicar()),
      writeFile(join(folder, 'disk.img'), bytes),
    ]);
  }, 120_000);
  afterEach(() => failing({ kind: 'none' }));
  afterAll(async () => {
    expect(await checkSystem(system)).toEqual([]);
    await browser.stop();
    await system.stop();
    await proxy.close();
    await rm(folder, { recursive: true });
  });

  /** Connections that are kept alive would not know of it. */
  async function failing(fault: Fault): Promise<void> {
    proxy.resetAll();
    await system.eventually('no connection is left', async () => proxy.open === 0);
    proxy.fault = fault;
  }

  /** Packs the SDK as `npm publish` would and installs it where nothing else is. */
  async function installed(app: string): Promise<void> {
    await mkdir(app);
    await writeFile(join(app, 'package.json'), '{"name": "app", "type": "module"}');
    const packed = await ranToEnd('npm', ['pack', '--pack-destination', folder], { cwd: join(ROOT, 'libs/sdk') });
    const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? packed.stderr;
    const options = ['--offline', '--no-audit', '--no-fund'];
    const { code, stderr } = await ranToEnd('npm', ['install', ...options, join(folder, archive)], { cwd: app });
    if (code !== 0) throw new Error(`it does not install: ${stderr}`);
  }

  /** The program of the installed package, as `npx custody` starts it. */
  const program = (...args: string[]) => {
    const env = { CUSTODY_URL: system.apiUrl, CUSTODY_TOKEN: client.caller.token, HOME: home };
    return start(join(folder, 'app/node_modules/.bin/custody'), args, { cwd: folder, env });
  };
  const custody = (...args: string[]) => program(...args).ended;
  const arrived = async (fileId: string) =>
    (await client.call('GET', `/v1/files/${fileId}/multipart`)).body.parts?.length as number;

  it('the package holds what it builds and its types, needs nothing, and uploads', async () => {
    const app = join(folder, 'app');
    const there = await readdir(join(app, 'node_modules/@custody/sdk'));
    expect(there.sort()).toEqual(['README.md', 'bin', 'dist', 'package.json']);
    const files = await readdir(join(app, 'node_modules/@custody/sdk/dist'), { recursive: true });
    expect(files).toEqual(expect.arrayContaining(['index.js', 'index.d.ts', 'generated/operations.d.ts']));
    expect(files.filter((name) => /\.(spec|fixture)\.|\.map$|tsbuildinfo/.test(name))).toEqual([]);
    const manifest = JSON.parse(await readFile(join(app, 'node_modules/@custody/sdk/package.json'), 'utf8')) as object;
    expect(manifest).not.toHaveProperty('dependencies');
    const readme = await readFile(join(app, 'node_modules/@custody/sdk/README.md'), 'utf8');
    const [, script = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
    await writeFile(join(app, 'report.pdf'), pdfFile());
    const env = { CUSTODY_URL: system.apiUrl, CUSTODY_TOKEN: client.caller.token, HOME: home };
    const ran = await ranToEnd('node', ['--input-type=module', '-e', script], { cwd: app, env });
    expect(ran).toMatchObject({ code: 0, stdout: 'available\n' });
  });

  it('the program ends with 0 when all files are available, and says why one is not', async () => {
    const good = await custody('upload', 'note.txt', '--subject', 'case:A-1', '--metadata', 'case=A-1', '--json');
    const told = JSON.parse(good.stdout) as { fileId: string };
    expect({ code: good.code, told }).toMatchObject({ code: 0, told: { path: 'note.txt', status: 'available' } });
    expect((await client.file(told.fileId)).body).toMatchObject({
      filename: 'note.txt',
      mimeType: 'text/plain',
      metadata: { case: 'A-1' },
      subjects: [{ type: 'case', id: 'A-1' }],
    });
    const bad = await custody('upload', 'note.txt', 'eicar.txt', 'absent.txt');
    expect(bad.code).toBe(1);
    expect(bad.stderr).toMatch(/note\.txt: available/);
    expect(bad.stderr).toMatch(/eicar\.txt: rejected, infected: the virus scan found something/);
    expect(bad.stderr).toMatch(/absent\.txt cannot be read\n {2}Check the path/);

    const [listed, status, loaded] = await Promise.all([
      custody('ls'),
      custody('status', told.fileId),
      custody('download', told.fileId, '-o', 'back.txt'),
    ]);
    expect([listed.code, status, loaded.code]).toEqual([
      0,
      { code: 0, stdout: 'note.txt: available\n', stderr: '' },
      0,
    ]);
    expect(listed.stdout).toContain(`${told.fileId}  `);
    expect(await readFile(join(folder, 'back.txt'))).toEqual(await readFile(join(folder, 'note.txt')));
    expect((await custody('upload')).code).toBe(2);
    expect((await custody('--help')).stdout).toContain('CUSTODY_TOKEN');
  });

  it('a killed program goes on when it is run again, without the parts that arrived', async () => {
    await failing({ kind: 'delay', ms: 10 });
    const first = program('upload', 'disk.img', '--lanes', '1');
    const remembered = await system.eventually('the file is known', async () => {
      const { stdout } = await custody('unfinished', '--json');
      return stdout === '' ? undefined : (JSON.parse(stdout) as { fileId: string }).fileId || undefined;
    });
    await system.eventually('a part is there', async () => (await arrived(remembered)) > 0);
    first.child.kill('SIGKILL');
    await first.ended;
    const there = await arrived(remembered);
    await failing({ kind: 'none' });
    const before = proxy.passed.toServer;
    const again = await custody('upload', 'disk.img', '--lanes', '1');
    expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 0, stdout: `${remembered}\n` });
    expect(proxy.passed.toServer - before).toBeLessThan(SIZE - there * PART + MiB);
    expect((await client.file(remembered)).body).toMatchObject({ sha256: sha256(bytes) });
    expect((await custody('unfinished')).stdout).toBe('');
  });

  async function opened(): Promise<Page> {
    const page = await browser.open('listed', '/sdk');
    await signedIn(page);
    return page;
  }
  async function signedIn(page: Page): Promise<void> {
    await page.waitForFunction('window.custody !== undefined');
    await inPage(page, 'signIn', { url: system.apiUrl, token: client.caller.token });
    await page.setInputFiles('input', join(folder, 'disk.img'));
  }
  interface Seen {
    readonly phase: string;
    readonly loaded: number;
    readonly fileId: string;
  }
  const until = (page: Page, what: string, is: (seen: Seen) => boolean) =>
    system.eventually(what, async () => {
      const seen = await inPage<Seen>(page, 'progress');
      return is(seen) ? seen : undefined;
    });

  it('in a browser, with no bundler: in one PUT, and in parts that wait for the network', async () => {
    const page = await opened();
    await inPage(page, 'begin', { multipartFrom: SIZE });
    const whole = await inPage<{ fileId: string }>(page, 'finished');
    expect(await inPage(page, 'verdict', whole.fileId)).toMatchObject({ status: 'available', sha256: sha256(bytes) });

    await failing({ kind: 'delay', ms: 5 });
    await inPage(page, 'begin', { lanes: 1 });
    await until(page, 'a part is there', ({ loaded }) => loaded > PART + MiB);
    await page.context().setOffline(true);
    proxy.resetAll();
    await until(page, 'it waits', ({ phase, loaded }) => phase === 'waiting' && loaded % PART === 0);
    await page.context().setOffline(false);
    const parts = await inPage<{ fileId: string }>(page, 'finished');
    expect(await inPage(page, 'verdict', parts.fileId)).toMatchObject({ status: 'available', sha256: sha256(bytes) });
    expect(await inPage(page, 'phases')).toEqual(
      expect.arrayContaining(['uploading', 'waiting', 'confirming', 'done']),
    );
  });

  it('in a browser, a page that was reloaded goes on with the file that is chosen again', async () => {
    const page = await opened();
    await failing({ kind: 'delay', ms: 5 });
    await inPage(page, 'begin', { lanes: 1 });
    const { fileId } = await until(page, 'a part is there', ({ loaded }) => loaded > PART + MiB);
    await page.reload();
    await signedIn(page);
    expect(await inPage(page, 'unfinished')).toMatchObject([{ fileId, filename: 'disk.img', size: SIZE }]);
    // Neither who asked nor where to is on the disk of the machine.
    expect(JSON.stringify(await inPage(page, 'unfinished'))).not.toMatch(/X-Amz|Bearer|eyJ/);
    await failing({ kind: 'none' });
    const before = proxy.passed.toServer;
    await inPage(page, 'begin', {});
    expect(await inPage(page, 'finished')).toMatchObject({ fileId, resumedFrom: PART });
    expect(proxy.passed.toServer - before).toBeLessThan(SIZE - PART + MiB);
    expect(await inPage(page, 'verdict', fileId)).toMatchObject({ status: 'available', sha256: sha256(bytes) });
    expect(await inPage(page, 'unfinished')).toEqual([]);
  });
});
