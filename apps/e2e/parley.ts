import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';

const root = join(import.meta.dirname, '../..');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const phone = { width: 360, height: 740 };
export const desktop = { width: 1440, height: 900 };

/** The built server with an embedded database and data of its own, killed and started again at will. */
export class Parley {
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-journey-'));
  private readonly port = randomInt(20_000, 32_000);
  readonly url = `http://localhost:${this.port}`;
  private child: ChildProcess | undefined;
  private said = '';

  async start() {
    this.child = spawn(process.execPath, [join(root, 'apps/server/dist/main.js')], {
      env: {
        ...process.env,
        PORT: String(this.port),
        PUBLIC_URL: this.url,
        DATABASE_URL: '',
        PARLEY_DATA_DIR: this.folder,
        PARLEY_LOG_FILE: join(this.folder, 'server.log'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (text: Buffer) => (this.said += text.toString()));
    for (let tries = 0; tries < 900; tries += 1) {
      const ready = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (ready?.ok && this.said.includes('Parley is running')) return;
      if (this.child.exitCode !== null) break;
      await sleep(100);
    }
    throw new Error(`The server did not start: ${this.said}`);
  }

  /** As a power cut would. */
  async kill() {
    await this.ended('SIGKILL');
  }

  async stop() {
    await this.ended('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ended(signal: NodeJS.Signals) {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await exit;
  }
}

/** One person in a browser of their own. Whatever leaves this machine fails the journey. */
export async function open(
  browser: Browser,
  parley: Parley,
  size: { width: number; height: number },
  more = {},
) {
  const context = await browser.newContext({ viewport: size, baseURL: parley.url, ...more });
  await context.route(
    (address) => address.hostname !== 'localhost',
    (route) => {
      throw new Error(`A request left this machine: ${route.request().url()}`);
    },
  );
  const page = await context.newPage();
  page.on('console', (message) => {
    if (/Content Security Policy|Uncaught/.test(message.text())) throw new Error(message.text());
  });
  return page;
}

/** Signs in as one of the demo's people by their card. */
export async function enter(browser: Browser, parley: Parley, name: string, size = desktop, more = {}) {
  const page = await open(browser, parley, size, more);
  await page.goto('/sign-in');
  await page
    .getByRole('button', { name: new RegExp(name) })
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/Halden|Morrow|Where do you want/);
  return page;
}

/** For somebody whose language is German. */
export async function speakEnglish(page: Page) {
  await page.getByRole('button', { name: /^Konto/ }).click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
}

/** No accessibility rule of WCAG 2.2 AA is broken, in light and in dark. */
export async function expectAccessible(page: Page) {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    // Colours change with a transition, which on a busy machine starts late; a colour on its way is none to judge.
    await page.waitForTimeout(300);
    await page.evaluate(async () => {
      const arrived = async () => {
        for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
        await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
      };
      // Some never end: those that repeat, or whose page is not drawn.
      await Promise.race([arrived(), new Promise((done) => setTimeout(done, 1_000))]);
    });
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const { axe: run } = window as unknown as {
        axe: {
          run(
            node: Document,
            options: object,
          ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
        };
      };
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
      const result = await run.run(document, { runOnly: { type: 'tag', values: tags } });
      return result.violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
      );
    });
    expect(violations, `${scheme}: ${page.url()}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Nothing sticks out at the side. */
export async function expectFits(page: Page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(over, page.url()).toBeLessThanOrEqual(0);
}

export const closeAll = (contexts: BrowserContext[]) =>
  Promise.all(contexts.map((context) => context.close()));
