import { type RunningGoogleEmulator, startGoogleEmulator } from '@calendar-connect/emulators';
import type { QueryCreator } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type CalendarConnect, createCalendarConnect, google } from '../src/index.ts';
import { createOutbound, type Outbound } from '../src/outbound/outbound.ts';
import type { Engine } from '../src/storage/engine.ts';
import type { Question } from '../src/storage/question.ts';
import type { Schema } from '../src/storage/schema.ts';
import { type BackendProcess, startBackendProcess } from './support/backend-processes.ts';
import { createBrowser } from './support/browser.ts';
import type { FreeBusyBody } from './support/calendar-api.ts';
import { createDatabase, type TestDatabase } from './support/databases.ts';
import { googleEndpointsAt } from './support/google.ts';
import { openPage } from './support/partner-page.ts';
import { createPartnerServer } from './support/partner-server.ts';
import { AMIRA, GOOGLE_CLIENT, KEYS, PAGE_ORIGIN, type Reachable } from './support/world.ts';

const PUBLIC_URL = 'http://localhost:8787';
const REQUESTS = 1000;
/** What can only be answered with a provider token that works: Google is asked before the answer, and says that Amira is busy once. */
const FREE_BUSY = '/v1/free_busy?from=2026-11-03&to=2026-11-04&tzid=Etc/UTC';

let database: TestDatabase;
let emulator: RunningGoogleEmulator;
let skewMs = 0;
let processes: BackendProcess[];
/** A backend in this process, of those tests that have one. */
let here: CalendarConnect | undefined;
let application: Reachable['application'];
let accessToken: string;

beforeAll(async () => {
  database = await createDatabase('file');
  emulator = await startGoogleEmulator({
    clients: [{ ...GOOGLE_CLIENT, redirectUris: [`${PUBLIC_URL}/connect/callback/google`] }],
    now: () => Date.now() + skewMs,
  });
  emulator.control.addEvent(AMIRA, { start: { dateTime: '2026-11-03T10:00:00Z' }, end: { dateTime: '2026-11-03T11:00:00Z' } });
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
  // Two hours later Google no longer takes the access token.
  skewMs = 2 * 3600_000;
  emulator.control.clearRequests();
});
afterEach(async () => {
  await here?.close();
  here = undefined;
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

/** What a backend in this process is made with, besides what all have. */
interface Here {
  readonly engine?: Engine;
  readonly outbound?: Outbound;
  readonly now?: () => number;
}

async function startHere({ engine = database.open(), outbound = createOutbound(), now = Date.now }: Here): Promise<CalendarConnect> {
  const providers = [google({ ...GOOGLE_CLIENT, endpoints: googleEndpointsAt(emulator.url), outbound })];
  here = await createCalendarConnect({ publicUrl: PUBLIC_URL, database: engine, keys: KEYS, providers, now });
  return here;
}

/** A database that counts how often somebody asks it for the lease of a refresh. */
function countClaims(engine: Engine): { readonly engine: Engine; readonly claims: () => number } {
  let claims = 0;
  const ask: Engine['ask'] = <T>(question: (db: QueryCreator<Schema>) => Question<T>) => {
    let isClaim = false;
    function* watched(db: QueryCreator<Schema>): Question<T> {
      const asked = question(db);
      let step = asked.next();
      while (!step.done) {
        isClaim ||= /^update "profiles" .*"refresh_lease_until" <= /.test(step.value.sql);
        step = asked.next(yield step.value);
      }
      return step.value;
    }
    return engine.ask(watched).finally(() => (claims += Number(isClaim)));
  };
  return { engine: { ...engine, ask, close: () => engine.close() }, claims: () => claims };
}

/** A way to Google on which a refresh has to wait until so many calls were refused: all of them need it. */
function refusingFirst(count: number): Outbound {
  const outbound = createOutbound({ timeoutMs: 60_000 });
  const allRefused = Promise.withResolvers<void>();
  let refused = 0;
  return {
    fetch: async (url, init) => {
      if (new URL(url).pathname === '/token') await allRefused.promise;
      const answer = await outbound.fetch(url, init);
      refused += Number(answer.status === 401);
      if (refused === count) allRefused.resolve();
      return answer;
    },
  };
}

async function isThere(condition: string): Promise<boolean> {
  return (await database.execute(`select 1 from profiles where ${condition}`)).length > 0;
}

const asPartner = (): RequestInit => ({ headers: { authorization: `Bearer ${accessToken}` } });
const askProcess = (process: BackendProcess | undefined): Promise<Response> => fetch(`${process?.url}${FREE_BUSY}`, asPartner());
const askHere = async (connect: CalendarConnect): Promise<Response> => connect.app.request(FREE_BUSY, asPartner());

/** A thousand requests at once, each of which is to be told what Google says. */
async function askThemAll(ask: (n: number) => Promise<Response>): Promise<void> {
  const told = await Promise.all(Array.from({ length: REQUESTS }, (_, n) => ask(n).then(whatItTells)));
  expect(new Set(told)).toEqual(new Set(['200 busy']));
}

async function whatItTells(answer: Response): Promise<string> {
  const { free_busy: spans } = (await answer.json()) as FreeBusyBody;
  return [answer.status, ...spans.map(({ free_busy_status: status }) => status)].join(' ');
}

const refreshes = (): number => emulator.control.requests.filter(({ path }) => path === '/token').length;
const refusals = (): number => emulator.control.requests.filter(({ status }) => status === 401).length;

it(`N03: ${REQUESTS} requests at once that need one expired provider token cause one refresh`, { timeout: 60_000 }, async () => {
  const { engine, claims } = countClaims(database.open());
  const connect = await startHere({ engine, outbound: refusingFirst(REQUESTS) });
  await askThemAll(() => askHere(connect));
  expect(refreshes()).toBe(1);
  // In one process they share one answer, and do not each ask the database whether it is there yet.
  expect(claims()).toBe(1);
});

it(`N03: ${REQUESTS} such requests at once to three processes on one database cause one refresh`, { timeout: 60_000 }, async () => {
  // Long enough that most of them have been refused by then.
  const heal = emulator.control.addFault({ group: 'token', delayMs: 2000 });
  await askThemAll((n) => askProcess(processes[n % processes.length]));
  heal();
  expect(refreshes()).toBe(1);
  expect(refusals()).toBeGreaterThan(processes.length);
});

it(
  'N03: a process that is killed while it refreshes leaves that to the others when its lease has run out',
  { timeout: 60_000 },
  async () => {
    const heal = emulator.control.addFault({ group: 'token', delayMs: 60_000 });
    const cutOff = expect(askProcess(first())).rejects.toThrow();
    await expect.poll(() => isThere('refresh_lease_until > 0'), { timeout: 10_000 }).toBe(true);
    await first().stop('SIGKILL');
    await cutOff;
    heal();
    processes = processes.slice(1);
    emulator.control.clearRequests();

    const [leased] = await database.execute('select refresh_lease_until as until_ms from profiles where refresh_lease_until > 0');
    let nowMs = Number(leased?.['until_ms']) - 1;
    const connect = await startHere({ now: () => nowMs });
    const askedHere = askHere(connect);
    const asked = askThemAll((n) => askProcess(processes[n % processes.length]));
    await expect.poll(refusals, { timeout: 15_000 }).toBe(REQUESTS + 1);
    expect(refreshes()).toBe(0);

    nowMs += 1;
    expect(await whatItTells(await askedHere)).toBe('200 busy');
    await asked;
    expect(refreshes()).toBe(1);
  },
);
