import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCalendarConnect } from '../src/index.ts';
import { listenTo } from './support/listening.ts';
import { openPage, type PageSession, type PartnerPage } from './support/partner-page.ts';
import { createWorld, KEYS, PAGE_ORIGIN, type World } from './support/world.ts';

let world: World;
let page: PartnerPage;
let session: PageSession;

beforeEach(async () => {
  world = await createWorld({ database: 'file' });
  page = openPage(world);
  session = await page.mint();
});
afterEach(() => world.close());

async function timed<T>(action: Promise<T>): Promise<{ value: T; ms: number }> {
  const began = performance.now();
  const value = await action;
  return { value, ms: performance.now() - began };
}

describe('a poll', () => {
  it('answers at once where the version is greater than the one that is known', async () => {
    const { value, ms } = await timed(session.poll({ after: 0, wait: 25 }));
    expect(value).toEqual({ id: session.id, state: 'created', version: 1 });
    expect(ms).toBeLessThan(900);
  });

  it('answers as soon as the session changes', async () => {
    const waiting = timed(session.poll({ after: 1, wait: 25 }));
    await session.start();
    const { value, ms } = await waiting;
    expect(value).toMatchObject({ state: 'at_provider', version: 2 });
    expect(ms).toBeLessThan(900);
  });

  it('answers after the time to wait where nothing changes', async () => {
    const { value, ms } = await timed(session.poll({ after: 1, wait: 1 }));
    expect(value).toMatchObject({ state: 'created', version: 1 });
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(2900);
  });

  it('ends when whoever waits goes away', async () => {
    const away = new AbortController();
    const waiting = timed(session.poll({ after: 1, wait: 25 }, away.signal));
    setTimeout(() => away.abort(), 50);
    expect((await waiting).ms).toBeLessThan(900);
  });

  it('of somebody who went away mints no code, which would kill the one that is on its way', async () => {
    await session.connect();
    const { code, version } = await session.poll();
    const away = new AbortController();
    const waiting = session.poll({ after: version, wait: 25 }, away.signal);
    setTimeout(() => away.abort(), 20);
    await waiting;
    expect((await session.exchange(code)).status).toBe(200);
  });

  it('of somebody who went away mints no code over the network either', async () => {
    await session.connect();
    const { code, version } = await session.poll();
    const listening = await listenTo(world);
    const away = new AbortController();
    const query = `client_id=${world.application.clientId}&after=${version}&wait=25`;
    const waiting = fetch(`${listening.url}/connect/sessions/${session.id}?${query}`, {
      headers: { origin: PAGE_ORIGIN, authorization: `Bearer ${session.secret}` },
      signal: away.signal,
    });
    setTimeout(() => away.abort(), 50);
    await expect(waiting).rejects.toThrow('aborted');
    // By now the server has noticed, and looked once more.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await session.exchange(code)).status).toBe(200);
    await listening.close();
  });

  it('sees what another process changed, within seconds', async () => {
    const other = await createCalendarConnect({
      publicUrl: world.publicUrl,
      database: world.database.open(),
      keys: KEYS,
      providers: [],
      now: world.clock.now,
    });
    const waiting = timed(session.poll({ after: 1, wait: 25 }));
    await other.app.request(`/connect/sessions/${session.id}?client_id=${world.application.clientId}`, {
      method: 'DELETE',
      headers: { origin: PAGE_ORIGIN, authorization: `Bearer ${session.secret}` },
    });
    const { value, ms } = await waiting;
    await other.close();
    expect(value.state).toBe('cancelled');
    expect(ms).toBeLessThan(3000);
  });

  it.each(['after=-1', 'after=1.5', 'after=x', 'after=1e3', 'after=', 'wait=x', 'wait=9999999999'])('is refused with %s', async (query) => {
    const answer = await page.ask('GET', `/connect/sessions/${session.id}?${query}`, { secret: session.secret });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('is refused without the session’s secret, and with another session’s', async () => {
    const other = await page.mint();
    for (const secret of [undefined, 'wrong', other.secret]) {
      const answer = await page.ask('GET', `/connect/sessions/${session.id}`, secret === undefined ? {} : { secret });
      expect(answer).toMatchObject({ status: 404, body: { error: 'session_not_found' } });
    }
  });
});
