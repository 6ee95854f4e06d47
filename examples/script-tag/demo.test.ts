import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allow, freePorts, isUp, launchBrowser, npmStart, openWindow, type RunningExample } from '../on-this-computer/driving.ts';

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

async function startDemo(partnerPort?: string): Promise<Demo> {
  const [port, free] = await freePorts(2);
  const example = npmStart(['--port', `${port}`, '--partner-port', partnerPort ?? `${free}`, '--data', data]);
  await isUp(example);
  return { ...example, page: `http://partner.localhost:${partnerPort ?? free}` };
}

async function visit(path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${demo.page}${path}`);
  return page;
}

async function seesConnection(page: Page, account: string, access: string): Promise<void> {
  const connection = page.locator('#connection');
  await connection.getByRole('heading', { name: 'Your calendar is connected' }).waitFor();
  await connection.getByRole('heading', { name: account }).waitFor();
  await connection.getByText(access).waitFor();
  expect(await connection.getByText('primary', { exact: true }).count()).toBeGreaterThan(0);
  expect(await page.content()).not.toMatch(/access_token|refresh_token|client_secret|Bearer/);
}

/** A page with a calendar connected. */
async function connected(account: string, mode: string): Promise<Page> {
  const page = await visit('/');
  await allow(await openWindow(context, page, mode), account);
  await seesConnection(page, account, `Google · ${mode}`);
  return page;
}

/** From what the element shows as connected to the window. */
async function openChange(page: Page, mode: string): Promise<Page> {
  await page.getByRole('button', { name: 'Change what is shared' }).click();
  await page.getByRole('radio', { name: mode }).check();
  const [popup] = await Promise.all([context.waitForEvent('page'), page.getByRole('button', { name: 'Continue' }).click()]);
  return popup;
}

async function book(page: Page, title: string): Promise<void> {
  await page.getByLabel('Title').fill(title);
  await page.getByRole('button', { name: /^(Book|Change) it/ }).click();
  await page.getByText(`“${title}” is booked for tomorrow from 10:00 to 11:00.`).waitFor();
}

async function cancel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cancel it' }).click();
  await page.getByRole('button', { name: 'Book it' }).waitFor();
}

const mailbox = () => /(http:\/\/localhost:\d+) +the mails it sends/.exec(demo.output())?.[1] ?? '';

/** What the mailbox tells of a mail. */
interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly calendar?: { readonly method: string };
}

/** The mails to somebody, the newest first. */
async function mailsTo(address: string): Promise<readonly Mail[]> {
  const query = new URLSearchParams({ to: address });
  const { messages } = (await (await fetch(`${mailbox()}/api/messages?${query.toString()}`)).json()) as { messages: readonly Mail[] };
  return messages;
}

/** What their calendar programs are told, the newest first. */
const methodsTo = async (address: string) => (await mailsTo(address)).flatMap(({ calendar }) => calendar?.method ?? []);

/** A mail is on its way for a moment. */
async function codeFor(address: string): Promise<string> {
  const code = async () => /^\d{6}$/m.exec((await mailsTo(address))[0]?.text.replaceAll('\r', '') ?? '')?.[0];
  await expect.poll(code, { timeout: 10_000 }).toBeDefined();
  return (await code()) ?? '';
}

const rememberedApplication = () => join(data, `demo-application-${new URL(demo.page).port}.json`);

describe('the demo', () => {
  it('connects a visitor’s calendar and shows what the server was told', async () => {
    const page = await visit('/');
    const complaints: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    await allow(await openWindow(context, page, 'Full access'), 'jonas@gmail.example');
    await seesConnection(page, 'jonas@gmail.example', 'Google · Full access');
    expect(complaints).toEqual([]);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('button', { name: 'Connect your calendar' }).waitFor();
  });

  it('connects the calendar of the person who is signed in, after asking whether it is them, and changes it for them', async () => {
    const page = await visit('/person');
    const popup = await openWindow(context, page, 'Free/busy only');
    await popup.getByText('This connects a calendar for Amira Haddad.').waitFor();
    await popup.getByRole('button', { name: 'Continue' }).click();
    await allow(popup, 'amira@partner.example');
    await seesConnection(page, 'amira@partner.example', 'Google · Free/busy only');
    const again = await openChange(page, 'Full access');
    await again.getByRole('button', { name: 'Continue' }).click();
    await allow(again, 'amira@partner.example');
    await seesConnection(page, 'amira@partner.example', 'Google · Full access');
  });

  it('connects without the element, by a redirect that only this browser can end', async () => {
    const page = await visit('/authorize');
    await page.getByRole('radio', { name: 'Google' }).check();
    await page.getByRole('radio', { name: 'Full access' }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await allow(page, 'amira@partner.example');
    await seesConnection(page, 'amira@partner.example', 'Google · Full access');
    const stranger = await visit('/callback?code=somebody-elses&state=made-up');
    await stranger.getByText('This link was not made for this browser.').waitFor();
  });

  it('says where the mails are that it sends, and leads there', async () => {
    const page = await visit('/');
    const [opened] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', { name: 'the mails it caught' }).click()]);
    await opened.getByRole('heading', { name: 'Mailbox' }).waitFor();
    expect(new URL(opened.url()).origin).toBe(mailbox());
  });

  it('writes a booked event into the calendar, and sends invitations once less is shared', async () => {
    const page = await connected('jonas@gmail.example', 'Full access');
    await page.getByText('It is written into the calendar.').waitFor();
    await book(page, 'Interview');
    await cancel(page);
    expect(await mailsTo('jonas@gmail.example')).toEqual([]);

    await allow(await openChange(page, 'Free/busy only'), 'jonas@gmail.example');
    await seesConnection(page, 'jonas@gmail.example', 'Google · Free/busy only');
    await book(page, 'Second interview');
    await cancel(page);
    await expect.poll(() => methodsTo('jonas@gmail.example'), { timeout: 10_000 }).toEqual(['CANCEL', 'REQUEST']);
    expect((await mailsTo('jonas@gmail.example'))[1]?.subject).toContain('Second interview');
  });

  it('connects somebody who shares no calendar, and knows of them only what it booked', async () => {
    const address = 'noor@nowhere.example';
    const page = await visit('/');
    await page.getByRole('button', { name: 'Connect your calendar' }).click();
    await page.getByRole('radio', { name: 'Another calendar' }).check();
    await page.getByRole('radio', { name: 'No calendar access' }).check();
    const [popup] = await Promise.all([context.waitForEvent('page'), page.getByRole('button', { name: 'Continue' }).click()]);
    await popup.getByLabel('Your e-mail address').fill(address);
    await popup.getByRole('button', { name: 'Continue' }).click();
    await popup.getByLabel('Code', { exact: true }).fill(await codeFor(address));
    await popup.getByRole('button', { name: 'Continue' }).click();
    await seesConnection(page, address, 'No calendar access');
    await page.getByText('Nothing is known that you would be busy with.').waitFor();
    await book(page, 'First talk');
    await page.locator('.lines').getByText('10:00–11:00').waitFor();
    await cancel(page);
    await page.getByText('Nothing is known that you would be busy with.').waitFor();
    await expect.poll(() => methodsTo(address), { timeout: 10_000 }).toEqual(['CANCEL', 'REQUEST']);
  });

  it('says what the backend answered where an event cannot be booked, and shows the rest as before', async () => {
    const page = await connected('jonas@gmail.example', 'Full access');
    const [calendar] = await page.locator('form[action="/book"] input[name=calendar]').all();
    await calendar?.evaluate((input) => input.setAttribute('value', 'cal_of_somebody_else'));
    await page.getByRole('button', { name: 'Book it' }).click();
    await page.getByText('The backend answered with status 404.').waitFor();
    await seesConnection(page, 'jonas@gmail.example', 'Google · Full access');
    await book(page, 'Interview');
    expect(await page.getByText('The backend answered').count()).toBe(0);
  });

  it('books nothing for a form on somebody else’s page', async () => {
    const headers = { origin: 'http://elsewhere.example', 'content-type': 'application/x-www-form-urlencoded' };
    const ownPort = new URL(demo.page).port;
    const response = await fetch(`http://localhost:${ownPort}/book`, {
      method: 'POST',
      headers,
      body: 'title=Interview',
      redirect: 'manual',
    });
    expect(response.status).toBe(403);
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
    const ofPage = npmStart(['--port', `${free}`, '--partner-port', port, '--data', data]);
    const ofBackend = npmStart(['--port', port, '--partner-port', `${free}`, '--data', data]);
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
