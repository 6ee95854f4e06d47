import type { ExchangeHostSeed } from '@calendar-connect/emulators';
import { afterEach, describe, expect, it } from 'vitest';
import { createExchangeWorld, type ExchangeWorld, KIM, OTTO, SAM, SERVER_ALONE, typePassword } from './support/exchange.ts';
import { textOf } from './support/html.ts';
import { openPage } from './support/partner-page.ts';

let here: ExchangeWorld;
afterEach(() => here.close());

const EWS = 'https://mail.corp.example/EWS/Exchange.asmx';
/** Nothing at the domain leads anywhere; the server is a hosting company's. */
const HOSTED: readonly ExchangeHostSeed[] = [{ name: 'ex.hoster.example' }];
/** Autodiscover leads, by plain http, to a hosting company. */
const REDIRECTED: readonly ExchangeHostSeed[] = [
  {
    name: 'autodiscover.corp.example',
    https: { kind: 'closed' },
    http: { kind: 'redirect', to: 'https://ex.hoster.example/autodiscover/autodiscover.xml' },
  },
  { name: 'ex.hoster.example' },
];
const AT_HOSTER = { version: '2010', hosts: REDIRECTED, ewsUrl: 'https://ex.hoster.example/EWS/Exchange.asmx' } as const;

describe('a server that somebody has signed in to', () => {
  it('is remembered where it is of the domain’s own, with the form of the user name and what shows it', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE });
    await here.connect({ email: KIM.address, server_address: 'mail.corp.example' }, KIM);
    expect(await here.remembered()).toMatchObject([
      {
        application_id: here.world.application.clientId,
        mail_domain: 'corp.example',
        ews_url: EWS,
        state: 'usable',
        vouched_by: 'domain',
        user_name_form: 'local_part',
        user_name_domain: 'CORP',
      },
    ]);
    expect(await here.world.database.execute('select evidence from domain_servers')).toEqual([
      { evidence: expect.stringMatching(/^typed, verified TLS, logged in by ntlm, Exchange 15\.1/) },
    ]);
  });

  it('is not remembered where the password was refused', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE });
    await here.connect({ email: KIM.address, server_address: 'mail.corp.example' }, { ...KIM, password: 'wrong' });
    expect(await here.remembered()).toEqual([]);
  });

  it('is not shown to people of another application', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE });
    await here.connect({ email: KIM.address, server_address: 'mail.corp.example' }, KIM);
    const other = await here.world.register({ name: 'Other' });
    const asked = await here.find({ email: SAM.address }, openPage(here.world, { clientId: other.clientId }));
    expect(textOf(asked.form.text)).toContain('No Exchange server was found');
  });

  it('is asked again before it is used, and where it is a web site now it is forgotten and looked for anew', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE });
    await here.connect({ email: KIM.address, server_address: 'mail.corp.example' }, KIM);
    const { control } = here.emulator;
    control.setHost({ name: 'mail.corp.example', https: { kind: 'website' } });
    control.setHost({ name: 'autodiscover.corp.example', addresses: ['93.184.216.9'] });
    control.setHost({ name: 'new.corp.example', addresses: ['93.184.216.10'] });
    control.clearRequests();
    control.setAutodiscover('@corp.example', { action: 'settings', externalEwsUrl: 'https://new.corp.example/EWS/Exchange.asmx' });
    const asked = await here.find({ email: SAM.address });
    expect(control.credentialsSentTo('mail.corp.example')).toEqual([]);
    expect(textOf(asked.form.text)).toContain('Your password goes to new.corp.example');
    expect(await here.remembered()).toEqual([]);
  });

  it('says what is wrong with it where nothing else leads anywhere, and keeps it: trouble may pass', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE });
    await here.connect({ email: KIM.address, server_address: 'mail.corp.example' }, KIM);
    here.emulator.control.setHost({ name: 'mail.corp.example', certificate: 'expired' });
    const asked = await here.find({ email: SAM.address });
    expect(textOf(asked.form.text)).toContain('The certificate of the Exchange server has expired, so your password was not sent.');
    expect(await here.remembered()).toHaveLength(1);
  });

  it('comes before one of the same domain that a colleague signs in to later', async () => {
    here = await createExchangeWorld({ hosts: [...SERVER_ALONE, { name: 'old.corp.example' }] });
    await here.connect({ email: KIM.address, server_address: 'mail.corp.example' }, KIM);
    here.world.clock.pass({ hours: 1 });
    await here.connect({ email: OTTO.address, server_address: 'old.corp.example' }, OTTO);
    expect(await here.remembered()).toHaveLength(2);
    expect(textOf((await here.find({ email: SAM.address })).form.text)).toContain('Your password goes to mail.corp.example');
  });

  it('leaves its place to the next one while it does not answer', async () => {
    here = await createExchangeWorld({ hosts: [...SERVER_ALONE, { name: 'new.corp.example' }] });
    await here.connect({ email: KIM.address, server_address: 'mail.corp.example' }, KIM);
    await here.connect({ email: OTTO.address, server_address: 'new.corp.example' }, OTTO);
    here.emulator.control.setHost({ name: 'mail.corp.example', https: { kind: 'closed' } });
    expect(textOf((await here.find({ email: SAM.address })).form.text)).toContain('Your password goes to new.corp.example');
    here.emulator.control.setHost({ name: 'mail.corp.example', https: { kind: 'exchange' } });
    expect(textOf((await here.find({ email: SAM.address })).form.text)).toContain('Your password goes to mail.corp.example');
  });

  it('is forgotten half a year after somebody used it last', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE });
    await here.connect({ email: KIM.address, server_address: 'mail.corp.example' }, KIM);
    here.world.clock.pass({ hours: 180 * 24 });
    const asked = await here.find({ email: SAM.address });
    expect(textOf(asked.form.text)).toContain('No Exchange server was found');
  });

  it('lasts as long as colleagues use it', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE });
    await here.connect({ email: KIM.address, server_address: 'mail.corp.example' }, KIM);
    here.world.clock.pass({ hours: 100 * 24 });
    await here.connect({ email: SAM.address }, { password: SAM.password });
    here.world.clock.pass({ hours: 100 * 24 });
    expect(textOf((await here.find({ email: KIM.address })).form.text)).toContain('which colleagues of yours use');
  });

  it('wants no password in the clear from a colleague where it offered better before', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE });
    await here.connect({ email: KIM.address, server_address: 'mail.corp.example' }, KIM);
    here.emulator.control.setHost({ name: 'mail.corp.example', https: { kind: 'exchange', authentication: { ews: ['basic'] } } });
    here.emulator.control.clearRequests();
    const asking = await here.find({ email: SAM.address });
    expect(textOf((await typePassword(asking, SAM.password)).text)).toContain('in a way that is not safe. It was not sent.');
    expect(here.told()).toEqual([]);
  });
});

describe('a server of somebody else’s', () => {
  it('that was typed waits for the operator, and colleagues need it until then', async () => {
    here = await createExchangeWorld({ hosts: HOSTED });
    const first = await here.find({ email: KIM.address, server_address: 'ex.hoster.example' });
    expect(textOf(first.form.text)).toContain('ex.hoster.example does not belong to corp.example.');
    await typePassword(first, KIM.password, KIM.userName);
    expect(await first.session.poll()).toMatchObject({ state: 'connected' });
    expect(await here.remembered()).toMatchObject([{ state: 'waiting', vouched_by: 'person' }]);
    expect(textOf((await here.find({ email: SAM.address })).form.text)).toContain('No Exchange server was found');
    await here.world.database.execute(`update domain_servers set state = 'usable', vouched_by = 'operator', expires_at = null`);
    const asking = await here.find({ email: SAM.address });
    expect(textOf(asking.form.text)).toContain('Your password goes to ex.hoster.example , which colleagues of yours use.');
    await typePassword(asking, SAM.password);
    expect(await asking.session.poll()).toMatchObject({ state: 'connected' });
    // What the operator has said stays as it is.
    expect(await here.remembered()).toMatchObject([{ state: 'usable', vouched_by: 'operator' }]);
  });

  it('that Autodiscover names gets the password after the person’s yes alone, and is remembered for nobody', async () => {
    here = await createExchangeWorld(AT_HOSTER);
    const asked = await here.find({ email: KIM.address });
    expect(textOf(asked.form.text)).toContain('The search for corp.example led to ex.hoster.example , which belongs to somebody else');
    expect(asked.form.text).not.toContain('type="password"');
    expect(here.told()).toEqual([]);
    const asking = await asked.browser.submit(asked.form, { press: 'Yes, use ex.hoster.example' });
    expect(textOf(asking.text)).toContain('Your password goes to ex.hoster.example');
    await typePassword({ ...asked, form: asking }, KIM.password, KIM.userName);
    expect(await asked.session.poll()).toMatchObject({ state: 'connected' });
    expect(await here.remembered()).toEqual([]);
    expect(textOf((await here.find({ email: SAM.address })).form.text)).toContain('Is this the server of your organisation?');
  });

  it('gets nothing after a no, and the person may name another', async () => {
    here = await createExchangeWorld(AT_HOSTER);
    const asked = await here.find({ email: KIM.address });
    const form = await asked.browser.submit(asked.form, { press: 'No' });
    expect(form.text).toMatch(/<details[^>]*open/);
    expect(here.told()).toEqual([]);
  });

  it('is used without a question where the operator has named it for that domain', async () => {
    here = await createExchangeWorld(AT_HOSTER);
    await here.connect({ email: KIM.address, server_address: 'ex.hoster.example' }, KIM);
    await here.world.database.execute(`update domain_servers set state = 'usable', vouched_by = 'operator', expires_at = null`);
    const asking = await here.find({ email: SAM.address });
    expect(asking.form.text).toContain('type="password"');
    const other = await here.find({ email: 'ann@other.example' });
    expect(textOf(other.form.text)).not.toContain('ex.hoster.example');
  });

  it('is another account than the domain’s own says, so that nobody becomes somebody else by a server of theirs', async () => {
    here = await createExchangeWorld({ hosts: [...SERVER_ALONE, ...HOSTED] });
    const real = await here.redeem(await here.connect({ email: OTTO.address, server_address: 'mail.corp.example' }, OTTO));
    here.world.clock.pass({ minutes: 30 });
    const claimed = await here.redeem(await here.connect({ email: OTTO.address, server_address: 'ex.hoster.example' }, OTTO));
    expect(claimed.account_id).not.toBe(real.account_id);
  });
});
