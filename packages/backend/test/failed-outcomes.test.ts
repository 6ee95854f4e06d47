import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Provider } from '../src/index.ts';
import type { Screen } from './support/browser.ts';
import { callbackFromGoogle } from './support/consent.ts';
import { formOf, textOf } from './support/html.ts';
import { openPage, type PageSession, type PartnerPage } from './support/partner-page.ts';
import { authorize, createPartnerServer } from './support/partner-server.ts';
import { AMIRA, createWorld, GOOGLE_CLIENT, KEYS, type World } from './support/world.ts';

let world: World;
let page: PartnerPage;
let session: PageSession;

async function begin(options: Parameters<typeof createWorld>[0] = {}): Promise<void> {
  world = await createWorld(options);
  page = openPage(world);
  session = await page.mint();
}

beforeEach(() => begin());
afterEach(() => world.close());

/** Nothing secret is in the log, on the last page, or in what a poll says. */
function expectNothingSecret(end: Screen, status: object): void {
  const seen = JSON.stringify([world.log, status]) + end.text;
  for (const secret of [session.secret, session.verifier, GOOGLE_CLIENT.clientSecret, world.application.clientSecret, KEYS, AMIRA]) {
    expect(seen).not.toContain(secret);
  }
  expect(seen).not.toMatch(/ya29\.|1\/\/0|4\/0A|eyJ/);
}

describe('a connection that fails', () => {
  it.each([
    ['bad_signature', 'identity_unverified'],
    ['wrong_audience', 'identity_unverified'],
    ['wrong_issuer', 'identity_unverified'],
    ['wrong_nonce', 'identity_unverified'],
    ['expired', 'identity_unverified'],
  ] as const)('because of an id token with %s says so (G09)', async (idTokenFault, reason) => {
    world.google.set({ idTokenFault });
    const end = await session.connect();
    const status = await session.poll();
    expect(status).toMatchObject({ state: 'failed', reason });
    expect(textOf(end.text)).toContain('Your calendar provider’s answer could not be verified.');
    expect(world.log).toEqual([
      {
        level: 'warn',
        event: 'connect_identity_unverified',
        session: session.id,
        application: world.application.clientId,
        provider: 'google',
        hint: expect.stringContaining('the id token is not believed'),
      },
    ]);
    expectNothingSecret(end, status);
  });

  it('because no refresh token came says so (G11)', async () => {
    world.google.set({ dropRefreshToken: true });
    const end = await session.connect();
    const status = await session.poll();
    expect(status).toMatchObject({ state: 'failed', reason: 'no_refresh_token' });
    expect(textOf(end.text)).toContain('Your calendar provider gave a connection that would not last.');
    expect(world.log).toMatchObject([{ event: 'connect_no_refresh_token', hint: expect.stringContaining('no refresh token') }]);
    expectNothingSecret(end, status);
  });

  it.each([[500], [502], [503], [429]] as const)(
    'because Google answers the exchange with %i says that it is unavailable (N01)',
    async (status) => {
      world.google.addFault({ group: 'token', status, retryAfterSeconds: 1_000_000_000 });
      const end = await session.connect();
      expect(await session.poll()).toMatchObject({ state: 'failed', reason: 'provider_unavailable' });
      expect(textOf(end.text)).toMatch(/^Your calendar provider did not answer\. Nothing was shared\. Wait a minute and try again\./);
      expect(textOf(end.text)).toContain(`provider_unavailable · ${session.id}`);
      expect(world.log).toMatchObject([
        { level: 'warn', event: 'connect_provider_unavailable', hint: expect.stringContaining(`${status}`) },
      ]);
      expectNothingSecret(end, await session.poll());
    },
  );

  it('because Google takes too long says that it is unavailable (N01)', async () => {
    await world.close();
    await begin({ timeoutMs: 100 });
    world.google.addFault({ group: 'token', delayMs: 400 });
    const end = await session.connect();
    expect(await session.poll()).toMatchObject({ state: 'failed', reason: 'provider_unavailable' });
    expect(world.log).toMatchObject([{ event: 'connect_provider_unavailable', hint: expect.stringContaining('timeout') }]);
    expectNothingSecret(end, await session.poll());
  });

  it('because an administrator forbids the application says whom to ask', async () => {
    const callback = await callbackFromGoogle(page.browser, await session.start());
    callback.searchParams.delete('code');
    callback.searchParams.set('error', 'admin_policy_enforced');
    const end = await page.browser.visit(callback);
    expect(await session.poll()).toMatchObject({ state: 'failed', reason: 'admin_policy_enforced' });
    expect(textOf(end.text)).toContain('Ask your administrator to allow it, then try again.');
    expect(world.log).toMatchObject([{ hint: expect.stringContaining('Admin console') }]);
    expectNothingSecret(end, await session.poll());
  });

  it('because the operator’s secret is wrong is an error for the operator, who is told what to compare', async () => {
    await world.close();
    await begin({ providers: (right) => [{ ...right, ...wronglyConfigured(right) }] });
    const end = await session.connect();
    expect(await session.poll()).toMatchObject({ state: 'failed', reason: 'provider_misconfigured' });
    expect(textOf(end.text)).toContain('Tell the people who run this page; they can see the reason.');
    expect(world.log).toMatchObject([
      { level: 'error', event: 'connect_provider_misconfigured', hint: expect.stringContaining('client id or client secret is wrong') },
    ]);
    expectNothingSecret(end, await session.poll());
  });

  it('because of a surprise in a provider ends too, the person is not left waiting, and what was granted is given back', async () => {
    await world.close();
    await begin({ providers: (right) => [{ ...right, calendar: () => Promise.reject(new TypeError('ya29.secret')) }] });
    const end = await session.connect();
    expect(await session.poll()).toMatchObject({ state: 'failed', reason: 'provider_unavailable' });
    expect(world.log).toMatchObject([{ level: 'error', event: 'arrival_failed', session: session.id, error: 'TypeError' }]);
    await vi.waitFor(() => expect(world.google.liveRefreshTokens(AMIRA)).toBe(0));
    expectNothingSecret(end, await session.poll());
  });
});

function wronglyConfigured(right: Provider): Pick<Provider, 'client'> {
  return { client: { ...right.client, clientSecret: 'GOCSPX-not-the-operators' } };
}

describe('somebody who does not want to', () => {
  it('says no at Google: the session is declined, and nothing is logged', async () => {
    const end = await session.connect({ decision: 'Cancel' });
    expect(textOf(end.text)).toContain('Nothing was connected You did not allow Planner to see your calendar.');
    expect(await session.poll()).toMatchObject({ state: 'declined' });
    expect(world.log).toEqual([]);
  });

  it('leaves a box unticked: the scopes are named, and what was granted is given back (G10)', async () => {
    const end = await session.connect({ accessMode: 'full', untick: ['calendar.events'] });
    const status = await session.poll();
    expect(status).toMatchObject({
      state: 'failed',
      reason: 'scopes_missing',
      missing_scopes: ['https://www.googleapis.com/auth/calendar.events'],
    });
    expect(textOf(end.text)).toContain('Try again and leave every box ticked.');
    await vi.waitFor(() => expect(world.google.liveRefreshTokens(AMIRA)).toBe(0));
    expectNothingSecret(end, status);
  });

  it('leaves a box unticked when connecting again: the connection that stands is untouched, at Google too (G10)', async () => {
    const server = createPartnerServer(world);
    await session.connect({ accessMode: 'full' });
    const { body } = await session.exchange((await session.poll()).code);
    const { body: tokens } = await server.redeem(body.receipt);
    const before = (await server.userinfo(tokens.access_token)).body;
    const again = await page.mint();
    await again.connect({ accessMode: 'full', untick: ['calendar.events'] });
    expect(await again.poll()).toMatchObject({ state: 'failed', reason: 'scopes_missing' });
    expect((await server.userinfo(tokens.access_token)).body).toEqual(before);
    expect(world.askedGoogle('/revoke')).toBe(0);
  });
});

it('connects also where the calendars cannot be listed now, and says so in the log', async () => {
  world.google.addFault({ group: 'calendar', status: 503 });
  await session.connect();
  expect((await session.poll()).state).toBe('connected');
  expect(world.log).toMatchObject([{ level: 'warn', event: 'calendars_not_listed', session: session.id, outcome: 'unavailable' }]);
});

describe('a flow by redirect that fails', () => {
  it('shows what happened, one click to try again, and one back to the partner', async () => {
    world.google.addFault({ group: 'token', status: 503, times: 1 });
    const end = await authorize(world);
    expect(textOf(end.text)).toContain('Your calendar provider did not answer.');
    const [retry, back] = [...end.text.matchAll(/<a class="button[^"]*" href="([^"]*)"/g)].map(
      ([, href = '']) => new URL(href.replaceAll('&amp;', '&')),
    );
    expect(Object.fromEntries(back?.searchParams ?? [])).toEqual({ error: 'access_denied', state: 'state-1', iss: world.publicUrl });
    expect(Object.fromEntries(retry?.searchParams ?? [])).toMatchObject({ provider_name: 'google_free_busy', state: 'state-1' });
    const again = await world.browser().visit(retry?.href ?? '');
    expect(formOf(again.text).action).toContain('/o/oauth2/v2/auth/account');
  });

  it('because the person says no goes back at once with access_denied, state and iss', async () => {
    const { url } = await authorize(world, {}, { decision: 'Cancel' });
    expect(Object.fromEntries(url.searchParams)).toEqual({ error: 'access_denied', state: 'state-1', iss: world.publicUrl });
  });
});
