import { mkdtempSync, rmSync, statSync } from 'node:fs';
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
let port: number;
let site: string;
let example: RunningExample;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'calendar-connect-self-hosted-'));
  [port = 0] = await freePorts(1);
  site = `http://alder.localhost:${port}`;
  browser = await launchBrowser();
  example = await start();
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

async function start(): Promise<RunningExample> {
  const running = npmStart(['self-hosted', '--port', `${port}`, '--data', data], noting(loaded()));
  await isUp(running);
  return running;
}

async function signInAs(name: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site);
  await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: 'Connect your calendar' }).waitFor();
  return page;
}

async function connect(page: Page, mode: string, account: string): Promise<void> {
  await allow(await openWindow(context, page, mode), account);
  await page.getByRole('heading', { name: account }).waitFor();
}

describe('an app with the backend inside', () => {
  it('runs on the compiled packages, as users have them', () => {
    const ofUsers = ['backend', 'emulators', 'partner', 'protocol'].map((name) => `${name}/dist`);
    expect(foldersLoaded(loaded(), 'self-hosted/start.ts')).toEqual(new Set(ofUsers));
  });

  it('connects the calendars of whoever is signed in, and disconnects them one by one', async () => {
    const page = await signInAs('Amira Haddad');
    const complaints: string[] = [];
    const said: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    // The element's own script knows these words.
    context.on('response', (response) => {
      const isOurs = response.url().startsWith(site) && response.request().resourceType() !== 'script';
      if (isOurs)
        void response.text().then(
          (text) => said.push(text),
          () => undefined,
        );
    });
    await connect(page, 'Full access', 'amira@partner.example');
    await page.getByText('Google · Full access').waitFor();
    await connect(page, 'Free/busy only', 'jonas@gmail.example');
    expect(await page.getByRole('button', { name: 'Disconnect' }).count()).toBe(2);
    expect(complaints).toEqual([]);
    expect(said.filter((text) => text.includes('acc_')).length).toBeGreaterThan(0);
    expect(said.filter((text) => /access_?token|refresh_?token|client_?secret|receipt/i.test(text))).toEqual([]);
    await page.getByRole('button', { name: 'Disconnect' }).first().click();
    await page.getByRole('heading', { name: 'amira@partner.example' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('heading', { name: 'jonas@gmail.example' }).count()).toBe(1);
  });

  it('shows nobody else’s calendar, and nothing after signing out', async () => {
    const page = await signInAs('Jonas Weber');
    expect(await page.getByRole('button', { name: 'Disconnect' }).count()).toBe(0);
    await connect(page, 'Free/busy only', 'jonas@gmail.example');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
    expect(await page.getByRole('heading', { name: 'jonas@gmail.example' }).count()).toBe(0);
  });

  it('takes a code for nobody where nobody is signed in', async () => {
    const page = await signInAs('Amira Haddad');
    await context.clearCookies({ name: 'session' });
    await allow(await openWindow(context, page, 'Full access'), 'amira@partner.example');
    await page
      .getByText('Something went wrong')
      .or(page.getByRole('button', { name: 'Try again' }))
      .first()
      .waitFor();
  });

  it('has the metadata of its backend at the root, and the backend below its path', async () => {
    const ask = async (path: string) => (await fetch(`http://localhost:${port}${path}`)).json();
    expect(await ask('/.well-known/oauth-authorization-server/calendar')).toMatchObject({
      issuer: `${site}/calendar`,
      token_endpoint: `${site}/calendar/oauth/token`,
    });
    expect(await ask('/calendar/healthz')).toEqual({ status: 'ok' });
  });

  it('keeps its application’s secret readable by its owner only, says no secret, and ends with exit code 0 at Ctrl-C', async () => {
    expect(statSync(join(data, `application-${port}.json`)).mode & 0o077).toBe(0);
    expect(await example.stop()).toBe(0);
    expect(example.output()).not.toMatch(/client_?secret|GOCSPX/i);
    example = await start();
  });
});
