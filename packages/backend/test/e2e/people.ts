/// <reference lib="dom" />
import { type Browser, type BrowserContext, chromium, type Frame, type Page } from 'playwright-core';
import { AMIRA } from './world.ts';

/** Chromium as people have it: with its popup blocker, which Playwright would switch off. */
export function openBrowser(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium',
    ignoreDefaultArgs: ['--disable-popup-blocking'],
    args: [
      ...(asRoot ? ['--no-sandbox'] : []),
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** What a page's own listeners would have seen of the element. */
export interface SeenEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

declare global {
  var seenEvents: SeenEvent[];
}

/** A person with a browser profile of their own: no cookie is shared with anybody else. */
export async function openProfile(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  await context.addInitScript(() => {
    const fields = ['accountId', 'profileId', 'provider', 'accessMode', 'name', 'receipt', 'code', 'message', 'state', 'previousState'];
    globalThis.seenEvents = [];
    for (const type of ['calendar-connected', 'calendar-connect-error', 'calendar-connect-cancelled', 'calendar-connect-state']) {
      document.addEventListener(type, (event) => {
        const values = fields.filter((field) => field in event).map((field) => [field, Reflect.get(event, field)]);
        globalThis.seenEvents.push({ type, ...Object.fromEntries(values) });
      });
    }
  });
  return context;
}

/** Opens a page in a new tab. */
export async function visit(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

export type ModeLabel = 'Full access' | 'Free/busy only' | 'No calendar access';
export type ProviderLabel = 'Google' | 'Microsoft 365 or Outlook.com' | 'Another calendar';

/** Opens the dialog, chooses, and continues, as far as the click that opens the window. */
export async function chooseAndContinue(page: Page, mode: ModeLabel, provider: ProviderLabel = 'Google'): Promise<void> {
  await page.getByRole('button', { name: 'Connect your calendar' }).click();
  await page.getByRole('radio', { name: provider }).check();
  await page.getByRole('radio', { name: mode }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** The window that opens while something is done. Playwright's own `popup` event needs an opener, which a page's policy may take away. */
export async function windowFrom(page: Page, act: () => Promise<unknown>): Promise<Page> {
  const [opened] = await Promise.all([page.context().waitForEvent('page'), act()]);
  return opened;
}

/** Chooses in the element, and answers with the window at the provider. */
export function startConnecting(page: Page, mode: ModeLabel, provider: ProviderLabel = 'Google'): Promise<Page> {
  return windowFrom(page, () => chooseAndContinue(page, mode, provider));
}

/** How a person goes through Google's pages; by default as Amira, who agrees to all. */
export interface AtGoogle {
  readonly account?: string;
  readonly decision?: 'Allow' | 'Cancel';
  /** Clears the box of the scope that ends so. */
  readonly untick?: string;
}

export async function goThroughGoogle(popup: Page, { account = AMIRA, decision = 'Allow', untick }: AtGoogle = {}): Promise<void> {
  await popup.getByRole('button', { name: account }).click();
  if (untick !== undefined) await popup.locator(`input[type=checkbox][value$="${untick}"]`).uncheck();
  await popup.getByRole('button', { name: decision, exact: true }).click();
}

/** Waits for an event of the element. */
export async function seen(page: Page | Frame, type: string): Promise<SeenEvent> {
  const handle = await page.waitForFunction((type) => globalThis.seenEvents.find((event) => event.type === type), type, { polling: 100 });
  const event = await handle.jsonValue();
  if (event === undefined) throw new Error(`${type} was not seen`);
  return event;
}

/** Every event of the element so far, of one type. */
export function allSeen(page: Page | Frame, type: string): Promise<SeenEvent[]> {
  return page.evaluate((type) => globalThis.seenEvents.filter((event) => event.type === type), type);
}
