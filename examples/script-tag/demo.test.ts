import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allow, freePorts, isUp, launchBrowser, openWindow, type RunningExample, runScript } from '../on-this-computer/driving.ts';

/** A demo that runs. */
interface Demo extends RunningExample {
  readonly page: string;
}

let data: string;
let demo: Demo;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'calendar-connect-demo-'));
  browser = await launchBrowser();
  demo = await startDemo();
});

beforeEach(async () => {
  context = await browser.newContext();
  context.setDefaultTimeout(15_000);
});

afterEach(() => context.close());

afterAll(async () => {
  await browser.close();
  await demo.stop();
  rmSync(data, { recursive: true });
});

const run = (args: readonly string[]) => runScript(['--conditions=source', join(import.meta.dirname, 'start.ts'), ...args]);

async function startDemo(partnerPort?: string): Promise<Demo> {
  const [port, free] = await freePorts(2);
  const example = run(['--port', `${port}`, '--partner-port', partnerPort ?? `${free}`, '--data', data]);
  await isUp(example);
  return { ...example, page: `http://partner.localhost:${partnerPort ?? free}` };
}

async function visit(path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${demo.page}${path}`);
  return page;
}

async function seesConnection(page: Page, account: string, access: string): Promise<void> {
  await page.getByRole('heading', { name: 'Your calendar is connected' }).waitFor();
  await page.getByRole('heading', { name: account }).waitFor();
  await page.getByText(`Google · ${access}`).waitFor();
  expect(await page.locator('.calendars li').count()).toBeGreaterThan(0);
  expect(await page.content()).not.toMatch(/access_token|refresh_token|client_secret|Bearer/);
}

const rememberedApplication = () => join(data, `demo-application-${new URL(demo.page).port}.json`);

describe('the demo', () => {
  it('connects a visitor’s calendar and shows what the server was told', async () => {
    const page = await visit('/');
    const complaints: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    await allow(await openWindow(context, page, 'Full access'), 'jonas@gmail.example');
    await seesConnection(page, 'jonas@gmail.example', 'Full access');
    expect(complaints).toEqual([]);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('button', { name: 'Connect your calendar' }).waitFor();
  });

  it('connects the calendar of the person who is signed in, after asking whether it is them', async () => {
    const page = await visit('/person');
    const popup = await openWindow(context, page, 'Free/busy only');
    await popup.getByText('This connects a calendar for Amira Haddad.').waitFor();
    await popup.getByRole('button', { name: 'Continue' }).click();
    await allow(popup, 'amira@partner.example');
    await seesConnection(page, 'amira@partner.example', 'Free/busy only');
  });

  it('connects without the element, by a redirect that only this browser can end', async () => {
    const page = await visit('/authorize');
    await page.getByRole('radio', { name: 'Google' }).check();
    await page.getByRole('radio', { name: 'Full access' }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await allow(page, 'amira@partner.example');
    await seesConnection(page, 'amira@partner.example', 'Full access');
    const stranger = await visit('/callback?code=somebody-elses&state=made-up');
    await stranger.getByText('This link was not made for this browser.').waitFor();
  });

  it('says where the mails are that it sends, and catches them there', async () => {
    const [, mailbox = ''] = /(http:\/\/localhost:\d+) +the mails it sends/.exec(demo.output()) ?? [];
    const page = await context.newPage();
    await page.goto(mailbox);
    await page.getByText('No mail yet.').waitFor();
  });

  it('keeps the application’s secret readable by its owner only', () => {
    const file = rememberedApplication();
    expect(readFileSync(file, 'utf8')).toContain('client_secret');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(demo.output()).not.toContain('client_secret');
  });

  it('names the port that is taken and the flag that chooses another', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    // A server that listens on an address has one.
    const port = String((taken.address() as AddressInfo).port);
    const [free] = await freePorts(1);
    const ofPage = run(['--port', `${free}`, '--partner-port', port, '--data', data]);
    const ofBackend = run(['--port', port, '--partner-port', `${free}`, '--data', data]);
    expect(await Promise.all([ofPage.ended, ofBackend.ended])).toEqual([1, 1]);
    taken.close();
    for (const { output } of [ofPage, ofBackend]) expect(output()).toContain(`Port ${port} is taken by another program.`);
    expect(ofPage.output()).toContain('--partner-port N');
    expect(ofBackend.output()).toContain('--port N');
  });

  it('ends with exit code 0 at Ctrl-C, and knows its application again the next time', async () => {
    const known = readFileSync(rememberedApplication(), 'utf8');
    expect(await demo.stop()).toBe(0);
    const again = await startDemo(new URL(demo.page).port);
    expect(await again.stop()).toBe(0);
    expect(readFileSync(rememberedApplication(), 'utf8')).toBe(known);
  });
});
