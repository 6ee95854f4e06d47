import { afterEach, describe, expect, it } from 'vitest';
import { AMIRA, createExchangeWorld, type ExchangeWorld, OTTO, SERVER_ALONE, typePassword } from './support/exchange.ts';
import { textOf } from './support/html.ts';
import { openPage, type PageSession } from './support/partner-page.ts';
import { createPartnerServer } from './support/partner-server.ts';

let here: ExchangeWorld;
afterEach(() => here.close());

it('keeps the password out of the database, the log, every address and every page (L02)', async () => {
  here = await createExchangeWorld();
  const asking = await here.find({ email: OTTO.address, server_address: 'mail.corp.example' });
  const refused = await typePassword(asking, 'a-first-password-that-is-wrong');
  const during = await here.world.database.contents();
  const end = await typePassword({ ...asking, form: refused }, OTTO.password);
  const after = await here.world.database.contents();
  // What is looked for would be found if it were there.
  expect(during).toContain(asking.session.id);
  expect(after).toContain('mail.corp.example');
  for (const password of ['a-first-password-that-is-wrong', OTTO.password]) {
    for (const bytes of [during, after]) expect(bytes).not.toContain(password);
    expect(JSON.stringify(here.world.log)).not.toContain(password);
    for (const page of [asking.form, refused, end]) expect([page.text, page.url.href].join()).not.toContain(password);
  }
  // Nor is the address of whoever has not connected.
  expect(during).not.toContain(OTTO.address);
  expect(JSON.stringify(here.world.log)).not.toContain('@corp.example');
  expect(here.world.log).toContainEqual(expect.objectContaining({ event: 'connect_wrong_password', host: 'mail.corp.example' }));
});

it('answers every form with 303, and shows pages that nobody may frame, open or learn from', async () => {
  here = await createExchangeWorld();
  const { session, browser, form } = await here.begin();
  const policy = form.headers.get('content-security-policy') ?? '';
  for (const rule of ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
    expect(policy).toContain(rule);
  expect(form.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(form.headers.get('referrer-policy')).toBe('no-referrer');
  expect(form.headers.get('cache-control')).toBe('no-store');
  const ticket = /name="ticket" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
  const answer = await here.world.request(`/connect/credentials/${session.id}`, {
    method: 'POST',
    headers: { cookie: browser.cookiesFor(form.url) },
    body: new URLSearchParams({ ticket, email: OTTO.address, choice: 'find' }),
  });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, form.url.href]);
});

it('names its fields as password managers know them, and no field asks them to remember the server', async () => {
  here = await createExchangeWorld();
  const asking = await here.find({ email: OTTO.address });
  expect(asking.form.text).toMatch(/name="email"[^>]*autocomplete="username"/);
  expect(asking.form.text).toMatch(/name="password"[^>]*autocomplete="current-password"/);
  expect(asking.form.text).toMatch(/name="user_name"[^>]*autocomplete="off"/);
  expect(asking.form.text).not.toMatch(/name="password"[^>]*value=/);
});

describe('the page', () => {
  it('is shown to no other browser', async () => {
    here = await createExchangeWorld();
    const { form } = await here.begin();
    const stranger = await here.world.browser().visit(form.url);
    expect(stranger.text).not.toContain('name="ticket"');
  });

  it('takes no form without its ticket', async () => {
    here = await createExchangeWorld();
    const { session, browser, form } = await here.begin();
    const forged = new URLSearchParams({ email: OTTO.address, choice: 'find' });
    const cookie = browser.cookiesFor(form.url);
    await here.world.request(`/connect/credentials/${session.id}`, { method: 'POST', headers: { cookie }, body: forged });
    expect(here.emulator.control.lookups).toEqual([]);
  });

  it('is that of this session alone: none proves an address with it, and none signs in where an address is proven', async () => {
    here = await createExchangeWorld({}, { accessModes: ['full', 'free_busy', 'no_access'] });
    const { browser, form } = await here.begin();
    const proof = await browser.visit(form.url.href.replace('/credentials/', '/address/'));
    expect(proof.text).not.toContain('name="ticket"');
    expect((await browser.visit(form.url)).text).toContain('name="ticket"');
  });

  it('tries no password before it has looked for the server', async () => {
    here = await createExchangeWorld();
    const { session, browser, form } = await here.begin();
    const ticket = /name="ticket" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
    await here.world.request(`/connect/credentials/${session.id}`, {
      method: 'POST',
      headers: { cookie: browser.cookiesFor(form.url) },
      body: new URLSearchParams({ ticket, choice: 'sign_in', password: OTTO.password, email: OTTO.address }),
    });
    expect(here.told()).toEqual([]);
  });

  it('asks about no host that the search did not come upon', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE });
    const { session, browser, form } = await here.begin();
    const ticket = /name="ticket" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
    await here.world.request(`/connect/credentials/${session.id}`, {
      method: 'POST',
      headers: { cookie: browser.cookiesFor(form.url) },
      body: new URLSearchParams({ ticket, choice: 'allow', host: 'evil.example' }),
    });
    expect((await browser.visit(form.url)).text).not.toContain('evil.example');
    expect(here.emulator.control.lookups).toEqual([]);
  });
});

describe('whose mailbox it is', () => {
  it('says the server, and not the address that was typed: who types a colleague’s is still themselves', async () => {
    here = await createExchangeWorld();
    const asking = await here.find({ email: AMIRA.address });
    await typePassword(asking, OTTO.password, OTTO.userName);
    expect((await here.redeem(asking.session)).linking_profile.profile_name).toBe(OTTO.address);
  });

  it('is kept to where a session is for one profile', async () => {
    here = await createExchangeWorld();
    const server = createPartnerServer(here.world);
    const page = openPage(here.world);
    const goTo = async (session: PageSession, email: string) => {
      const confirmation = await session.start({ provider: 'exchange', accessMode: 'full' });
      const form = await page.browser.submit(confirmation, { press: 'Continue' });
      return page.browser.submit(form, { type: { email }, press: 'Continue' });
    };
    const first = await page.claim((await server.mint({ end_user: 'user-17' })).session);
    await typePassword({ browser: page.browser, session: first, form: await goTo(first, OTTO.address) }, OTTO.password);
    const { body: mine } = await first.exchange((await first.poll()).code);
    const session = await page.claim((await server.mint({ end_user: 'user-17', profile_id: mine.profile_id })).session);
    const asking = await goTo(session, AMIRA.address);
    const end = await typePassword({ browser: page.browser, session, form: asking }, AMIRA.password, AMIRA.userName);
    expect(textOf(end.text)).toContain(`This is another account than ${OTTO.address}`);
    expect(await session.poll()).toMatchObject({ state: 'failed', reason: 'wrong_account' });
  });
});

it('sends nothing of a login but to the server of the organisation: not to its web site, nor to whoever has the domain above', async () => {
  here = await createExchangeWorld({ version: '2010' });
  const asking = await here.find({ email: OTTO.address });
  expect(textOf(asking.form.text)).toContain('From there it may go on to the Exchange server of the same organisation.');
  await typePassword(asking, OTTO.password);
  expect(await asking.session.poll()).toMatchObject({ state: 'connected' });
  expect(here.told()).toEqual(['autodiscover.corp.example', 'mail.corp.example']);
  expect(here.emulator.control.lookups.filter(({ name }) => name === 'autodiscover.example')).toEqual([]);
  expect(here.emulator.control.requests.filter(({ hasPasswordInside }) => hasPasswordInside)).toEqual([]);
});

it('forgets the password when the partner revokes the connection', async () => {
  here = await createExchangeWorld();
  const tokens = await here.redeem(await here.connect({ email: OTTO.address }, OTTO));
  await createPartnerServer(here.world).revoke({ token: tokens.refresh_token });
  await expect
    .poll(() =>
      here.world.database.execute('select status, credential_sealed from profiles left join credentials on profile_id = profiles.id'),
    )
    .toEqual([{ status: 'revoked', credential_sealed: null }]);
});
