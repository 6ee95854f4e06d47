import type { ExchangeEmulatorOptions, ExchangeHostSeed } from '@calendar-connect/emulators';
import { afterEach, describe, expect, it } from 'vitest';
import { createExchangeWorld, type ExchangeWorld, KIM, OTTO, SERVER_ALONE, typePassword } from './support/exchange.ts';
import { textOf } from './support/html.ts';

let here: ExchangeWorld;
afterEach(() => here.close());

const EWS = 'https://mail.corp.example/EWS/Exchange.asmx';
const BASIC_ALONE = { kind: 'exchange', authentication: { ews: ['basic'], autodiscover: ['basic'] } } as const;

/** What an operator says of a server. */
async function addServer(ewsUrl: string): Promise<void> {
  await here.world.database.execute(
    `insert into domain_servers (application_id, provider, mail_domain, ews_url, state, vouched_by, user_name_form, offers_ntlm, evidence,
      first_used_at, last_used_at) values ('${here.world.application.clientId}', 'exchange', 'corp.example', '${ewsUrl}', 'usable', 'operator',
      'address', 0, 'added by the operator', 1, 1)`,
  );
}

/** A way to a server, and the host that would get the password. */
const WAYS: readonly (readonly [string, ExchangeEmulatorOptions, Readonly<Record<string, string>>, string])[] = [
  ['was typed', { hosts: SERVER_ALONE }, { server_address: 'mail.corp.example' }, 'mail.corp.example'],
  ['is named by Autodiscover', {}, {}, 'mail.corp.example'],
  ['has to be asked for its address', { version: '2010' }, {}, 'autodiscover.corp.example'],
];

describe('a server that offers NTLM when it is looked for, and Basic alone when the password is typed,', () => {
  it.each(WAYS)('gets no password: it %s', async (_way, organisation, typed, host) => {
    here = await createExchangeWorld(organisation);
    const asking = await here.find({ email: OTTO.address, ...typed });
    expect(textOf(asking.form.text)).toContain(`Your password goes to ${host}`);
    here.emulator.control.setHost({ name: host, https: BASIC_ALONE });
    expect(textOf((await typePassword(asking, OTTO.password)).text)).toContain('in a way that is not safe. It was not sent.');
    expect(here.told()).toEqual([]);
    expect(await asking.session.poll()).toMatchObject({ reason: 'login_unsafe' });
  });

  it('gets no password where the operator named it', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE });
    await addServer(EWS);
    const asking = await here.find({ email: OTTO.address });
    here.emulator.control.setHost({ name: 'mail.corp.example', https: BASIC_ALONE });
    await typePassword(asking, OTTO.password);
    expect(here.told()).toEqual([]);
    expect(await asking.session.poll()).toMatchObject({ reason: 'login_unsafe' });
  });

  it('gets it where it offered Basic alone when it was looked for, too', async () => {
    here = await createExchangeWorld({ hosts: [{ name: 'mail.corp.example', https: BASIC_ALONE }] });
    const asking = await here.find({ email: OTTO.address, server_address: 'mail.corp.example' });
    await typePassword(asking, OTTO.password);
    expect(await asking.session.poll()).toMatchObject({ state: 'connected' });
  });
});

describe('a server of somebody else’s that the operator allows when it is looked for, and no longer when the password is typed,', () => {
  const HOSTER: ExchangeHostSeed = { name: 'ex.hoster.example' };
  const takeBack = () => here.world.database.execute('delete from domain_servers');

  it.each([
    ['was known', {}],
    ['was typed', { server_address: 'ex.hoster.example' }],
  ] as const)('gets the password after the person’s yes alone: it %s', async (_how, typed) => {
    here = await createExchangeWorld({ hosts: [HOSTER] });
    await addServer('https://ex.hoster.example/EWS/Exchange.asmx');
    const asking = await here.find({ email: KIM.address, ...typed });
    expect(asking.form.text).toContain('type="password"');
    await takeBack();
    const asked = await typePassword(asking, KIM.password, KIM.userName);
    expect(textOf(asked.text)).toContain('ex.hoster.example , which belongs to somebody else');
    expect(asked.text).not.toContain('type="password"');
    expect(here.told()).toEqual([]);
  });

  it('gets it then, where the person has typed it and says yes', async () => {
    here = await createExchangeWorld({ hosts: [HOSTER] });
    await addServer('https://ex.hoster.example/EWS/Exchange.asmx');
    const asking = await here.find({ email: KIM.address, server_address: 'ex.hoster.example' });
    await takeBack();
    const asked = await typePassword(asking, KIM.password, KIM.userName);
    const form = await asking.browser.submit(asked, { press: 'Yes, use ex.hoster.example' });
    expect(textOf(form.text)).toContain('ex.hoster.example does not belong to corp.example.');
    await typePassword({ ...asking, form }, KIM.password, KIM.userName);
    expect(await asking.session.poll()).toMatchObject({ state: 'connected' });
  });
});
