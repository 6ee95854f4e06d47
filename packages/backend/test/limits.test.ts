import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listenTo } from './support/listening.ts';
import { openPage } from './support/partner-page.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let listening: Listening;
let overHttp: World;

beforeEach(async () => {
  world = await createWorld();
  listening = await listenTo(world);
  overHttp = { ...world, request: (path, init) => fetch(`${listening.url}${path}`, init) };
});
afterEach(async () => {
  await listening.close();
  await world.close();
});

function guess(clientSecret: string, headers: Record<string, string> = {}): Promise<Response> {
  const body = new URLSearchParams({ client_id: world.application.clientId, client_secret: clientSecret, token: 'x' });
  return overHttp.request('/oauth/token/revoke', { method: 'POST', body, headers });
}

async function guessOften(times: number, headers?: (n: number) => Record<string, string>): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  for (let n = 0; n < times; n += 1) {
    const { status } = await guess(`guess ${n}`, headers?.(n));
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  return statuses;
}

function auditedFailures(): Promise<number> {
  return world.connect
    .audit({ limit: 1000 })
    .then((events) => events.filter(({ event }) => event === 'client_authentication_failed').length);
}

describe('wrong client secrets', () => {
  it('F01: are refused as such thirty times a minute, then with 429 and the time to wait; only the first are written down', async () => {
    expect(await guessOften(100)).toEqual(
      new Map([
        [400, 30],
        [429, 70],
      ]),
    );
    const answer = await guess('once more');
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({
      error: 'rate_limited',
      error_description: expect.stringMatching(/^Too many requests\. Try again in \d+ second/),
    });
    expect(await auditedFailures()).toBe(30);
  });

  it('F01: keep nobody from going on at whose address the right one was seen', async () => {
    expect((await guess(world.application.clientSecret)).status).toBe(200);
    expect(await guessOften(100)).toEqual(
      new Map([
        [400, 30],
        [429, 70],
      ]),
    );
    expect((await guess(world.application.clientSecret)).status).toBe(200);
  });

  it('F01: keep the right one from being tried from an address where it was not seen before', async () => {
    await guessOften(31);
    expect((await guess(world.application.clientSecret)).status).toBe(429);
    world.clock.pass({ seconds: 2 });
    expect((await guess(world.application.clientSecret)).status).toBe(200);
  });

  it('F02: come from where they come from, whatever X-Forwarded-For says', async () => {
    const spoofed = (n: number) => ({
      'x-forwarded-for': `198.51.100.${n}`,
      forwarded: `for=198.51.100.${n}`,
      'x-real-ip': `198.51.100.${n}`,
    });
    expect(await guessOften(40, spoofed)).toEqual(
      new Map([
        [400, 30],
        [429, 10],
      ]),
    );
  });

  it('F03: leave the same trace whether the application is known or not', async () => {
    await guess('wrong');
    world.clock.pass({ seconds: 1 });
    const body = new URLSearchParams({ client_id: 'app_nobody', client_secret: 'wrong', token: 'x' });
    const unknown = await overHttp.request('/oauth/token/revoke', { method: 'POST', body });
    expect(unknown.status).toBe(400);
    const events = await world.connect.audit({ limit: 10 });
    expect(events).toMatchObject([
      { event: 'client_authentication_failed', applicationId: undefined, detail: '127.0.0.1' },
      { event: 'client_authentication_failed', applicationId: world.application.clientId, detail: '127.0.0.1' },
    ]);
    expect(JSON.stringify(events)).not.toContain('wrong');
  });

  it('F06: are forgiven by a restart, as documented: the limits live in the process', async () => {
    await guessOften(31);
    const restarted = await createWorld();
    const again = await listenTo(restarted);
    const body = new URLSearchParams({
      client_id: restarted.application.clientId,
      client_secret: restarted.application.clientSecret,
      token: 'x',
    });
    expect((await fetch(`${again.url}/oauth/token/revoke`, { method: 'POST', body })).status).toBe(200);
    await again.close();
    await restarted.close();
  });

  it('F01: of a partner’s server that mints or asks for sessions are counted too', async () => {
    const authorization = `Basic ${btoa(`${world.application.clientId}:wrong`)}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const mint = () => overHttp.request('/connect/sessions', { method: 'POST', headers, body: '{"end_user":{"id":"user-17"}}' });
    const ask = () => overHttp.request('/connect/sessions/ses_1', { headers });
    for (let n = 0; n < 15; n += 1) expect([(await mint()).status, (await ask()).status]).toEqual([401, 401]);
    expect([(await mint()).status, (await ask()).status]).toEqual([429, 429]);
  });
});

describe('an element', () => {
  it('that polls from a page without an Origin is no partner with a wrong secret', async () => {
    const session = await openPage(overHttp).mint();
    const headers = { authorization: `Bearer ${session.secret}` };
    for (let n = 0; n < 40; n += 1) {
      expect((await overHttp.request(`/connect/sessions/${session.id}?client_id=${world.application.clientId}`, { headers })).status).toBe(
        200,
      );
    }
    expect(await auditedFailures()).toBe(0);
  });

  it('can begin 120 sessions a minute at one address, and is then told to wait', async () => {
    const page = openPage(overHttp);
    for (let n = 0; n < 120; n += 1) await page.mint();
    await expect(page.mint()).rejects.toThrow();
    world.clock.pass({ seconds: 1 });
    await page.mint();
  });

  it('that brings wrong codes is told to wait after sixty; the right one is taken all the same', async () => {
    const page = openPage(overHttp);
    const body = { code: 'wrong', code_verifier: 'v'.repeat(43) };
    for (let n = 0; n < 60; n += 1) expect((await page.ask('POST', '/connect/exchange', { body })).status).toBe(400);
    expect((await page.ask('POST', '/connect/exchange', { body })).status).toBe(429);
    const session = await page.mint();
    await session.connect();
    expect((await session.exchange((await session.poll()).code)).status).toBe(200);
  });
});
