import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@custody/testing';
import { chromium, type Browser } from 'playwright-core';
import { CHROMIUM } from './harness/browser.js';
import { ConsolePage } from './harness/console-page.js';
import { LocalIssuer } from './harness/local-issuer.js';
import { eicar, pdfFile, pngFile } from './harness/samples.js';
import { System } from './harness/system.js';

const MiB = 1024 ** 2;
const BEN = '1d9b0f5c-7c0e-4b7d-a2d1-63f4c1f0e833';
/** Long enough for a page to be used, short enough to see it renewed and ended. */
const SIGNED_IN_SEC = 8;

describe('the console', () => {
  let system: System;
  let issuer: LocalIssuer;
  let browser: Browser;
  let mara: ConsolePage;
  let ada: ConsolePage;
  const folder = mkdtempSync(join(tmpdir(), 'custody-console-'));
  const put = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };

  beforeAll(async () => {
    const apiPort = await freePort();
    issuer = await LocalIssuer.start(SIGNED_IN_SEC);
    const env = {
      ...issuer.env,
      ...{ CONSOLE_ENABLED: 'true', CORS_ORIGINS: `http://127.0.0.1:${apiPort}` },
      // A file larger than what the engine takes is held for an administrator.
      ...{
        FILES_PART_SIZE_BYTES: String(5 * MiB),
        CLAMD_MAX_STREAM_BYTES: String(8 * MiB),
        FILES_SCAN_OVERSIZE: 'hold',
      },
    };
    [system, browser] = await Promise.all([
      System.start({ label: 'console', apps: ['files-api', 'scan-worker'], apiPort, env }),
      chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: false }),
    ]);
    mara = await ConsolePage.open(browser, system.apiUrl, 'mara');
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await system.stop();
    await issuer.stop();
    rmSync(folder, { recursive: true });
  });

  it('signs in with a code and PKCE; the token is in no address and in no storage', async () => {
    const { page } = mara;
    expect(await page.locator('.account-name').innerText()).toMatch(/^Mara Lindqvist/);
    expect(page.url()).toMatch(/\/console\/(#.*)?$/);
    const kept = await page.evaluate<string>(
      'JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])',
    );
    expect(kept).not.toMatch(/eyJ|refresh|verifier/);
  });

  it('is served under a strict policy; names that change with their content are kept for ever', async () => {
    const index = await fetch(`${system.apiUrl}/console/`);
    expect(index.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    expect(Object.fromEntries(index.headers)).toMatchObject({
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const script = /src="(assets\/main-\w+\.js)"/.exec(await index.text())?.[1] ?? '';
    const asset = await fetch(`${system.apiUrl}/console/${script}`, { headers: { 'accept-encoding': 'gzip' } });
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-encoding')).toBe('gzip');
    expect(Number(asset.headers.get('content-length'))).toBeLessThan(60 * 1024);
    expect((await fetch(`${system.apiUrl}/console/../package.json`)).status).toBe(404);
  });

  it('takes dropped files and folders, keeps the tree, and shows the verdict of each as it comes', async () => {
    const { page } = mara;
    mkdirSync(join(folder, 'case/photos'), { recursive: true });
    put('case/photos/roof.png', pngFile(64));
    const paths = [put('lease.pdf', pdfFile()), put('virus.txt', eicar()), join(folder, 'case')];
    await mara.drop(paths);
    await mara.upload('lease.pdf').and(page.locator('[data-state=available]')).waitFor();
    await mara.upload('roof.png').and(page.locator('[data-state=available]')).waitFor();
    await mara.upload('virus.txt').and(page.locator('[data-state=refused]')).waitFor();
    expect(await mara.upload('virus.txt').innerText()).toContain('A virus was found');
    expect(await mara.row('virus.txt').innerText()).toContain('Refused');
    expect(await page.locator('.uploads h2').innerText()).toBe('1 file not accepted, 2 available');
    await page.getByRole('button', { name: 'Clear' }).click();
  });

  it('shows a picture through the service worker, which has no token of its own', async () => {
    const { page } = mara;
    await page.getByRole('link', { name: 'case', exact: true }).last().click();
    await page.locator('a.row-name', { hasText: 'photos' }).click();
    const content = mara.context.waitForEvent(
      'response',
      (response) => response.request().serviceWorker() !== null && response.url().includes('/content'),
    );
    await page.getByRole('button', { name: 'roof.png', exact: true }).click();
    const picture = page.locator('img.preview');
    await picture.waitFor();
    await system.eventually(
      'the picture is shown',
      async () => (await picture.evaluate((image) => (image as { naturalWidth?: number }).naturalWidth)) === 64,
    );
    expect((await content).status()).toBe(200);
    expect(await page.locator('.details').innerText()).toContain('case / photos');
  });

  it('shares a file with another person, and takes it back', async () => {
    const { page } = mara;
    await page.getByRole('tab', { name: 'Sharing' }).click();
    await page.getByLabel('User id').fill(BEN);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await page.getByRole('button', { name: `Stop sharing with ${BEN}` }).click();
    await page.getByText('Not shared with single people.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: `Stop sharing with ${BEN}` }).waitFor();
  });

  it('finds by name and filters by status', async () => {
    const { page } = mara;
    await page.getByRole('link', { name: 'All files' }).click();
    await mara.row('lease.pdf').waitFor();
    await page.getByLabel('Status').selectOption('rejected');
    await mara.row('lease.pdf').waitFor({ state: 'detached' });
    await mara.row('case').waitFor({ state: 'detached' });
    expect(await page.locator('.row-name').allInnerTexts()).toEqual(['virus.txt']);
    await page.getByLabel('Search by the beginning of the name').fill('nothing of that name');
    await page.getByText('No file fits the search and filters.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await mara.row('lease.pdf').waitFor();
    await page.getByRole('link', { name: 'Root folder' }).click();
  });

  it('goes on with an upload after a reload, without sending again what had arrived', async () => {
    const { page } = mara;
    // Eight parts, four at a time: with more than 20 MiB on their way one has arrived.
    const scan = put('scan.img', Buffer.alloc(38 * MiB, 'a disk image '));
    await mara.throttle(8 * MiB);
    await page.locator('input[aria-label="Upload"]').setInputFiles(scan);
    const sent = mara.upload('scan.img').locator('progress');
    await system.eventually('a part is there', async () => Number(await sent.getAttribute('value')) > 21 * MiB);
    expect(await sent.getAttribute('aria-label')).toBe('Progress of scan.img');
    await page.reload();
    await mara.upload('scan.img').and(page.locator('[data-state=lost]')).waitFor();
    await mara.throttle(0);
    const puts: number[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PUT') puts.push(Number(/partNumber=(\d+)/.exec(request.url())?.[1]));
    });
    await page.locator('input[aria-label="Choose again"]').setInputFiles(scan);
    await mara.upload('scan.img').and(page.locator('[data-state=refused]')).waitFor();
    expect(await mara.upload('scan.img').innerText()).toContain('until an administrator decides');
    expect(puts.length).toBeGreaterThan(0);
    expect(new Set(puts).size).toBeLessThan(8);
  });

  it('lets an administrator release what was held, with a reason that the trail keeps', async () => {
    ada = await ConsolePage.open(browser, system.apiUrl, 'ada');
    const { page } = ada;
    await page.getByRole('link', { name: 'Quarantine' }).click();
    await page.getByRole('list', { name: 'Refused files' }).getByText('virus.txt').waitFor();
    await page.getByRole('button', { name: 'Release…' }).click();
    await page.getByLabel('Reason').fill('A disk image of our own.');
    await page.getByRole('button', { name: 'Release', exact: true }).click();
    await page.getByText('Nothing waits for a decision.').waitFor();
    await page.getByRole('link', { name: 'Root folder' }).click();
    await page.getByRole('button', { name: 'scan.img', exact: true }).click();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('“A disk image of our own.”').waitFor();
    expect(await mara.page.getByRole('link', { name: 'Quarantine' }).count()).toBe(0);
  });

  it('can be used with the keyboard alone, and what was deleted comes back', async () => {
    const { page } = mara;
    await mara.row('lease.pdf').waitFor();
    await page.locator('body').press('Tab');
    expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Skip to the files');
    await page.keyboard.press('Enter');
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const menu = page.getByRole('button', { name: 'Actions for lease.pdf' });
    for (
      let n = 0;
      n < 60 && !(await menu.evaluate((element) => element === element.ownerDocument.activeElement));
      n += 1
    )
      await press('Tab');
    await press('Enter');
    await page.locator('[role=menuitem]:focus').waitFor();
    await press('ArrowDown', 'Enter');
    await page.getByRole('dialog', { name: 'Rename file' }).waitFor();
    await press('ControlOrMeta+a');
    await page.keyboard.type('contract.pdf');
    await press('Enter');
    await mara.row('contract.pdf').waitFor();
    await page.getByRole('button', { name: 'Actions for contract.pdf' }).focus();
    await press('Enter');
    await page.locator('[role=menuitem]:focus').waitFor();
    await press('ArrowUp', 'Enter');
    await mara.row('contract.pdf').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).last().press('Enter');
    await mara.row('contract.pdf').waitFor();
  });

  it('has nothing serious for axe to say, light or dark', async () => {
    const { page } = mara;
    await page.getByRole('button', { name: 'contract.pdf', exact: true }).click();
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByText('Current').waitFor();
    for (const theme of ['light', 'dark']) {
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
      expect([theme, await mara.axe()]).toEqual([theme, []]);
    }
    await page.getByRole('button', { name: 'Close details' }).click();
    await page.getByRole('button', { name: 'New folder' }).click();
    expect(await mara.axe()).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('says when the session has ended, and goes on after a sign-in beside the page', async () => {
    const { page } = mara;
    await issuer.restart();
    await page.getByText('Your session has ended.').waitFor();
    await page
      .locator('input[aria-label="Upload"]')
      .setInputFiles(put('later.txt', Buffer.from('It waits for the sign-in.\n')));
    const beside = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Sign in again' }).click();
    const window = await beside;
    await system.eventually('the window closes by itself', async () => window.isClosed());
    await mara.upload('later.txt').and(page.locator('[data-state=available]')).waitFor();
    expect(await page.getByText('Your session has ended.').count()).toBe(0);
  });

  it('was refused nothing by its own policy, and no error went uncaught', () => {
    expect([mara.violations, ada.violations]).toEqual([[], []]);
    expect([mara.errors, ada.errors]).toEqual([[], []]);
  });
});
