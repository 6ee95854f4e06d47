import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goThroughGoogle } from './support/consent.ts';
import { textOf } from './support/html.ts';
import { ADDRESS, createNoAccessWorld, NO_ACCESS, type NoAccessWorld, otherThan, typeAddress, typeCode } from './support/no-access.ts';
import { openPage } from './support/partner-page.ts';
import { authorizePath, createPartnerServer } from './support/partner-server.ts';

let here: NoAccessWorld;
beforeEach(async () => {
  here = await createNoAccessWorld();
});
afterEach(() => here.close());

const minutes = (n: number) => here.world.clock.pass({ minutes: n });

describe('who shares no calendar', () => {
  it('is told what that means, proves an address by the code from the mail, and is connected', async () => {
    const { browser, session, form } = await here.begin();
    expect(form.url.pathname).toBe(`/connect/address/${session.id}`);
    expect(textOf(form.text)).toContain('Planner sees nothing of your calendar and changes nothing in it.');
    expect(textOf(form.text)).toContain('takes you to be free at all other times');
    expect(await session.poll()).toMatchObject({ state: 'needs_credentials' });

    const codeForm = await browser.submit(form, { type: { email: ` ${ADDRESS} ` }, press: 'Continue' });
    expect(codeForm.url.pathname).toBe(`/connect/address/${session.id}/code`);
    expect(textOf(codeForm.text)).toContain(`A code of six digits was sent to ${ADDRESS}`);
    const code = await here.codeOfMail();
    expect(here.server().mails).toMatchObject([{ to: [ADDRESS], from: 'calendars@acme.example' }]);

    const end = await typeCode({ browser }, codeForm, ` ${code.slice(0, 3)}-${code.slice(3)} `);
    expect(end.url.pathname).toBe(`/connect/relay/${session.id}`);
    expect(textOf(end.text)).toContain('Your e-mail address is confirmed');
    expect(await session.poll()).toMatchObject({ state: 'connected', access_mode: 'no_access' });
  });

  it('has a profile without a provider, and one calendar that is with us', async () => {
    const tokens = await here.redeem(await here.connect());
    expect(tokens.linking_profile).toEqual({
      provider_name: 'cronofy',
      provider_service: 'cronofy',
      profile_id: expect.stringMatching(/^pro_/),
      profile_name: ADDRESS,
    });
    minutes(30);
    const { body } = await createPartnerServer(here.world).userinfo(tokens.access_token);
    expect(body).toMatchObject({ sub: tokens.account_id, email: ADDRESS });
    expect(body['cronofy.data'].profiles).toMatchObject([
      {
        provider_name: 'cronofy',
        provider_service: 'cronofy',
        profile_connected: true,
        profile_calendars: [
          {
            calendar_name: ADDRESS,
            calendar_primary: true,
            calendar_readonly: false,
            calendar_deleted: false,
            calendar_integrated_conferencing_available: false,
          },
        ],
      },
    ]);
  });

  it('is the same account with the same profile when they come again, however they write it', async () => {
    const first = await here.redeem(await here.connect());
    const again = await here.redeem(await here.connect(ADDRESS.toUpperCase()));
    expect([again.account_id, again.linking_profile.profile_id]).toEqual([first.account_id, first.linking_profile.profile_id]);
  });

  it('is somebody else with another address, also one that differs behind a plus: not every mail server takes both for one mailbox', async () => {
    const first = await here.redeem(await here.connect('amira@nowhere.example'));
    const other = await here.redeem(await here.connect('amira+work@nowhere.example'));
    expect(other.account_id).not.toBe(first.account_id);
  });

  it('is whom the partner’s server named, with a profile for each address', async () => {
    const named = await createPartnerServer(here.world).mint({ end_user: { id: 'user-17', name: 'Amira' } });
    const page = openPage(here.world);
    const session = await page.claim(named.session);
    const confirmation = await session.start(NO_ACCESS);
    expect(textOf(confirmation.text)).toContain('Amira');
    const form = await page.browser.submit(confirmation, { press: 'Continue' });
    const proving = { browser: page.browser, session, form };
    await typeCode(proving, await typeAddress(proving, ADDRESS), await here.codeOfMail());
    const mine = await here.redeem(session);
    const anonymous = await here.redeem(await here.connect());
    expect(anonymous.account_id).not.toBe(mine.account_id);
  });

  it('comes back with a code where the partner sent them to the hosted page', async () => {
    const browser = here.world.browser();
    const form = await browser.visit(here.world.publicUrl + authorizePath(here.world, { provider_name: 'cronofy' }));
    expect(form.url.pathname).toMatch(/^\/connect\/address\/ses_/);
    const codeForm = await browser.submit(form, { type: { email: ADDRESS }, press: 'Continue' });
    const onward = await typeCode({ browser }, codeForm, await here.codeOfMail());
    expect(textOf(onward.text)).toContain('Going on to Planner');
    const back = await browser.visit(`${here.world.publicUrl}${form.url.pathname.replace('address', 'relay')}`);
    expect(back.url.searchParams.get('state')).toBe('state-1');
    const { status, body } = await createPartnerServer(here.world).redeem(back.url.searchParams.get('code') ?? '', {
      redirect_uri: back.url.origin + back.url.pathname,
    });
    expect([status, body.linking_profile.provider_name]).toEqual([200, 'cronofy']);
  });

  it('leaves nothing behind when the partner revokes it', async () => {
    const tokens = await here.redeem(await here.connect());
    await createPartnerServer(here.world).revoke({ token: tokens.refresh_token });
    expect((await createPartnerServer(here.world).userinfo(tokens.access_token)).status).toBe(401);
    await expect
      .poll(() =>
        here.world.database.execute(
          'select status, calendars_sealed, credential_sealed from profiles left join credentials on profile_id = profiles.id',
        ),
      )
      .toEqual([{ status: 'revoked', calendars_sealed: null, credential_sealed: null }]);
  });

  it('goes on in the newest window, whichever way they chose there', async () => {
    const { browser, session, form } = await here.begin();
    const atGoogle = await session.start();
    expect(textOf((await browser.visit(form.url)).text)).toContain('Go on in the other window');
    const anew = await session.start(NO_ACCESS);
    expect(anew.url.pathname).toBe(`/connect/address/${session.id}`);
    const late = await goThroughGoogle(browser, atGoogle);
    expect(late.url.pathname).toBe('/connect/callback/google');
    expect(await session.poll()).toMatchObject({ state: 'needs_credentials' });
  });

  it('sees the application’s colour, and where it says what it does with calendars, on both pages', async () => {
    const branding = { accentColor: '#0a7f5c', privacyUrl: 'https://planner.example/privacy' };
    await here.world.connect.applications.update(here.world.application.clientId, { branding });
    const { form, codeForm } = await here.beginWith();
    for (const { text } of [form, codeForm]) {
      expect(text).toContain('#0a7f5c');
      expect(text).toContain('href="https://planner.example/privacy"');
    }
  });

  it('may cancel on either page', async () => {
    const first = await here.begin();
    const end = await first.browser.submit(first.form, { press: 'Cancel' });
    expect(textOf(end.text)).toContain('Nothing was connected');
    expect(await first.session.poll()).toMatchObject({ state: 'declined' });
    const second = await here.beginWith();
    await second.browser.submit(second.codeForm, { press: 'Cancel' });
    expect(await second.session.poll()).toMatchObject({ state: 'declined' });
    expect(await here.world.database.execute('select session_id from address_checks')).toEqual([]);
  });
});

describe('an address', () => {
  it.each(['', 'amira', 'amira@', 'a@b@c.example', 'amira@nowhere.example, jonas@nowhere.example', '<script>alert(1)</script>@x.example'])(
    'is asked for again where somebody types %j, which stays in the field',
    async (email) => {
      const proving = await here.begin();
      const again = await typeAddress(proving, email);
      expect(again.status).toBe(200);
      expect(textOf(again.text)).toContain('This is not an e-mail address.');
      expect(again.text).toContain('aria-describedby="email-problem email-hint"');
      expect(again.text).not.toContain('<script>alert');
      const codeForm = await proving.browser.submit(again, { type: { email: ADDRESS }, press: 'Continue' });
      expect(codeForm.url.pathname).toMatch(/\/code$/);
      expect(await here.codeOfMail()).toMatch(/^\d{6}$/);
      expect(here.server().attempts()).toBe(1);
    },
  );

  it('never stands in the field because somebody put it into the link', async () => {
    const { browser, form } = await here.begin();
    const visited = await browser.visit(`${form.url.href}?email=mallory@evil.example`);
    expect(visited.text).not.toContain('mallory');
  });

  it('can be typed anew; the code that went to the first one then proves nothing', async () => {
    const proving = await here.beginWith('first@nowhere.example');
    const first = await here.codeOfMail();
    const form = await proving.browser.submit(proving.codeForm, { press: 'Use another address' });
    expect(form.text).not.toContain('first@nowhere.example');
    const codeForm = await typeAddress({ ...proving, form }, 'second@nowhere.example');
    const second = await here.codeOfMail(2);
    if (first !== second) {
      const again = await typeCode(proving, codeForm, first);
      expect(textOf(again.text)).toContain('This is not the code.');
      await typeCode(proving, again, second);
    } else await typeCode(proving, codeForm, second);
    expect((await here.redeem(proving.session)).linking_profile.profile_name).toBe('second@nowhere.example');
  });

  it('is answered the same whether an account has it, nobody does, or the mail server knows no such mailbox', async () => {
    await here.connect('known@nowhere.example');
    here.server().refuses('to', { code: 550, words: '5.1.1 no such mailbox' });
    const answers: string[] = [];
    for (const email of ['bounce@nowhere.example', 'known@nowhere.example', 'fresh@nowhere.example']) {
      const { codeForm, session } = await here.beginWith(email);
      const shown = [...codeForm.headers].filter(([name]) => name !== 'set-cookie' && name !== 'content-security-policy');
      const text = codeForm.text
        .replaceAll(email, '')
        .replaceAll(session.id, '')
        .replaceAll(/(nonce|value)="[\w-]{43}"/g, '');
      answers.push(JSON.stringify([codeForm.status, shown, text]));
      await expect
        .poll(() => here.world.log.filter(({ event }) => event === 'mail_sent' || event === 'mail_refused').length)
        .toBe(answers.length + 1);
    }
    expect(new Set(answers).size).toBe(1);
    expect(here.world.log.filter(({ event }) => event === 'mail_refused')).toHaveLength(1);
  });

  it('and its code are in no log and no address, and in the database only sealed', async () => {
    const { session, codeForm, browser } = await here.beginWith();
    const code = await here.codeOfMail();
    const stored = await here.world.database.contents();
    await typeCode({ browser }, codeForm, otherThan(code));
    expect(stored.toLowerCase()).not.toContain('amira.haddad');
    const [row] = await here.world.database.execute('select email_sealed, code_sealed from address_checks');
    expect(JSON.stringify(row)).not.toContain(code);
    const work = await here.world.database.execute('select payload_json from work_items');
    expect(JSON.stringify(work)).not.toMatch(new RegExp(code));
    expect(JSON.stringify(here.world.log).toLowerCase()).not.toMatch(/amira|nowhere\.example/);
    expect(JSON.stringify(here.world.log)).not.toContain(code);
    expect(here.world.log).toContainEqual({ level: 'info', event: 'mail_sent', about: 'address_code', session: session.id });
  });
});
