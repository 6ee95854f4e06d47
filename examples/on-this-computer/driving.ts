import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Long, because in a fresh clone it compiles the packages first. */
const STARTS_WITHIN_MS = 300_000;
/** What `npm start` runs. */
const START = fileURLToPath(new URL('../../.scripts/start.mjs', import.meta.url));

/** An example that runs in a process of its own. */
export interface RunningExample {
  /** What it printed so far, on both streams. */
  readonly output: () => string;
  /** Its exit code, as soon as it has ended. */
  readonly ended: Promise<number | null>;
  /** Presses Ctrl-C, and answers with the exit code. */
  stop(): Promise<number | null>;
}

/**
 * Runs `npm start -- …`, as in a shell of somebody's: what a test run tells Node would make other packages of those that an example loads.
 *
 * @param more What else is in the environment.
 */
export function npmStart(args: readonly string[], more: NodeJS.ProcessEnv = {}): RunningExample {
  const env = { ...process.env, NODE_ENV: undefined, NODE_OPTIONS: undefined, ...more };
  const child: ChildProcess = spawn(process.execPath, [START, ...args], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'close').then(() => child.exitCode);
  return {
    output: () => output,
    ended,
    stop: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}

/** Waits until it has said that it is up. @throws Error with what it said instead */
export async function isUp({ output, ended }: RunningExample): Promise<void> {
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  const until = Date.now() + STARTS_WITHIN_MS;
  while (!output().includes('Ctrl-C ends it.')) {
    if (hasEnded || Date.now() > until) throw new Error(`the example did not start: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ports that nobody listens on. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  // A server that listens on an address has one.
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** An environment in which every program notes what it loads of our packages. */
export function noting(file: string): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--import=${new URL('note-loaded.ts', import.meta.url).href}`, NOTE_LOADED_IN: file };
}

/** From which folders of packages a program has loaded anything, such as `backend/dist`, as noted in a file. */
export function foldersLoaded(file: string, program: string): ReadonlySet<string> {
  // Written by `note-loaded.ts`.
  const notes = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { by: string; path: string });
  const paths = notes.filter(({ by }) => by.endsWith(program)).map(({ path }) => path);
  return new Set(paths.map((path) => path.split('/', 2).join('/')));
}

export function launchBrowser(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium',
    args: asRoot ? ['--no-sandbox', '--disable-quic', '--disable-background-networking'] : [],
  });
}

/** From the element's button to the window at Google, or to whatever the window shows first. */
export async function openWindow(context: BrowserContext, page: Page, mode: string): Promise<Page> {
  await page.getByRole('button', { name: 'Connect your calendar' }).click();
  await page.getByRole('radio', { name: 'Google' }).check();
  await page.getByRole('radio', { name: mode }).check();
  const [popup] = await Promise.all([context.waitForEvent('page'), page.getByRole('button', { name: 'Continue' }).click()]);
  return popup;
}

/** At the emulated Google. */
export async function allow(page: Page, account: string): Promise<void> {
  await page.getByRole('button', { name: account }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
}
