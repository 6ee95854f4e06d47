import { type RunningGoogleEmulator, startGoogleEmulator } from '@calendar-connect/emulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CalendarConnect, createCalendarConnect } from '../src/index.ts';
import { type BackendProcess, startBackendProcess } from './support/backend-processes.ts';
import { createBrowser } from './support/browser.ts';
import { callbackFromGoogle } from './support/consent.ts';
import { createDatabase, type TestDatabase } from './support/databases.ts';
import { openPage } from './support/partner-page.ts';
import { createPartnerServer } from './support/partner-server.ts';
import { createWorld, GOOGLE_CLIENT, KEYS, PAGE_ORIGIN, type Reachable, type World } from './support/world.ts';

/** Made at one, back from the provider at the other, waited for at the one, exchanged at the other. */
async function connectOverBoth(first: Reachable, second: Reachable): Promise<void> {
  const page = openPage(first);
  const session = await page.mint();
  const callback = await callbackFromGoogle(page.browser, await session.start());
  const { version } = await session.poll();

  const waiting = session.poll({ after: version, wait: 25 });
  const arrived = await second.request(`${callback.pathname}${callback.search}`, {
    headers: { cookie: page.browser.cookiesFor(callback), accept: 'text/html' },
    redirect: 'manual',
  });
  expect(arrived.status).toBeLessThan(400);
  const since = performance.now();
  const { state, code } = await waiting;
  expect(state).toBe('connected');
  expect(performance.now() - since).toBeLessThan(2000);

  const body = { code, code_verifier: session.verifier };
  const exchanged = await openPage(second).ask<{ receipt: string }>('POST', '/connect/exchange', { body });
  expect(exchanged.status).toBe(200);
  expect((await session.exchange(code)).body.error).toBe('invalid_grant');
  const { body: tokens } = await createPartnerServer(first).redeem(exchanged.body.receipt);
  expect((await createPartnerServer(second).userinfo(tokens.access_token)).status).toBe(200);
}

describe('two backends in one process', () => {
  let world: World;
  let second: CalendarConnect;

  beforeEach(async () => {
    world = await createWorld({ database: 'file' });
    second = await createCalendarConnect({
      publicUrl: world.publicUrl,
      database: world.database.open(),
      keys: KEYS,
      providers: [world.provider],
      log: () => undefined,
      now: world.clock.now,
    });
  });
  afterEach(async () => {
    await second.close();
    await world.close();
  });

  it('on one database serve one connect together', async () => {
    await connectOverBoth(world, { ...world, request: async (path, init) => second.app.request(`${world.publicUrl}${path}`, init) });
  });
});

describe('two processes', () => {
  const publicUrl = 'http://localhost:8787';
  let database: TestDatabase;
  let emulator: RunningGoogleEmulator;
  let processes: BackendProcess[];
  let application: Reachable['application'];

  beforeEach(async () => {
    database = await createDatabase('file');
    emulator = await startGoogleEmulator({ clients: [{ ...GOOGLE_CLIENT, redirectUris: [`${publicUrl}/connect/callback/google`] }] });
    const { place } = database;
    if (place === undefined) throw new Error('the processes could not find the database');
    // At once, on an empty database: both want to make its tables.
    const start = () => startBackendProcess({ publicUrl, database: place, googleUrl: emulator.url });
    processes = await Promise.all([start(), start()]);
    const registering = await createCalendarConnect({ publicUrl, database: database.open(), keys: KEYS, providers: [] });
    const created = await registering.applications.create({ name: 'Planner', redirectUris: [], origins: [PAGE_ORIGIN] });
    await registering.close();
    application = { clientId: created.application.id, clientSecret: created.clientSecret };
  }, 30_000);
  afterEach(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await emulator.close();
    await database.drop();
  });

  function reach({ url }: BackendProcess): Reachable {
    return {
      publicUrl,
      application,
      request: (path, init) => fetch(`${url}${path}`, init),
      browser: () => createBrowser((to, init) => fetch(to.origin === publicUrl ? `${url}${to.pathname}${to.search}` : to, init)),
    };
  }

  it('on one database serve one connect together', { timeout: 30_000 }, async () => {
    const [first, second] = processes.map(reach);
    if (first === undefined || second === undefined) throw new Error('two processes were to start');
    await connectOverBoth(first, second);
    await connectOverBoth(second, first);
  });
});
