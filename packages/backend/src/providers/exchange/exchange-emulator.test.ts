import { randomBytes } from 'node:crypto';
import { type ExchangeEmulatorOptions, type ExchangeHostSeed, startExchangeEmulator } from '@calendar-connect/emulators';
import { afterEach, describe, expect, it } from 'vitest';
import { createConversations } from '../../outbound/conversation.ts';
import { discover } from './autodiscover/discover.ts';
import type { DiscoveryParts, DiscoveryRequest } from './autodiscover/search.ts';
import { createAccountConnection } from './log-in/account-connection.ts';
import { createSchemeMemory } from './log-in/choose-scheme.ts';
import { logIn, openSession } from './log-in/log-in.ts';
import { registrableDomain } from './scripted-internet.contract.ts';

const AMIRA = { userName: 'CORP\\ahaddad', password: 'Amira-s Password 1' };
const OTTO = { userName: 'o.brandt@corp.example', password: 'Otto-s Password 4' };
const EWS = new URL('https://mail.corp.example/EWS/Exchange.asmx');

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Public addresses, so that the guard has nothing against them; the emulator's proxy leads there. */
function reachable(hosts: readonly ExchangeHostSeed[]): readonly ExchangeHostSeed[] {
  return hosts.map((host, index) => ({ addresses: [`93.184.216.${index + 1}`], ...host }));
}

const USUAL: readonly ExchangeHostSeed[] = [
  { name: 'mail.corp.example' },
  { name: 'autodiscover.corp.example' },
  { name: 'corp.example', https: { kind: 'website' }, http: { kind: 'website' } },
  { name: 'autodiscover.example', https: { kind: 'website', challenge: 'basic' } },
];

async function start(options: ExchangeEmulatorOptions = {}) {
  const emulator = await startExchangeEmulator({ ...options, hosts: reachable(options.hosts ?? USUAL) });
  closing.push(emulator.close);
  const { network, ca, control } = emulator;
  const conversations = createConversations({ ca, proxy: network.proxyUrl }, { resolve: (name) => network.resolve(name) });
  const parts: DiscoveryParts = {
    conversations,
    resolveServices: (name) => network.resolveSrv(name).catch(() => []),
    registrableDomain,
    now: Date.now,
    randomBytes,
    schemes: createSchemeMemory(),
  };
  const find = (request: DiscoveryRequest) => discover(request, parts);
  const enter = (login: DiscoveryRequest['login'] & object, more: object = {}) =>
    logIn({ url: EWS, mailbox: 'amira@corp.example', login }, { ...parts, ...more });
  const told = () =>
    control.hosts
      .map(({ name }) => name)
      .filter((name) => control.credentialsSentTo(name).length > 0)
      .toSorted();
  return { control, find, enter, told, parts };
}

describe('finding the emulated server', () => {
  it.each(['2007_SP1', '2010', '2013', '2016', 'SE'] as const)('of version %s, and logging in there', async (version) => {
    const { control, find, parts, told } = await start({ version });
    const found = await find({ address: 'amira@corp.example', login: AMIRA });
    expect(found).toMatchObject({ outcome: 'found', ewsUrl: EWS, mailbox: 'amira@corp.example', vouchedBy: 'domain' });
    const outcome = await logIn({ url: EWS, mailbox: 'amira@corp.example', login: AMIRA }, parts);
    expect(outcome).toMatchObject({ outcome: 'ok', scheme: 'ntlm' });
    if (outcome.outcome === 'ok') outcome.session.close();
    // The newest name the server without a login.
    expect(told()).toEqual(
      found.outcome === 'found' && found.via === 'v2' ? ['mail.corp.example'] : ['autodiscover.corp.example', 'mail.corp.example'],
    );
    for (const host of ['corp.example', 'autodiscover.example']) expect(control.credentialsSentTo(host)).toEqual([]);
    expect(control.lookups.filter(({ name }) => name === 'autodiscover.example')).toEqual([]);
    expect(control.requests.filter(({ hasPasswordInside }) => hasPasswordInside)).toEqual([]);
    expect(control.people.find(({ email }) => email === 'amira@corp.example')?.failedLogins).toBe(0);
  });

  it('tells the first address of a mailbox that has several', async () => {
    const { find } = await start({ version: '2010' });
    expect(await find({ address: 'amira.haddad@corp.example', login: AMIRA })).toMatchObject({
      outcome: 'found',
      mailbox: 'amira.haddad@corp.example',
      primaryAddress: 'amira@corp.example',
      toldBy: 'autodiscover.corp.example',
    });
  });

  it('says that a mailbox has moved to Exchange Online, and sends its password nowhere else', async () => {
    const { find, told } = await start();
    const login = { userName: 'CORP\\lsommer', password: 'Lea-s Password 3' };
    expect(await find({ address: 'lea@corp.example', login })).toMatchObject({ outcome: 'exchange_online' });
    expect(told().filter((host) => host !== 'autodiscover.corp.example')).toEqual([]);
  });

  it('counts no more than two wrong passwords, whatever there is to ask', async () => {
    const { control, find } = await start({ version: '2010' });
    const login = { ...AMIRA, password: 'wrong' };
    expect(await find({ address: 'amira@corp.example', login })).toMatchObject({ outcome: 'wrong_password' });
    expect(control.people.find(({ email }) => email === 'amira@corp.example')?.failedLogins).toBeLessThanOrEqual(2);
  });

  it('asks a person before somebody else’s server gets the password, and goes there after a yes', async () => {
    const hosts: readonly ExchangeHostSeed[] = [
      {
        name: 'autodiscover.corp.example',
        https: { kind: 'closed' },
        http: { kind: 'redirect', to: 'https://ex.hoster.example/autodiscover/autodiscover.xml' },
      },
      { name: 'ex.hoster.example' },
    ];
    const { find, told } = await start({ version: '2010', hosts, ewsUrl: 'https://ex.hoster.example/EWS/Exchange.asmx' });
    const request = { address: 'amira@corp.example', login: AMIRA };
    expect(await find(request)).toMatchObject({ outcome: 'needs_consent', host: 'ex.hoster.example', namedBy: 'plain_http_redirect' });
    expect(told()).toEqual([]);
    expect(await find({ ...request, approvedHosts: ['ex.hoster.example'] })).toMatchObject({ outcome: 'found', vouchedBy: 'person' });
  });

  it('finds it by SRV, where nothing else leads there', async () => {
    const srv = { '_autodiscover._tcp.corp.example': [{ name: 'mail.corp.example', port: 443, priority: 0, weight: 0 }] };
    const { find } = await start({ version: '2010', hosts: [{ name: 'mail.corp.example' }], srv });
    expect(await find({ address: 'amira@corp.example', login: AMIRA })).toMatchObject({ outcome: 'found', ewsUrl: EWS });
  });

  it('gives a web site that asks for it no password', async () => {
    const hosts: readonly ExchangeHostSeed[] = [{ name: 'corp.example', https: { kind: 'website', challenge: 'basic' } }];
    const { find, told } = await start({ hosts });
    expect(await find({ address: 'amira@corp.example', login: AMIRA })).toMatchObject({ outcome: 'not_found' });
    expect(told()).toEqual([]);
  });
});

describe('logging in at the emulated server', () => {
  it('is verified by NTLMv2 with the certificate it was made over, where Extended Protection requires it', async () => {
    const hosts: readonly ExchangeHostSeed[] = [
      { name: 'mail.corp.example', https: { kind: 'exchange', extendedProtection: { ews: 'require' } } },
    ];
    const { enter } = await start({ version: 'SE', hosts });
    const outcome = await enter(AMIRA);
    expect(outcome).toMatchObject({ outcome: 'ok', scheme: 'ntlm', server: { major: 15, minor: 2 } });
    if (outcome.outcome === 'ok') outcome.session.close();
    expect(await enter(AMIRA, { channelBinding: false })).toMatchObject({ outcome: 'wrong_password' });
  });

  it.each<[string, typeof AMIRA, readonly ('ntlm' | 'negotiate' | 'basic')[], object]>([
    ['an address that is a name to log in with', OTTO, ['ntlm'], { outcome: 'ok', scheme: 'ntlm' }],
    ['Negotiate alone', AMIRA, ['negotiate'], { outcome: 'ok', scheme: 'negotiate' }],
    ['Basic alone', AMIRA, ['basic'], { outcome: 'ok', scheme: 'basic' }],
    ['NTLM and Basic', AMIRA, ['ntlm', 'basic'], { outcome: 'ok', scheme: 'ntlm' }],
    ['an address that is no name to log in with', { ...OTTO, userName: 'otto@corp.example' }, ['ntlm'], { outcome: 'wrong_password' }],
    ['a wrong password', { ...AMIRA, password: 'wrong' }, ['ntlm'], { outcome: 'wrong_password' }],
  ])('with %s', async (_what, login, schemes, expected) => {
    const hosts: readonly ExchangeHostSeed[] = [
      { name: 'mail.corp.example', https: { kind: 'exchange', authentication: { ews: schemes } } },
    ];
    const { enter } = await start({ hosts });
    const outcome = await enter(login);
    expect(outcome).toMatchObject(expected);
    if (outcome.outcome === 'ok') outcome.session.close();
  });

  it('recognises a server that takes tokens alone, and gives it nothing', async () => {
    const hosts: readonly ExchangeHostSeed[] = [
      { name: 'mail.corp.example', https: { kind: 'exchange', authentication: { ews: ['bearer'] } } },
    ];
    const { enter, told } = await start({ hosts });
    expect(await enter(AMIRA)).toMatchObject({ outcome: 'modern_auth' });
    expect(told()).toEqual([]);
  });

  it('tells when EWS is off for the person', async () => {
    const { control, enter } = await start();
    control.setFor('amira@corp.example', { ewsEnabled: false });
    expect(await enter(AMIRA)).toMatchObject({ outcome: 'not_allowed' });
    control.set({ ewsDisabledAnswer: 'access_denied' });
    expect(await enter(AMIRA)).toMatchObject({ outcome: 'not_allowed', code: 'ErrorAccessDenied' });
  });

  it('tells of an account that is over only where the server does', async () => {
    const { control, enter } = await start();
    control.setFor('amira@corp.example', { state: 'password_expired' });
    expect(await enter(AMIRA)).toMatchObject({ outcome: 'wrong_password' });
    control.set({ tellsAccountState: true });
    expect(await enter(AMIRA)).toMatchObject({ outcome: 'locked_or_expired', code: 'ErrorPasswordExpired' });
  });

  // Web servers say the same to a login on another connection than the challenge's as to a wrong password.
  it('takes a proxy that hands each request to another connection for a wrong password, and does not try again', async () => {
    const { control, enter } = await start();
    control.set({ forgetsHandshakes: true });
    expect(await enter(AMIRA)).toMatchObject({ outcome: 'wrong_password' });
    expect(control.credentialsSentTo('mail.corp.example').filter(({ credentials }) => credentials?.step === 'authenticate')).toHaveLength(
      1,
    );
  });

  it('logs in anew for each request, where the server ends the connection with its answer', async () => {
    const { control, parts } = await start();
    control.set({ closesAfterLogin: true });
    const account = createAccountConnection({ url: EWS, mailbox: 'amira@corp.example', login: AMIRA }, parts);
    for (let times = 0; times < 2; times += 1)
      expect(await account.send({ body: '<x/>', repeatable: true })).toMatchObject({ outcome: 'answered' });
    account.close();
    expect(control.requests.filter(({ login }) => login === 'ok')).toHaveLength(2);
  });

  it('is seen in its log as one login on one connection', async () => {
    const { control, parts } = await start();
    const opened = await openSession({ url: EWS, mailbox: 'amira@corp.example', login: AMIRA }, parts);
    if (opened.outcome !== 'begun') throw new Error(opened.outcome);
    for (let times = 0; times < 3; times += 1) {
      const answer = await opened.session.send(EWS.pathname, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<x/>' });
      expect(answer.outcome).toBe('answered');
    }
    opened.session.close();
    const requests = control.requestsTo('mail.corp.example');
    expect(new Set(requests.map(({ connection }) => connection)).size).toBe(1);
    expect(requests.map(({ credentials }) => credentials?.step)).toEqual([undefined, 'negotiate', 'authenticate', undefined, undefined]);
  });

  it.each(['self_signed', 'expired', 'wrong_name', 'not_yet_valid'] as const)('stops at a certificate that is %s', async (certificate) => {
    const { enter, told } = await start({ hosts: [{ name: 'mail.corp.example', certificate }] });
    expect(await enter(AMIRA)).toMatchObject({ outcome: 'certificate_untrusted', why: certificate });
    expect(told()).toEqual([]);
  });

  it('stops at a server that knows TLS 1.0 alone', async () => {
    const { enter, told } = await start({ version: '2007_SP1', tls: '1.0' });
    expect(await enter(AMIRA)).toMatchObject({ outcome: 'too_old' });
    expect(told()).toEqual([]);
  });
});
