import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { freePort } from '@custody/testing';
import { chromium, type Browser as Chromium, type Page } from 'playwright-core';

const ROOT = join(import.meta.dirname, '../../../..');
/** Debian's; the runner of the tests installs it (tools/stack/debian.ts). */
export const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const SERVED: Record<string, string> = {
  '/page.js': join(ROOT, 'apps/acceptance/page/page.js'),
  '/sdk-page.js': join(ROOT, 'apps/acceptance/page/sdk-page.js'),
  '/content-worker.js': join(ROOT, 'docs/examples/content-worker.js'),
};
const SDK = join(ROOT, 'libs/sdk/dist');
const HEAD = '<!doctype html><meta charset="utf-8"><title>test</title><link rel="icon" href="data:,"><body>';
const PAGES: Record<string, string> = {
  '/': `${HEAD}<script src="/page.js"></script>`,
  '/sdk': `${HEAD}<script type="module" src="/sdk-page.js"></script>`,
};

/** Where the page of a test is: `localhost` and `127.0.0.1` are the same server and two origins of two sites. */
export interface PageOrigins {
  readonly listed: string;
  readonly unlisted: string;
}

/** A real Chromium and a server for its page. */
export class Browser {
  private constructor(
    private readonly chromium: Chromium,
    private readonly server: Server,
    private readonly origins: PageOrigins,
  ) {}

  /** Ports are known before the system that must list the origin starts. */
  static async originsAt(): Promise<PageOrigins & { port: number }> {
    const port = await freePort();
    return { port, listed: `http://localhost:${port}`, unlisted: `http://127.0.0.1:${port}` };
  }

  static async start({ port, ...origins }: PageOrigins & { port: number }): Promise<Browser> {
    if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is not there: apt-get install chromium`);
    const server = createServer(({ url = '/' }, response) => {
      const file = SERVED[url] ?? (/^\/sdk\/[\w/-]+\.js$/.test(url) ? join(SDK, url.slice('/sdk'.length)) : undefined);
      response.setHeader('content-type', file === undefined ? 'text/html' : 'text/javascript');
      response.end(file === undefined ? (PAGES[url] ?? PAGES['/']) : readFileSync(file));
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    // Root has no use of Chromium's sandbox, and the browser sees our own pages only.
    const browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: false });
    return new Browser(browser, server, origins);
  }

  async open(which: keyof PageOrigins, path = '/'): Promise<Page> {
    const context = await this.chromium.newContext({ viewport: { width: 640, height: 640 } });
    const page = await context.newPage();
    await page.goto(`${this.origins[which]}${path}`);
    return page;
  }

  async stop(): Promise<void> {
    await this.chromium.close();
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Calls a function of apps/acceptance/page/page.js in the page. */
export function inPage<T>(page: Page, name: string, ...args: unknown[]): Promise<T> {
  return page.evaluate<T>(`custody.${name}(...${JSON.stringify(args)})`);
}
