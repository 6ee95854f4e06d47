import { type RunningGoogleEmulator, startGoogleEmulator } from '@calendar-connect/emulators';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createCalendarConnect } from '../src/index.ts';
import { type BackendProcess, startBackendProcess } from './support/backend-processes.ts';
import { createBrowser } from './support/browser.ts';
import { createDatabase, type TestDatabase } from './support/databases.ts';
import { openPage } from './support/partner-page.ts';
import { createPartnerServer } from './support/partner-server.ts';
import { GOOGLE_CLIENT, KEYS, PAGE_ORIGIN, type Reachable } from './support/world.ts';

const PUBLIC_URL = 'http://localhost:8787';
const REQUESTS = 1000;

let database: TestDatabase;
let emulator: RunningGoogleEmulator;
let skewMs = 0;
let processes: BackendProcess[];
let application: Reachable['application'];
let accessToken: string;

beforeAll(async () => {
  database = await createDatabase('file');
  emulator = await startGoogleEmulator({
    clients: [{ ...GOOGLE_CLIENT, redirectUris: [`${PUBLIC_URL}/connect/callback/google`] }],
    now: () => Date.now() + skewMs,
  });
  const { place } = database;
  if (place === undefined) throw new Error('the processes could not find the database');
  const start = () => startBackendProcess({ publicUrl: PUBLIC_URL, database: place, googleUrl: emulator.url });
  processes = [await start(), ...(await Promise.all([start(), start()]))];
  application = await registered();
}, 30_000);
afterAll(async () => {
  await Promise.all(processes.map((process) => process.stop()));
  await emulator.close();
  await database.drop();
});

beforeEach(async () => {
  skewMs = 0;
  const reached = reach(first());
  const session = await openPage(reached).mint();
  await session.connect();
  const { body } = await session.exchange((await session.poll()).code);
  accessToken = (await createPartnerServer(reached).redeem(body.receipt)).body.access_token;
  // Two hours later Google no longer takes the access token, and our list of calendars is old.
  skewMs = 2 * 3600_000;
  await database.execute('update profiles set calendars_at = 0');
  emulator.control.clearRequests();
});

function first(): BackendProcess {
  const [process] = processes;
  if (process === undefined) throw new Error('no process was started');
  return process;
}

async function registered(): Promise<Reachable['application']> {
  const connect = await createCalendarConnect({ publicUrl: PUBLIC_URL, database: database.open(), keys: KEYS, providers: [] });
  const created = await connect.applications.create({ name: 'Planner', redirectUris: [], origins: [PAGE_ORIGIN] });
  await connect.close();
  return { clientId: created.application.id, clientSecret: created.clientSecret };
}

function reach(process: BackendProcess): Reachable {
  return {
    publicUrl: PUBLIC_URL,
    application,
    request: (path, init) => fetch(`${process.url}${path}`, init),
    browser: () =>
      createBrowser((url, init) => fetch(url.origin === PUBLIC_URL ? `${process.url}${url.pathname}${url.search}` : url, init)),
  };
}

async function isThere(condition: string): Promise<boolean> {
  return (await database.execute(`select 1 from profiles where ${condition}`)).length > 0;
}

/** A thousand requests at once, all of which need one provider token that has expired. */
async function askThemAll(asked: readonly BackendProcess[]): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: REQUESTS }, (_, n) =>
      fetch(`${asked[n % asked.length]?.url}/v1/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } }),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  await expect.poll(() => isThere('calendars_at = 0'), { timeout: 10_000 }).toBe(false);
}

function refreshes(): number {
  return emulator.control.requests.filter(({ path }) => path === '/token').length;
}

it(`N03: ${REQUESTS} requests at once that need one expired provider token cause one refresh`, { timeout: 30_000 }, async () => {
  await askThemAll([first()]);
  expect(refreshes()).toBe(1);
});

it(`N03: ${REQUESTS} such requests at once to three processes on one database cause one refresh`, { timeout: 30_000 }, async () => {
  await askThemAll(processes);
  expect(refreshes()).toBe(1);
});

it('N03: a process that is killed while it refreshes leaves the refresh to the others', { timeout: 60_000 }, async () => {
  const heal = emulator.control.addFault({ group: 'token', delayMs: 60_000 });
  await fetch(`${first().url}/v1/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });
  await expect.poll(() => isThere('refresh_lease_until > 0'), { timeout: 10_000 }).toBe(true);
  await first().stop('SIGKILL');
  heal();
  await database.execute('update profiles set refresh_lease_until = 0');
  processes = processes.slice(1);
  await askThemAll(processes);
  expect(refreshes()).toBe(1);
});
