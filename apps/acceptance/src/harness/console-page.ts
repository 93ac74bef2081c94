import { basename } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** Whom the local issuer can sign in (tools/stack/issuer-people.ts). */
export type PersonKey = 'mara' | 'ben' | 'ada' | 'ivo' | 'chiara';

/** A finding of axe-core that counts: serious or critical. */
export interface AxeFinding {
  readonly id: string;
  readonly nodes: readonly string[];
}

/** Somebody at the console, in a browser session of their own. */
export class ConsolePage {
  /** What the policy of the page refused: nothing may be in here. */
  readonly violations: string[] = [];
  /** Errors nobody caught. */
  readonly errors: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async open(browser: Browser, apiUrl: string, person: PersonKey): Promise<ConsolePage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const opened = new ConsolePage(context, await context.newPage());
    await context.exposeFunction('reportViolation', (text: string) => opened.violations.push(text));
    await context.addInitScript(
      `addEventListener('securitypolicyviolation', (event) => reportViolation(event.violatedDirective + ' ' + event.blockedURI))`,
    );
    context.setDefaultTimeout(15_000);
    opened.page.on('pageerror', (error) => opened.errors.push(error.message));
    await opened.page.goto(`${apiUrl}/console`);
    await opened.page.locator(`a[href*="person=${person}"]`).click();
    await opened.page.locator('.account-name').waitFor();
    return opened;
  }

  /** Drops files and folders of the disk onto the page, as a file manager does. */
  async drop(paths: readonly string[]): Promise<void> {
    const session = await this.context.newCDPSession(this.page);
    const data = { items: [], files: [...paths], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: 640, y: 600, data });
    await session.detach();
  }

  /** An upload in the panel, by its file's name. */
  upload(path: string) {
    return this.page.locator('.upload', { hasText: basename(path) });
  }

  /** A row of the list. */
  row(name: string) {
    return this.page.locator('.row', { hasText: name });
  }

  /** Opens the menu of a row and chooses from it. */
  async choose(name: string, action: string): Promise<void> {
    await this.page.getByRole('button', { name: `Actions for ${name}` }).click();
    await this.page.getByRole('menuitem', { name: action }).click();
  }

  /** Bytes a second that leave this page at most; 0 is no limit. */
  async throttle(bytesPerSecond: number): Promise<void> {
    const session = await this.context.newCDPSession(this.page);
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond === 0 ? -1 : bytesPerSecond,
    });
  }

  /** What axe-core says of the page as it is, serious and critical only. */
  async axe(): Promise<AxeFinding[]> {
    await this.page.evaluate(axe.source);
    return this.page.evaluate<AxeFinding[]>(
      `axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations
        .filter(({impact}) => impact === 'serious' || impact === 'critical')
        .map(({id, nodes}) => ({id, nodes: nodes.map(({target, failureSummary}) => target + ': ' + failureSummary)})))`,
    );
  }
}
