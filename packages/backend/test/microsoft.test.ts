import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Screen } from './support/browser.ts';
import { textOf } from './support/html.ts';
import { AMIRA_AT_WORK, goThroughMicrosoft, JONAS_AT_OUTLOOK, LEA, OTTO_ON_PREMISES } from './support/microsoft.ts';
import { authorizePath, createPartnerServer, type PartnerServer, type TokenBody } from './support/partner-server.ts';
import { openPage } from './support/partner-page.ts';
import { CALLBACK, createWorld, MICROSOFT_CLIENT, type World } from './support/world.ts';

let world: World;
let server: PartnerServer;

beforeEach(async () => {
  world = await createWorld({ providers: (google, microsoft) => [google, microsoft] });
  server = createPartnerServer(world);
});
afterEach(() => world.close());

/** The flow by redirect, straight to Microsoft. */
async function authorizeAt(providerName: string, account: string): Promise<Screen> {
  const browser = world.browser();
  const first = await browser.visit(`${world.publicUrl}${authorizePath(world, { provider_name: providerName })}`);
  return goThroughMicrosoft(browser, first, { account });
}

async function connect(providerName: string, account: string): Promise<TokenBody> {
  const { url, text } = await authorizeAt(providerName, account);
  const code = url.searchParams.get('code');
  if (code === null) throw new Error(`no code in ${url.href} ${textOf(text)}`);
  return (await server.redeem(code, { redirect_uri: CALLBACK })).body;
}

/** Whether the partner is told that it is connected, once the renewal that this question sets off is over. */
async function connectedAfter(tokens: TokenBody, time: Parameters<World['clock']['pass']>[0]): Promise<boolean | undefined> {
  world.clock.pass(time);
  const { body } = await server.refresh(tokens.refresh_token);
  const asked = world.microsoft.requests.length;
  await firstProfile(body.access_token);
  await expect.poll(() => world.microsoft.requests.length).toBeGreaterThanOrEqual(asked);
  await setTimeout(150);
  return (await firstProfile(body.access_token))?.profile_connected;
}

async function firstProfile(accessToken: string) {
  const { body } = await server.userinfo(accessToken);
  return body['cronofy.data'].profiles[0];
}

describe('a Microsoft account', () => {
  it.each([
    ['office365', LEA, 'exchange', 'office365'],
    ['live_connect', JONAS_AT_OUTLOOK, 'live_connect', 'outlook_com'],
    // The names are Microsoft's both: which one it is shows when somebody signs in.
    ['live_connect', LEA, 'exchange', 'office365'],
    ['ms_graph_free_busy', LEA, 'ms_graph_free_busy', 'ms_graph_free_busy'],
    ['ms_graph_free_busy', JONAS_AT_OUTLOOK, 'ms_graph_free_busy', 'ms_graph_free_busy'],
  ])('asked for as %s by %s is known to partners as %s, %s', async (asked, account, provider_name, provider_service) => {
    const tokens = await connect(asked, account);
    expect(tokens.linking_profile).toMatchObject({ provider_name, provider_service, profile_name: account });
    expect(await firstProfile(tokens.access_token)).toMatchObject({
      provider_name,
      provider_service,
      provider_protocol: 'graph_api',
      profile_connected: true,
    });
  });

  it('shows its calendars with names in full mode, and without in free/busy mode', async () => {
    const names = async (asked: string) =>
      (await firstProfile((await connect(asked, LEA)).access_token))?.profile_calendars.map(({ calendar_name }) => calendar_name);
    expect(await names('office365')).toEqual(expect.arrayContaining(['Calendar']));
    expect(await names('ms_graph_free_busy')).not.toContain('Calendar');
  });

  it('keeps its ids in another mode, asks once for that, and says where Microsoft keeps what was allowed before', async () => {
    const full = await connect('office365', LEA);
    const freeBusy = await connect('ms_graph_free_busy', LEA);
    expect([freeBusy.account_id, freeBusy.linking_profile.profile_id]).toEqual([full.account_id, full.linking_profile.profile_id]);
    expect(await firstProfile(full.access_token)).toMatchObject({ provider_name: 'ms_graph_free_busy', profile_connected: true });
    const { offer } = await openPage(world).mint();
    expect(offer.providers.find(({ id }) => id === 'microsoft')?.keeps_permissions_at).toEqual([
      'https://myapps.microsoft.com',
      'https://account.live.com/consent/Manage',
    ]);
    const back = await connect('office365', LEA);
    expect(await firstProfile(back.access_token)).toMatchObject({ profile_id: full.linking_profile.profile_id, provider_name: 'exchange' });
  });

  it('is one account, found again by tenant and object id and not by its address', async () => {
    const first = await connect('office365', LEA);
    world.microsoft.setEmailClaim(LEA, JONAS_AT_OUTLOOK, true);
    expect((await connect('office365', LEA)).account_id).toBe(first.account_id);
    expect((await connect('live_connect', JONAS_AT_OUTLOOK)).account_id).not.toBe(first.account_id);
  });

  it('whose mailbox is on the organisation’s own Exchange is told so, and keeps nothing at ours', async () => {
    world.microsoft.approve({ tenant: 'partner.example', clientId: MICROSOFT_CLIENT.clientId });
    const page = openPage(world);
    const session = await page.mint();
    const end = await goThroughMicrosoft(page.browser, await session.start({ provider: 'microsoft', accessMode: 'full' }), {
      account: OTTO_ON_PREMISES,
    });
    expect(textOf(end.text)).toContain('Exchange');
    expect(await session.poll()).toMatchObject({ state: 'failed', reason: 'no_mailbox' });
  });

  it('who is turned away waits, and comes back to the partner by the same redirect', async () => {
    const browser = world.browser();
    const first = await browser.visit(`${world.publicUrl}${authorizePath(world, { provider_name: 'office365' })}`);
    const room = await goThroughMicrosoft(browser, first, { account: AMIRA_AT_WORK });
    expect(textOf(room.text)).toContain('Which organisation');
    world.microsoft.approve({ tenant: 'partner.example', clientId: MICROSOFT_CLIENT.clientId });
    const onward = await browser.submit(room, { press: 'Try again now' });
    const end = await goThroughMicrosoft(browser, onward, { account: AMIRA_AT_WORK });
    expect(end.url.href).toContain(`${CALLBACK}?code=`);
    expect(end.url.searchParams.get('state')).toBe('state-1');
  });

  it('who gives up waiting goes back to the partner with access_denied', async () => {
    const browser = world.browser();
    const first = await browser.visit(`${world.publicUrl}${authorizePath(world, { provider_name: 'office365' })}`);
    const room = await goThroughMicrosoft(browser, first, { account: AMIRA_AT_WORK });
    const onward = await browser.submit(room, { press: 'I changed my mind' });
    expect((await goThroughMicrosoft(browser, onward, { account: '' })).url.href).toContain(`${CALLBACK}?error=access_denied`);
  });

  it.each([
    ['50076', 'a second factor'],
    ['53003', 'a condition of the organisation'],
  ])('whose refresh is answered with AADSTS%s (%s) needs attention, and mends when the person has given it', async (code) => {
    const tokens = await connect('office365', LEA);
    world.microsoft.setFor(LEA, { tokenError: Number(code) });
    expect(await connectedAfter(tokens, { hours: 2 })).toBe(false);
    world.microsoft.reset();
    expect(await connectedAfter(tokens, { minutes: 10 })).toBe(true);
  });

  it.each([['700082'], ['50173'], ['70008']])('whose refresh is answered with AADSTS%s has to connect again', async (code) => {
    const tokens = await connect('office365', LEA);
    world.microsoft.setFor(LEA, { tokenError: Number(code) });
    expect(await connectedAfter(tokens, { hours: 2 })).toBe(false);
    world.microsoft.reset();
    expect(await connectedAfter(tokens, { hours: 2 })).toBe(false);
  });

  it.each([['7000222'], ['7000215'], ['90033']])(
    'stays connected where AADSTS%s is nobody’s fault but ours or Microsoft’s',
    async (code) => {
      const tokens = await connect('office365', LEA);
      world.microsoft.setFor(LEA, { tokenError: Number(code) });
      expect(await connectedAfter(tokens, { hours: 2 })).toBe(true);
      await expect
        .poll(() => world.log.at(-1))
        .toMatchObject({ level: code === '90033' ? 'warn' : 'error', hint: expect.stringContaining(code) });
    },
  );

  it('is renewed with the newest refresh token each time', async () => {
    const tokens = await connect('office365', LEA);
    for (const round of [1, 2, 3]) {
      world.clock.pass({ hours: 2 });
      const { body } = await server.refresh(tokens.refresh_token);
      expect([round, (await firstProfile(body.access_token))?.profile_connected]).toEqual([round, true]);
      await expect.poll(() => world.microsoft.liveRefreshTokens(LEA)).toBe(1 + round);
    }
  });
});
