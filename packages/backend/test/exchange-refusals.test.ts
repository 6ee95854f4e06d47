import type { ExchangeHostSeed } from '@calendar-connect/emulators';
import { afterEach, describe, expect, it } from 'vitest';
import { exchange } from '../src/index.ts';
import { createConversations } from '../src/outbound/conversation.ts';
import { AMIRA, createExchangeWorld, type ExchangeWorld, OTTO, SERVER_ALONE, typePassword } from './support/exchange.ts';
import { textOf } from './support/html.ts';

let here: ExchangeWorld;
afterEach(() => here.close());

const failedLogins = (email: string) => here.emulator.control.people.find((person) => person.email === email)?.failedLogins;

describe('a login that is refused', () => {
  it('is explained on the page and to the partner, never shown again, and the right one connects', async () => {
    here = await createExchangeWorld();
    const asking = await here.find({ email: OTTO.address });
    const refused = await typePassword(asking, 'not-the-password-1');
    expect(textOf(refused.text)).toContain('did not accept this user name with this password');
    expect(refused.text).toMatch(/<details[^>]*open/);
    expect(refused.text).not.toContain('not-the-password-1');
    expect(await asking.session.poll()).toMatchObject({
      state: 'needs_credentials',
      reason: 'wrong_password',
      failure: { happened: expect.stringContaining('did not accept') },
    });
    await typePassword({ ...asking, form: refused }, OTTO.password);
    expect(await asking.session.poll()).toMatchObject({ state: 'connected' });
  });

  it('ends the session as failed, with its reason, where the person gives up', async () => {
    here = await createExchangeWorld();
    const asking = await here.find({ email: OTTO.address });
    const refused = await typePassword(asking, 'wrong');
    await asking.browser.submit(refused, { press: 'Cancel' });
    expect(await asking.session.poll()).toMatchObject({ state: 'failed', reason: 'wrong_password' });
  });

  it('is tried three times and no more: a fourth would come near to locking the account', async () => {
    here = await createExchangeWorld();
    let asking = await here.find({ email: OTTO.address });
    for (let n = 1; n <= 3; n += 1) {
      asking = { ...asking, form: await typePassword(asking, `wrong ${n}`) };
      expect(failedLogins(OTTO.address)).toBe(n);
    }
    const kept = await typePassword(asking, OTTO.password);
    expect(textOf(kept.text)).toContain('There were too many tries');
    const elsewhere = await here.find({ email: OTTO.address.toUpperCase() });
    expect(textOf((await typePassword(elsewhere, 'wrong 5')).text)).toContain('There were too many tries');
    expect(failedLogins(OTTO.address)).toBe(3);
    here.world.clock.pass({ minutes: 10 });
    await typePassword({ ...asking, form: kept }, OTTO.password);
    expect(await asking.session.poll()).toMatchObject({ state: 'connected' });
  });

  it('counts for a user name too, whatever address stands beside it', async () => {
    here = await createExchangeWorld();
    for (let n = 1; n <= 4; n += 1) {
      const asking = await here.find({ email: `person-${n}@corp.example`, server_address: 'mail.corp.example' });
      await typePassword(asking, 'wrong', AMIRA.userName);
    }
    expect(failedLogins(AMIRA.address)).toBe(3);
  });

  it('is sent once for one form, however often it is pressed', async () => {
    here = await createExchangeWorld();
    const asking = await here.find({ email: OTTO.address });
    await Promise.all([typePassword(asking, 'wrong'), typePassword(asking, 'wrong'), typePassword(asking, 'wrong')]);
    expect(failedLogins(OTTO.address)).toBe(1);
  });

  it.each([
    ['password_expired', 'Your password has expired.', 'ErrorPasswordExpired'],
    ['disabled', 'Your account is disabled.', 'ErrorAccountDisabled'],
  ] as const)('says that the account is %s, where the server says so', async (state, sentence, code) => {
    here = await createExchangeWorld({ switches: { tellsAccountState: true } });
    here.emulator.control.setFor(OTTO.address, { state });
    const asking = await here.find({ email: OTTO.address });
    expect(textOf((await typePassword(asking, OTTO.password)).text)).toContain(sentence);
    expect(await asking.session.poll()).toMatchObject({ reason: 'account_locked', failure_code: code });
  });

  it('says that EWS is switched off', async () => {
    here = await createExchangeWorld();
    here.emulator.control.setFor(OTTO.address, { ewsEnabled: false });
    const asking = await here.find({ email: OTTO.address });
    expect(textOf((await typePassword(asking, OTTO.password)).text)).toContain('Exchange Web Services are switched off for your mailbox');
    expect(await asking.session.poll()).toMatchObject({ reason: 'access_switched_off' });
  });

  it.each(['', ' \u0000'])('is not sent at all where %j is the password', async (password) => {
    here = await createExchangeWorld();
    const asking = await here.find({ email: OTTO.address });
    expect(textOf((await typePassword(asking, password)).text)).toContain('Type your password.');
    expect(here.told()).toEqual([]);
  });
});

describe('an address', () => {
  it.each(['', 'amira', 'amira@co.uk', 'amira@corp', 'amira@192.0.2.1', '<script>@corp.example'])(
    'that is none of an organisation is asked for again: %j',
    async (email) => {
      here = await createExchangeWorld();
      const asked = await here.find({ email });
      expect(textOf(asked.form.text)).toContain('This is not an e-mail address with the domain of an organisation.');
      expect(asked.form.text).not.toContain('<script>@');
      expect(here.emulator.control.lookups).toEqual([]);
    },
  );

  it.each(['http://mail.corp.example', 'mail corp', 'https://user:pass@mail.corp.example/', 'ftp://mail.corp.example'])(
    'of a server is asked for again where it is %j',
    async (server) => {
      here = await createExchangeWorld();
      const asked = await here.find({ email: OTTO.address, server_address: server });
      expect(textOf(asked.form.text)).toContain('This is not the address of a server.');
      expect(here.emulator.control.requests).toEqual([]);
    },
  );
});

/** A server at which the search ends, and why. */
const AT_TYPED: readonly (readonly [string, ExchangeHostSeed, string, string])[] = [
  [
    'signed its own certificate',
    { name: 'mail.corp.example', certificate: 'self_signed' },
    'certificate_untrusted',
    'that it signed itself',
  ],
  ['has an expired certificate', { name: 'mail.corp.example', certificate: 'expired' }, 'certificate_untrusted', 'has expired'],
  ['has a certificate of another name', { name: 'mail.corp.example', certificate: 'wrong_name' }, 'certificate_untrusted', 'another name'],
  [
    'has a certificate of a stranger',
    { name: 'mail.corp.example', certificate: 'untrusted' },
    'certificate_untrusted',
    'is not trusted here',
  ],
  ['is in a private network', { name: 'mail.corp.example', addresses: ['10.1.2.3'] }, 'address_refused', 'inside a private network'],
  ['is the metadata service', { name: 'mail.corp.example', addresses: ['169.254.169.254'] }, 'address_refused', 'inside a private network'],
  ['is a web site', { name: 'mail.corp.example', https: { kind: 'website' } }, 'server_not_exchange', 'it is not Exchange Web Services'],
  ['lets nobody in', { name: 'mail.corp.example', https: { kind: 'website', status: 403 } }, 'server_access_denied', 'lets nobody in'],
  ['is busy', { name: 'mail.corp.example', https: { kind: 'website', status: 503 } }, 'server_busy', 'is busy'],
  ['is not there', { name: 'mail.corp.example', https: { kind: 'closed' } }, 'server_unreachable', 'does not answer'],
  [
    'takes tokens only',
    { name: 'mail.corp.example', https: { kind: 'exchange', authentication: { ews: ['bearer'] } } },
    'modern_sign_in_required',
    'takes no passwords',
  ],
];

describe('a server that', () => {
  it.each(AT_TYPED)('%s gets no password, and the page says why', async (_what, host, reason, sentence) => {
    here = await createExchangeWorld({ hosts: [host] });
    let asked = await here.find({ email: OTTO.address, server_address: 'mail.corp.example' });
    // That tokens are wanted is seen only where a login begins.
    if (reason === 'modern_sign_in_required') asked = { ...asked, form: await typePassword(asked, OTTO.password) };
    expect(textOf(asked.form.text)).toContain(sentence);
    expect(textOf(asked.form.text)).toContain(`Code for support: ${reason}`);
    expect(await asked.session.poll()).toMatchObject({ state: 'needs_credentials', reason });
    expect(asked.form.text).not.toContain('type="password"');
    expect(here.told()).toEqual([]);
  });

  it('knows TLS 1.0 alone gets no password', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE, version: '2007_SP1', tls: '1.0' });
    const asked = await here.find({ email: OTTO.address, server_address: 'mail.corp.example' });
    expect(textOf(asked.form.text)).toContain('too old for a safe connection');
    expect(here.told()).toEqual([]);
  });

  it('is busy is asked again later', async () => {
    here = await createExchangeWorld({ hosts: SERVER_ALONE });
    const asking = await here.find({ email: OTTO.address, server_address: 'mail.corp.example' });
    here.emulator.control.addFault({ group: 'ews', ewsCode: 'ErrorServerBusy', backOffMs: 5000 });
    expect(textOf((await typePassword(asking, OTTO.password)).text)).toContain('The Exchange server is busy.');
  });

  it('is Microsoft’s own leads to Microsoft 365, whoever typed it', async () => {
    here = await createExchangeWorld();
    const asked = await here.find({ email: OTTO.address, server_address: 'outlook.office365.com' });
    expect(textOf(asked.form.text)).toContain('This mailbox is in Microsoft 365.');
    expect(here.emulator.control.lookups).toEqual([]);
  });
});

/** As Autodiscover names it, from inside and outside: 2016 before the password, 2010 after it. */
const NAMED: readonly (readonly [string, ExchangeHostSeed])[] = [
  ['server_unreachable', { name: 'mail.corp.example', https: { kind: 'closed' } }],
  ['server_not_exchange', { name: 'mail.corp.example', https: { kind: 'website' } }],
  ['server_access_denied', { name: 'mail.corp.example', https: { kind: 'website', status: 403 } }],
  ['server_busy', { name: 'mail.corp.example', https: { kind: 'website', status: 503 } }],
  ['certificate_untrusted', { name: 'mail.corp.example', certificate: 'expired' }],
];

describe.each(['https://ex01.corp.local/EWS/Exchange.asmx', 'https://mail.corp.example/EWS/Exchange.asmx'])(
  'a server that Autodiscover names, inside as %s,',
  (internalEwsUrl) => {
    it.each(NAMED)('is told as %s before the password where that can be known', async (reason, host) => {
      here = await createExchangeWorld({ version: '2016', internalEwsUrl, hosts: [host, { name: 'autodiscover.corp.example' }] });
      const { form, session } = await here.find({ email: OTTO.address });
      expect(textOf(form.text)).toContain(`Server: mail.corp.example Code for support: ${reason}`);
      expect(await session.poll()).toMatchObject({ state: 'needs_credentials', reason });
      expect(here.told()).toEqual([]);
    });

    it.each(NAMED)('is told as %s where only the password tells its name', async (reason, host) => {
      here = await createExchangeWorld({ version: '2010', internalEwsUrl, hosts: [host, { name: 'autodiscover.corp.example' }] });
      const asking = await here.find({ email: OTTO.address });
      const refused = await typePassword(asking, OTTO.password);
      expect(textOf(refused.text)).toContain(`Server: mail.corp.example Code for support: ${reason}`);
      expect(textOf(refused.text)).not.toContain('Is this the server of your organisation?');
      expect(await asking.session.poll()).toMatchObject({ state: 'needs_credentials', reason });
      expect(here.told()).toEqual(['autodiscover.corp.example']);
    });
  },
);

it('is no reason to forget the colleagues’ server that it lets nobody in for a while', async () => {
  here = await createExchangeWorld({ hosts: SERVER_ALONE });
  await here.connect({ email: AMIRA.address, server_address: 'mail.corp.example' }, AMIRA);
  here.emulator.control.setHost({ name: 'mail.corp.example', https: { kind: 'website', status: 403 } });
  const { form } = await here.find({ email: OTTO.address });
  expect(textOf(form.text)).toContain('Server: mail.corp.example Code for support: server_access_denied');
  expect(await here.remembered()).toMatchObject([{ ews_url: 'https://mail.corp.example/EWS/Exchange.asmx' }]);
});

it('blames neither the server nor the person where our own proxy is down', async () => {
  const conversations = createConversations({ proxy: 'http://127.0.0.1:1' }, { resolve: () => Promise.resolve(['93.184.216.34']) });
  here = await createExchangeWorld(
    {},
    {
      egressAddresses: ['203.0.113.7'],
      providers: (google, microsoft) => [google, microsoft, exchange({ conversations, resolveServices: () => Promise.resolve([]) })],
    },
  );
  for (const typed of [{ email: OTTO.address, server_address: 'mail.corp.example' }, { email: OTTO.address }]) {
    const { form, session } = await here.find(typed);
    expect(textOf(form.text)).toMatch(/its own proxy does not let it.*Tell the people who run this page.*proxy_failed_ECONNREFUSED/);
    expect(textOf(form.text)).not.toMatch(/IT team|203\.0\.113\.7/);
    expect(await session.poll()).toMatchObject({ reason: 'provider_misconfigured', failure_code: 'proxy_failed_ECONNREFUSED' });
  }
});

describe('what a firewall has to let in, where the operator has said it,', () => {
  const letIn = 'let connections to port 443 of the server in that come from 203.0.113.7, 203.0.113.8';
  const egress = { egressAddresses: ['203.0.113.7', '203.0.113.8'] };
  const MAIL: ExchangeHostSeed = { name: 'mail.corp.example', https: { kind: 'closed' } };
  const typed = { email: OTTO.address, server_address: 'mail.corp.example' };

  it.each<[string, readonly ExchangeHostSeed[], Readonly<Record<string, string>>, boolean]>([
    ['is told of a server that was typed', [MAIL], typed, true],
    ['is told of one that Autodiscover names', [MAIL, { name: 'autodiscover.corp.example' }], { email: OTTO.address }, true],
    ['is told of one that lets nobody in', [{ ...MAIL, https: { kind: 'website', status: 403 } }], typed, true],
    ['is told where none is found, which may be its doing', [MAIL], { email: OTTO.address }, true],
    ['is not told of a web site', [{ ...MAIL, https: { kind: 'website' } }], typed, false],
  ])('%s', async (_what, hosts, fields, isTold) => {
    here = await createExchangeWorld({ hosts }, egress);
    const { form } = await here.find(fields);
    expect(textOf(form.text).includes(letIn)).toBe(isTold);
  });
});
