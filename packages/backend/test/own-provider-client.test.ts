import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callbackFromGoogle } from './support/consent.ts';
import { onwardLink, textOf } from './support/html.ts';
import { openPage, type PageSession } from './support/partner-page.ts';
import { createPartnerServer } from './support/partner-server.ts';
import { createWorld, GOOGLE_CLIENT, JONAS, type World } from './support/world.ts';

const OWN = { clientId: '999-partner.apps.googleusercontent.com', clientSecret: 'GOCSPX-the-partners-own-secret' };

let world: World;
beforeEach(async () => {
  world = await createWorld({ database: 'file' });
  world.google.addClient({ ...OWN, redirectUris: [`${world.publicUrl}/connect/callback/google`], appName: 'Acme Scheduler' });
});
afterEach(() => world.close());

const useOwn = () => world.connect.applications.setProviderClient(world.application.clientId, { provider: 'google', ...OWN });

/** The `client_id` that a session takes to Google. */
async function clientAtGoogle(session: PageSession): Promise<string | null> {
  const page = await session.start();
  return new URL(onwardLink(page.text) ?? page.url).searchParams.get('client_id');
}

async function connectAs(account: string): Promise<{ refreshToken: string }> {
  const session = await openPage(world).mint();
  await session.connect({ account });
  const { body } = await session.exchange((await session.poll()).code);
  const redeemed = await createPartnerServer(world).redeem(body.receipt);
  return { refreshToken: redeemed.body.refresh_token };
}

describe('an application with a client of its own at Google', () => {
  it('is named on the consent screen, from the next session on, and no other application is', async () => {
    const page = openPage(world);
    expect(await clientAtGoogle(await page.mint())).toBe(GOOGLE_CLIENT.clientId);
    await useOwn();
    const session = await openPage(world).mint();
    expect(await clientAtGoogle(session)).toBe(OWN.clientId);
    const other = await world.register({ name: 'Other' });
    expect(await clientAtGoogle(await openPage(world, { clientId: other.clientId }).mint())).toBe(GOOGLE_CLIENT.clientId);
    const again = openPage(world);
    const atGoogle = await again.browser.visit(onwardLink((await (await again.mint()).start()).text) ?? '');
    const consent = await again.browser.submit(atGoogle, { press: JONAS });
    expect(textOf(consent.text)).toContain('Acme Scheduler');
  });

  it('connects by it: the code is exchanged with its secret', async () => {
    await useOwn();
    const session = await openPage(world).mint();
    await session.connect();
    expect(await session.poll()).toMatchObject({ state: 'connected' });
  });

  it('is obeyed by a session that was opened before, when the person goes to Google', async () => {
    const session = await openPage(world).mint();
    await useOwn();
    expect(await clientAtGoogle(session)).toBe(OWN.clientId);
  });

  it('goes on with the operator’s for connections that were made with it, and with its own once that is removed', async () => {
    const before = await connectAs(JONAS);
    await useOwn();
    const after = await connectAs('amira@partner.example');
    await world.connect.applications.removeProviderClient(world.application.clientId, 'google');
    world.clock.pass({ hours: 2 });
    world.google.clearRequests();
    const server = createPartnerServer(world);
    for (const { refreshToken } of [before, after]) await server.userinfo((await server.refresh(refreshToken)).body.access_token);
    const renewals = () => world.google.requests.filter(({ path }) => path === '/token').map(({ status }) => status);
    await vi.waitFor(() => expect(renewals()).toEqual([200, 200]));
    expect(await clientAtGoogle(await openPage(world).mint())).toBe(GOOGLE_CLIENT.clientId);
    expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('stays connected by another one of the same project, for which Google keeps one grant with the former', async () => {
    const next = { ...OWN, clientId: OWN.clientId.replace('partner', 'partner-2') };
    world.google.addClient({ ...next, redirectUris: [`${world.publicUrl}/connect/callback/google`], appName: 'Acme Scheduler' });
    await useOwn();
    await connectAs(JONAS);
    await world.connect.applications.setProviderClient(world.application.clientId, { provider: 'google', ...next });
    await connectAs(JONAS);
    expect(world.google.liveRefreshTokens(JONAS)).toBeGreaterThan(0);
    // Only with the client of another project nothing of theirs is left that has to live.
    await world.connect.applications.removeProviderClient(world.application.clientId, 'google');
    await connectAs(JONAS);
    await vi.waitFor(() => expect(world.google.liveRefreshTokens(JONAS)).toBe(1));
    expect(world.askedGoogle('/revoke')).toBe(1);
  });

  it('keeps the exchange of who is at Google just then, when its client changes', async () => {
    const page = openPage(world);
    const session = await page.mint();
    const callback = await callbackFromGoogle(page.browser, await session.start());
    await useOwn();
    await page.browser.visit(callback.href);
    expect(await session.poll()).toMatchObject({ state: 'connected' });
  });

  it('has its secret sealed, and in no log', async () => {
    await useOwn();
    await connectAs(JONAS);
    expect(await world.database.contents()).toContain(OWN.clientId);
    expect(await world.database.contents()).not.toContain(OWN.clientSecret);
    expect(JSON.stringify(world.log)).not.toContain(OWN.clientSecret);
  });

  it('fails as the operator’s would with a secret that is wrong, and nothing is connected', async () => {
    await world.connect.applications.setProviderClient(world.application.clientId, { provider: 'google', ...OWN, clientSecret: 'wrong' });
    const session = await openPage(world).mint();
    await session.connect();
    expect(await session.poll()).toMatchObject({ state: 'failed', reason: 'provider_misconfigured' });
  });
});
