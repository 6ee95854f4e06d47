import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  allow,
  foldersLoaded,
  freePorts,
  isUp,
  launchBrowser,
  noting,
  npmStart,
  openWindow,
  type RunningExample,
} from '../on-this-computer/driving.ts';

const BUILDS_WITHIN_MS = 300_000;

let data: string;
let site: string;
let example: RunningExample;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'calendar-connect-npm-component-'));
  const [port, partnerPort] = await freePorts(2);
  site = `http://partner.localhost:${partnerPort}`;
  browser = await launchBrowser();
  example = npmStart(['npm-component', '--port', `${port}`, '--partner-port', `${partnerPort}`, '--data', data], noting(loaded()));
  await isUp(example);
}, BUILDS_WITHIN_MS);

beforeEach(async () => {
  context = await browser.newContext();
  context.setDefaultTimeout(15_000);
});

afterEach(() => context.close());

afterAll(async () => {
  await browser.close();
  await example.stop();
  rmSync(data, { recursive: true });
});

const loaded = () => join(data, 'loaded.txt');

/** Files of the page’s bundle whose names end so. */
function bundled(ending: string): readonly string[] {
  const folder = join(data, 'page', 'assets');
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names.map((name) => readFileSync(join(folder, name), 'utf8'));
}

async function signInAs(name: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site);
  await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: 'Connect your calendar' }).waitFor();
  return page;
}

describe('a page that bundles the element from npm', () => {
  it('is made of the compiled element, and its servers of the compiled packages, as users have them', () => {
    const sources = bundled('.js.map').flatMap((map) => (JSON.parse(map) as { sources: readonly string[] }).sources);
    const ofPackages = sources.flatMap((source) => /.*\/packages\/([^/]+\/[^/]+)\//.exec(source)?.[1] ?? []);
    expect(new Set(ofPackages)).toEqual(new Set(['protocol/dist', 'widget/dist']));
    expect(foldersLoaded(loaded(), 'npm-component/start.ts')).toEqual(new Set(['partner/dist']));
    const ofBackend = ['backend/bin', 'backend/dist', 'emulators/dist'];
    expect(foldersLoaded(loaded(), 'bin/calendar-connect.js')).toEqual(new Set(ofBackend));
  });

  it('connects in a window and shows what the partner’s server was given', async () => {
    const page = await signInAs('Amira Haddad');
    const complaints: string[] = [];
    const said: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    context.on('response', (response) => {
      const isOurs = response.url().startsWith(site) && response.request().resourceType() !== 'script';
      if (isOurs)
        void response.text().then(
          (text) => said.push(text),
          () => undefined,
        );
    });
    await allow(await openWindow(context, page, 'Full access'), 'amira@partner.example');
    await page.getByRole('heading', { name: 'amira@partner.example' }).waitFor();
    await page.getByText('Google · Full access').waitFor();
    expect(await page.locator('.calendars li').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Connect your calendar' }).waitFor();
    expect(complaints).toEqual([]);
    expect(said.filter((text) => text.includes('acc_')).length).toBeGreaterThan(1);
    expect(said.filter((text) => /access_?token|refresh_?token|client_?secret|receipt/i.test(text))).toEqual([]);
  });

  it('gives each person what they connected, and takes it back', async () => {
    const page = await signInAs('Jonas Weber');
    expect(await page.getByRole('button', { name: 'Disconnect' }).count()).toBe(0);
    await allow(await openWindow(context, page, 'Free/busy only'), 'jonas@gmail.example');
    await page.getByText('Google · Free/busy only').waitFor();
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('heading', { name: 'No calendar yet' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  });

  it('says so where the session at the partner ended while the person was away', async () => {
    const page = await signInAs('Jonas Weber');
    const popup = await openWindow(context, page, 'Full access');
    await context.clearCookies({ name: 'session' });
    await allow(popup, 'jonas@gmail.example');
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    expect(await page.locator('.accounts section').count()).toBe(0);
  });

  it('has the element in its own bundle, and asks nobody else for a script', () => {
    expect(bundled('.js').join('\n')).toContain('calendar-connect');
    expect(readFileSync(join(data, 'page', 'index.html'), 'utf8')).not.toMatch(/src="http/);
  });

  it('keeps its application’s secret readable by its owner only and out of the page', () => {
    const [file = ''] = readdirSync(data).filter((name) => name.startsWith('demo-application-'));
    const { client_secret: secret } = JSON.parse(readFileSync(join(data, file), 'utf8')) as { client_secret: string };
    expect(statSync(join(data, file)).mode & 0o077).toBe(0);
    const page = readdirSync(join(data, 'page'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(page.length).toBeGreaterThan(2);
    for (const { parentPath, name } of page) expect(readFileSync(join(parentPath, name), 'utf8').includes(secret), name).toBe(false);
    expect(example.output()).not.toContain(secret);
  });

  it('ends with exit code 0 at Ctrl-C', async () => {
    expect(await example.stop()).toBe(0);
  });
});
