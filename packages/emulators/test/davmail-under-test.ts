import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach } from 'vitest';
import { readXml } from '../src/ews-operations/read-xml.ts';
import { readCalendar, type CalendarEvent } from '../src/mailbox/read-calendar.ts';
import { all, basic, type ExchangeUnderTest } from './exchange-under-test.ts';

/** Where Debian's package has it. */
const DEBIAN_JAR = '/usr/share/davmail/davmail.jar';
const LOOPBACK = '127.0.0.1';
const START_MOST_MS = 40_000;
const STORE_PASSWORD = 'not a secret';

/** DavMail's jar: `DAVMAIL_JAR`, or Debian's; `undefined` where there is none. */
export const DAVMAIL_JAR: string | undefined = [process.env['DAVMAIL_JAR'], DEBIAN_JAR].find(
  (path) => path !== undefined && existsSync(path),
);

/** Who logs in at DavMail, which passes it on. */
export interface DavmailLogin {
  readonly user: string;
  readonly password: string;
}

/** What a CalDAV client gets. */
export interface DavAnswer {
  readonly status: number;
  readonly text: string;
  readonly etag: string | undefined;
  /** The texts of every element of a name. */
  readonly texts: (name: string) => readonly string[];
  /** The events of every `calendar-data`. */
  readonly events: readonly CalendarEvent[];
}

/** A request of a CalDAV client. */
export interface DavAsking {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: DavmailLogin;
}

/** A DavMail that listens, between a CalDAV client and the emulator. */
export interface RunningDavmail {
  readonly ask: (method: string, path: string, asking?: DavAsking) => Promise<DavAnswer>;
}

const running: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of running.splice(0).toReversed()) await close();
});

/** Starts DavMail in front of an emulator. It ends with the test, and leaves nothing behind. */
export async function startDavmail(exchange: ExchangeUnderTest, login: DavmailLogin): Promise<RunningDavmail> {
  const folder = await mkdtemp(join(tmpdir(), 'exchange-emulator-davmail-'));
  running.push(() => rm(folder, { recursive: true }));
  const trustStore = await writeTrustStore(folder, exchange.ca);
  const port = await findFreePort();
  const settings = join(folder, 'davmail.properties');
  await writeFile(settings, writeSettings({ folder, port, proxyUrl: exchange.network.proxyUrl }));
  const properties = { 'user.home': folder, 'java.io.tmpdir': folder, 'user.timezone': 'UTC', ...trustStore };
  const flags = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  const child = spawn('java', [...flags, '-jar', DAVMAIL_JAR ?? '', settings], { stdio: 'ignore', env: { ...process.env, HOME: folder } });
  running.push(async () => {
    if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
  });
  await untilOpen(port, child);
  return { ask: (method, path, asking = {}) => ask(new URL(path, `http://${LOOPBACK}:${port}`), method, { as: login, ...asking }) };
}

/** Java believes in a store's certificates only: the emulator's authority and no other. */
async function writeTrustStore(folder: string, ca: string): Promise<Readonly<Record<string, string>>> {
  const [file, store] = [join(folder, 'ca.pem'), join(folder, 'trust.p12')];
  await writeFile(file, ca);
  const args = ['-importcert', '-noprompt', '-alias', 'emulator', '-file', file, '-keystore', store, '-storetype', 'PKCS12'];
  await promisify(execFile)('keytool', [...args, '-storepass', STORE_PASSWORD]);
  return { 'javax.net.ssl.trustStore': store, 'javax.net.ssl.trustStorePassword': STORE_PASSWORD };
}

/** @see {@link https://davmail.sourceforge.net/serversetup.html} */
function writeSettings({ folder, port, proxyUrl }: { folder: string; port: number; proxyUrl: string }): string {
  const proxy = new URL(proxyUrl);
  const settings = {
    'davmail.server': true,
    'davmail.mode': 'EWS',
    'davmail.url': 'https://mail.corp.example/EWS/Exchange.asmx',
    'davmail.caldavPort': port,
    'davmail.imapPort': '',
    'davmail.popPort': '',
    'davmail.smtpPort': '',
    'davmail.ldapPort': '',
    'davmail.caldavPastDelay': 0,
    'davmail.allowRemote': false,
    'davmail.bindAddress': LOOPBACK,
    'davmail.enableProxy': true,
    'davmail.useSystemProxies': false,
    'davmail.proxyHost': proxy.hostname,
    'davmail.proxyPort': proxy.port,
    'davmail.disableUpdateCheck': true,
    'davmail.logFilePath': join(folder, 'davmail.log'),
    'log4j.rootLogger': 'OFF',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilOpen(port: number, child: ChildProcess): Promise<void> {
  const endMs = Date.now() + START_MOST_MS;
  let problem: unknown;
  child.once('error', (error) => (problem = error));
  while (!(await isOpen(port))) {
    if (problem !== undefined || child.exitCode !== null || Date.now() > endMs) {
      throw new Error(`DavMail does not listen; it ended with ${child.exitCode}`, { cause: problem });
    }
    await wait(100);
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function ask(url: URL, method: string, { body, headers = {}, as }: DavAsking & { readonly as: DavmailLogin }): Promise<DavAnswer> {
  const sent = { 'Content-Type': 'text/xml; charset=utf-8', ...headers, ...basic(as.user, as.password) };
  const answer = await fetch(url, { method, headers: sent, ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  const document = text.startsWith('<') ? readXml(text) : undefined;
  const texts = (name: string): string[] => all(document, name).map((element) => element.text);
  const events = texts('calendar-data').flatMap((data) => readCalendar(data, undefined).events);
  return { status: answer.status, text, etag: answer.headers.get('etag') ?? undefined, texts, events };
}
