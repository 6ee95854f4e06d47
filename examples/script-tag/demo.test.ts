import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

/** A demo that runs. */
interface Demo {
  readonly page: string;
  readonly output: () => string;
  /** Presses Ctrl-C, and answers with the exit code. */
  stop(): Promise<number | null>;
}

let data: string;
let demo: Demo;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'calendar-connect-demo-'));
  const asRoot = process.getuid?.() === 0;
  [demo, browser] = await Promise.all([
    startDemo(),
    chromium.launch({
      executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium',
      args: asRoot ? ['--no-sandbox', '--disable-quic', '--disable-background-networking'] : [],
    }),
  ]);
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

function run(args: readonly string[]): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, ['--conditions=source', join(import.meta.dirname, 'start.ts'), ...args]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return { child, output: () => output };
}

async function startDemo(): Promise<Demo> {
  const [port, partnerPort] = await freePorts();
  const { child, output } = run(['--port', `${port}`, '--partner-port', `${partnerPort}`, '--data', data]);
  await saysItIsUp(output);
  return {
    page: `http://partner.localhost:${partnerPort}`,
    output,
    stop: async () => {
      if (child.exitCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
      return child.exitCode;
    },
  };
}

const saysItIsUp = (output: () => string) => vi.waitFor(() => expect(output()).toContain('Ctrl-C ends it.'), { timeout: 30_000 });

async function freePorts(): Promise<number[]> {
  const servers = [0, 0].map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map(portOf);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

// A server that listens on an address has one.
const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function visit(path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${demo.page}${path}`);
  return page;
}

/** From the button to the window at Google, or to whatever the window shows first. */
async function openWindow(page: Page, mode: string): Promise<Page> {
  await page.getByRole('button', { name: 'Connect your calendar' }).click();
  await page.getByRole('radio', { name: 'Google' }).check();
  await page.getByRole('radio', { name: mode }).check();
  const [popup] = await Promise.all([context.waitForEvent('page'), page.getByRole('button', { name: 'Continue' }).click()]);
  return popup;
}

async function allow(page: Page, account: string): Promise<void> {
  await page.getByRole('button', { name: account }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
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
    await allow(await openWindow(page, 'Full access'), 'jonas@gmail.example');
    await seesConnection(page, 'jonas@gmail.example', 'Full access');
    expect(complaints).toEqual([]);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('button', { name: 'Connect your calendar' }).waitFor();
  });

  it('connects the calendar of the person who is signed in, after asking whether it is them', async () => {
    const page = await visit('/person');
    const popup = await openWindow(page, 'Free/busy only');
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

  it('keeps the application’s secret readable by its owner only', () => {
    const file = rememberedApplication();
    expect(readFileSync(file, 'utf8')).toContain('client_secret');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(demo.output()).not.toContain('client_secret');
  });

  it('names the port that is taken and the flag that chooses another', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String(portOf(taken));
    const [free] = await freePorts();
    const ofPage = run(['--port', `${free}`, '--partner-port', port, '--data', data]);
    const ofBackend = run(['--port', port, '--partner-port', `${free}`, '--data', data]);
    await Promise.all([once(ofPage.child, 'exit'), once(ofBackend.child, 'exit')]);
    taken.close();
    for (const { child, output } of [ofPage, ofBackend]) {
      expect(child.exitCode).toBe(1);
      expect(output()).toContain(`Port ${port} is taken by another program.`);
    }
    expect(ofPage.output()).toContain('--partner-port N');
    expect(ofBackend.output()).toContain('--port N');
  });

  it('ends with exit code 0 at Ctrl-C, and knows its application again the next time', async () => {
    const known = readFileSync(rememberedApplication(), 'utf8');
    expect(await demo.stop()).toBe(0);
    const { port } = new URL(demo.page);
    const [backendPort] = await freePorts();
    const again = run(['--port', `${backendPort}`, '--partner-port', port, '--data', data]);
    await saysItIsUp(again.output);
    const ended = once(again.child, 'exit');
    again.child.kill('SIGINT');
    await ended;
    expect(again.child.exitCode).toBe(0);
    expect(readFileSync(rememberedApplication(), 'utf8')).toBe(known);
  });
});
