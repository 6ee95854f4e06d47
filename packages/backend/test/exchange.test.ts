import type { Offer } from '@calendar-connect/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import {
  AMIRA,
  createExchangeWorld,
  type ExchangeWorld,
  JONAS,
  KIM,
  LEA,
  OTTO,
  SAM,
  SERVER_ALONE,
  typePassword,
} from './support/exchange.ts';
import { onwardLink, textOf } from './support/html.ts';
import { openPage, type PageSession } from './support/partner-page.ts';
import { authorizePath, createPartnerServer } from './support/partner-server.ts';

let here: ExchangeWorld;
afterEach(() => here.close());

describe('somebody whose calendar is on Exchange', () => {
  it('connects by e-mail and password alone, and sees before where the password goes', async () => {
    here = await createExchangeWorld();
    const { browser, session, form } = await here.begin();
    expect(form.url.pathname).toBe(`/connect/credentials/${session.id}`);
    expect(form.text).not.toMatch(/<details[^>]*open/);
    expect(await session.poll()).toMatchObject({ state: 'needs_credentials', provider: 'exchange' });

    const asking = await browser.submit(form, { type: { email: ` ${OTTO.address} ` }, press: 'Continue' });
    expect(textOf(asking.text)).toContain('Your password goes to mail.corp.example');
    expect(here.told()).toEqual([]);

    const end = await typePassword({ browser, session, form: asking }, OTTO.password);
    expect(textOf(end.text)).toContain('Your calendar is connected');
    expect(await session.poll()).toMatchObject({ state: 'connected', access_mode: 'full' });
    expect(here.told()).toEqual(['mail.corp.example']);
    expect((await here.redeem(session)).linking_profile).toMatchObject({
      provider_name: 'exchange',
      provider_service: 'exchange',
      profile_name: OTTO.address,
    });
  });

  it('gives the server’s address where it is not found, and is connected there', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE });
    const lost = await here.find({ email: OTTO.address });
    expect(textOf(lost.form.text)).toContain('No Exchange server was found for this e-mail address');
    expect(textOf(lost.form.text)).toContain('Code for support: server_not_found');
    expect(lost.form.text).toMatch(/<details[^>]*open/);
    expect(lost.form.text).toContain(`value="${OTTO.address}"`);
    const asking = await lost.browser.submit(lost.form, {
      type: { server_address: 'https://mail.corp.example/owa/#path=/mail' },
      press: 'Continue',
    });
    expect(textOf(asking.text)).toContain('Your password goes to mail.corp.example , as you said.');
    await typePassword({ ...lost, form: asking }, OTTO.password);
    const status = await lost.session.poll();
    expect(status).toMatchObject({ state: 'connected' });
    // What was wrong before is not what it ends with.
    expect(status).not.toHaveProperty('reason');
  });

  it('signs in as DOMAIN\\user where the address is no user name', async () => {
    here = await createExchangeWorld();
    const asking = await here.find({ email: AMIRA.address });
    const end = await typePassword(asking, AMIRA.password, AMIRA.userName);
    expect(textOf(end.text)).toContain('Your calendar is connected');
    expect((await here.redeem(asking.session)).linking_profile.profile_name).toBe(AMIRA.address);
  });

  it('needs only e-mail and password after a colleague has given server and user name', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE });
    await here.connect({ email: KIM.address, server_address: 'mail.corp.example' }, KIM);
    const asking = await here.find({ email: SAM.address });
    expect(textOf(asking.form.text)).toContain('Your password goes to mail.corp.example , which colleagues of yours use.');
    expect(textOf(asking.form.text)).toContain('You sign in as CORP\\sam');
    const end = await typePassword(asking, SAM.password);
    expect(textOf(end.text)).toContain('Your calendar is connected');
    expect((await here.redeem(asking.session)).linking_profile.profile_name).toBe(SAM.address);
  });

  it('is asked for their own user name, with its beginning, where a colleague’s had nothing of the address', async () => {
    here = await createExchangeWorld();
    await here.connect({ email: AMIRA.address }, AMIRA);
    const asking = await here.find({ email: JONAS.address });
    expect(asking.form.text).toContain('value="CORP\\"');
    const refused = await typePassword(asking, JONAS.password, '');
    expect(textOf(refused.text)).toContain('Write the user name that you sign in to Windows with');
    await typePassword({ ...asking, form: refused }, JONAS.password, JONAS.userName);
    expect(await asking.session.poll()).toMatchObject({ state: 'connected' });
  });

  it('shares free/busy alone in that mode, and has its own names', async () => {
    here = await createExchangeWorld();
    const session = await connectFreeBusy();
    expect(await session.poll()).toMatchObject({ state: 'connected', access_mode: 'free_busy' });
    const names = { provider_name: 'exchange_free_busy', provider_service: 'exchange_free_busy' };
    expect((await here.redeem(session)).linking_profile).toMatchObject(names);
  });

  it('whose mailbox is in Exchange Online goes on with Microsoft 365, and no password is asked for', async () => {
    here = await createExchangeWorld();
    const asking = await here.find({ email: LEA.address });
    expect(textOf(asking.form.text)).toContain('This mailbox is in Microsoft 365.');
    expect(asking.form.text).not.toContain('type="password"');
    const onward = await asking.browser.submit(asking.form, { press: 'Go on with Microsoft' });
    expect(onwardLink(onward.text)).toContain('/oauth2/v2.0/authorize');
    expect(await asking.session.poll()).toMatchObject({ state: 'at_provider', provider: 'microsoft' });
    expect(here.told()).toEqual([]);
  });

  it('comes back with a code where the partner sent them to the hosted page', async () => {
    here = await createExchangeWorld();
    const browser = here.world.browser();
    const form = await browser.visit(here.world.publicUrl + authorizePath(here.world, { provider_name: 'exchange' }));
    expect(form.url.pathname).toMatch(/^\/connect\/credentials\/ses_/);
    const asking = await browser.submit(form, { type: { email: OTTO.address }, press: 'Continue' });
    const onward = await browser.submit(asking, { type: { password: OTTO.password }, press: 'Sign in' });
    expect(textOf(onward.text)).toContain('Going on to Planner');
    const back = await browser.visit(`${here.world.publicUrl}${form.url.pathname.replace('credentials', 'relay')}`);
    const { status, body } = await createPartnerServer(here.world).redeem(back.url.searchParams.get('code') ?? '', {
      redirect_uri: back.url.origin + back.url.pathname,
    });
    expect([status, body.linking_profile.provider_name]).toEqual([200, 'exchange']);
  });

  it('is the same account with the same profile when they come again, and by another of their addresses', async () => {
    here = await createExchangeWorld();
    const first = await here.redeem(await here.connect({ email: AMIRA.address }, AMIRA));
    const again = await here.redeem(await here.connect({ email: 'Amira.Haddad@corp.example' }, AMIRA));
    expect([again.account_id, again.linking_profile.profile_id]).toEqual([first.account_id, first.linking_profile.profile_id]);
  });

  it('changes the mode of the same profile', async () => {
    here = await createExchangeWorld();
    const first = await here.redeem(await here.connect({ email: OTTO.address }, OTTO));
    const { browser, session, form } = await here.begin({ accessMode: 'free_busy' });
    const asking = await browser.submit(form, { type: { email: OTTO.address }, press: 'Continue' });
    await typePassword({ browser, session, form: asking }, OTTO.password);
    const again = await here.redeem(session);
    expect(again.linking_profile.profile_id).toBe(first.linking_profile.profile_id);
  });

  it('may cancel on each page, and then nothing is kept of them', async () => {
    here = await createExchangeWorld();
    const first = await here.begin();
    await first.browser.submit(first.form, { press: 'Cancel' });
    expect(await first.session.poll()).toMatchObject({ state: 'declined' });
    const second = await here.find({ email: OTTO.address });
    const end = await second.browser.submit(second.form, { press: 'Cancel' });
    expect(textOf(end.text)).toContain('Nothing was connected');
    expect(await second.session.poll()).toMatchObject({ state: 'declined' });
    expect(await here.world.database.execute('select session_id from password_sign_ins')).toEqual([]);
  });

  it('changes address or server, and begins anew with both', async () => {
    here = await createExchangeWorld();
    const asking = await here.find({ email: OTTO.address });
    const changing = await asking.browser.submit(asking.form, { press: 'Change' });
    expect(changing.text).toContain(`value="${OTTO.address}"`);
    const other = await asking.browser.submit(changing, { type: { email: SAM.address }, press: 'Continue' });
    expect(other.text).toContain(`value="${SAM.address}"`);
  });

  it('chooses Google in another window, and what they type here connects nothing any longer', async () => {
    here = await createExchangeWorld();
    const page = openPage(here.world);
    const asking = await here.find({ email: OTTO.address }, page);
    await asking.session.start({ provider: 'google' });
    await typePassword(asking, OTTO.password);
    expect(await asking.session.poll()).toMatchObject({ state: 'at_provider', provider: 'google' });
    expect(here.told()).toEqual([]);
  });
});

/** Otto, who shares when he is busy. */
async function connectFreeBusy(): Promise<PageSession> {
  const { browser, session, form } = await here.begin({ accessMode: 'free_busy' });
  const asking = await browser.submit(form, { type: { email: OTTO.address }, press: 'Continue' });
  await typePassword({ browser, session, form: asking }, OTTO.password);
  return session;
}

/** What Exchange was asked by somebody who was logged in, in order, since this was asked before. */
function operationsOfOtto(): readonly string[] {
  const { control } = here.emulator;
  const asked = control.requests.flatMap(({ person, operation }) => (person === OTTO.address ? [operation ?? 'none'] : []));
  control.clearRequests();
  return asked;
}

describe('free/busy mode, where a password opens the whole mailbox', () => {
  const PROMISE = 'That nothing else is fetched or kept, besides whose mailbox it is, is a promise of this service.';
  const OPERATIONS = ['GetFolder', 'ConvertId', 'GetUserAvailability'];

  it('says so in the hosted chooser, once and at that mode, and in what the element shows', async () => {
    here = await createExchangeWorld();
    const { text } = await here.world.browser().visit(here.world.publicUrl + authorizePath(here.world));
    const parts = text.split('class="option"').filter((part) => textOf(part).includes(PROMISE));
    expect(parts).toHaveLength(1);
    const [part = ''] = parts;
    expect(part).toContain('id="mode-free_busy-label"');
    expect(textOf(part.slice(part.indexOf('<div data-providers="exchange"')))).toContain(PROMISE);
    const { body } = await openPage(here.world).ask<Offer>('GET', '/connect/offer');
    const modes = body.providers.find(({ id }) => id === 'exchange')?.access_modes;
    expect(modes?.filter(({ note }) => note?.includes(PROMISE))).toMatchObject([{ access_mode: 'free_busy', scopes: OPERATIONS }]);
  });

  it('asks for the availability view, whose mailbox it is, and nothing else', async () => {
    here = await createExchangeWorld();
    const tokens = await here.redeem(await connectFreeBusy());
    expect(operationsOfOtto()).toEqual(['GetFolder', 'ConvertId']);
    await createPartnerServer(here.world).userinfo(tokens.access_token);
    const get = (path: string): Promise<Response> =>
      here.world.request(path, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect((await get('/v1/calendars')).status).toBe(200);
    expect(operationsOfOtto()).toEqual([]);
    const times = '?from=2026-11-03&to=2026-11-10&tzid=Etc/UTC';
    expect((await get(`/v1/free_busy${times}`)).status).toBe(200);
    expect(operationsOfOtto()).toEqual(['GetUserAvailability']);
    await get(`/v1/events${times}`);
    expect(operationsOfOtto()).toEqual([]);
    // Whoever is refused is logged in once more before the profile is given up.
    here.emulator.control.addFault({ group: 'ews', ewsCode: 'ErrorPasswordExpired', times: 1 });
    expect((await get(`/v1/free_busy${times}`)).status).toBe(200);
    expect(operationsOfOtto()).toEqual(['GetUserAvailability', 'GetFolder', 'GetUserAvailability']);
  });
});
