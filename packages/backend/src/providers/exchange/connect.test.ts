import { type RunningExchangeEmulator, startExchangeEmulator } from '@calendar-connect/emulators';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConversations } from '../../outbound/conversation.ts';
import type { Credential, OAuthConnect } from '../provider.ts';
import { exchange } from './exchange.ts';

const HOUR_MS = 60 * 60_000;
const EMAIL = 'amira@corp.example';
const CLIENT = { id: 'pcl_1', clientId: '', clientSecret: '' };
const LOGIN = { ewsUrl: 'https://mail.corp.example/EWS/Exchange.asmx', userName: 'CORP\\ahaddad', password: 'Amira-s Password 1' };
const CREDENTIAL: Credential = {
  accessToken: '',
  refreshToken: '',
  accessTokenExpiresAtMs: Number.MAX_SAFE_INTEGER,
  grantedScopes: [],
  endsAtMs: undefined,
  mailbox: EMAIL,
  login: LOGIN,
};

let emulator: RunningExchangeEmulator;
let connect: OAuthConnect;
let nowMs = 0;
beforeEach(async () => {
  nowMs = Date.now();
  emulator = await startExchangeEmulator({ hosts: [{ name: 'mail.corp.example', addresses: ['93.184.216.1'] }], now: () => nowMs });
  const { network, ca } = emulator;
  const conversations = createConversations({ ca, proxy: network.proxyUrl }, { resolve: (name) => network.resolve(name) });
  const resolveServices = (name: string) => network.resolveSrv(name).catch(() => []);
  connect = await exchange({ conversations, resolveServices, now: () => nowMs }).connect();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await emulator.close();
});

/** The server before is not there any longer, and Autodiscover names another. */
function moveTo(host: string): void {
  const { control } = emulator;
  control.setHost({ name: 'mail.corp.example', https: { kind: 'closed' } });
  control.setHost({ name: host, addresses: ['93.184.216.8'] });
  control.setHost({ name: 'autodiscover.corp.example', addresses: ['93.184.216.9'] });
  control.setFor(EMAIL, { movedTo: host });
}

/** Ends by hand what is the first to end after that time: a look for a server has as long. */
function withTimeoutOf(timeoutMs: number): AbortController {
  const controller = new AbortController();
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  let isTaken = false;
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    if (isTaken || ms !== timeoutMs) return timeout(ms);
    isTaken = true;
    return controller.signal;
  });
  return controller;
}

describe('a connection to Exchange', () => {
  it('is renewed by logging in again, and stays as it is', async () => {
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toEqual({ outcome: 'refreshed', credential: CREDENTIAL });
  });

  it('is over when the password was changed, after one try', async () => {
    emulator.control.setFor(EMAIL, { password: 'another one' });
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'rejected' });
    expect(emulator.control.people.find(({ email }) => email === EMAIL)?.failedLogins).toBe(1);
  });

  it('is over when the server says that the account is', async () => {
    emulator.control.set({ tellsAccountState: true });
    emulator.control.setFor(EMAIL, { state: 'password_expired' });
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'rejected' });
  });

  it('lives on, and needs the person’s organisation, while EWS is off for them', async () => {
    emulator.control.setFor(EMAIL, { ewsEnabled: false });
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'interaction_required' });
  });

  it.each([
    ['is not there', { https: { kind: 'closed' } }, 'server_unreachable'],
    ['has lost its certificate', { certificate: 'expired' }, 'certificate_untrusted certificate_expired'],
    ['is a web site for a while', { https: { kind: 'website' } }, 'server_not_exchange'],
  ] as const)('lives on while the server %s', async (_what, changes, hint) => {
    emulator.control.setHost({ name: 'mail.corp.example', addresses: ['93.184.216.1'], ...changes });
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({
      outcome: 'unavailable',
      operatorHint: expect.stringContaining(hint),
    });
  });

  it.each([
    ['its name', { addresses: [] }],
    ['its Exchange', { https: { kind: 'website', status: 404 } }],
  ] as const)('needs the person when the server has lost %s for hours, and is well again with it', async (_what, changes) => {
    emulator.control.setHost({ name: 'mail.corp.example', ...changes });
    for (let hours = 0; hours < 6; hours += 1) {
      expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'unavailable' });
      nowMs += HOUR_MS;
    }
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'interaction_required' });
    emulator.control.reset();
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toEqual({ outcome: 'refreshed', credential: CREDENTIAL });
  });

  it.each([
    ['is only not reached', { kind: 'closed' }],
    ['fails', { kind: 'website', status: 500 }],
    ['shows a page about its maintenance', { kind: 'website' }],
    ['sends everybody to such a page', { kind: 'redirect', to: 'https://www.corp.example/maintenance' }],
  ] as const)('does not need the person while the server %s, however long', async (_what, https) => {
    emulator.control.setHost({ name: 'mail.corp.example', https });
    for (let hours = 0; hours < 9; hours += 1) {
      expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'unavailable' });
      nowMs += HOUR_MS;
    }
  });

  it.each([
    [
      'its server',
      () => emulator.control.setHost({ name: 'mail.corp.example', https: { kind: 'silent' } }),
      () => emulator.control.requestsTo('mail.corp.example').length > 0,
    ],
    [
      'Autodiscover',
      () => emulator.control.setHost({ name: 'autodiscover.corp.example', https: { kind: 'silent' } }),
      () => emulator.control.requestsTo('autodiscover.corp.example').length > 0,
    ],
    [
      'the server that it was moved to',
      () => emulator.control.addFault({ host: 'mail2.corp.example', operation: 'GetFolder', delayMs: 60_000 }),
      () => emulator.control.credentialsSentTo('mail2.corp.example').length > 0,
    ],
  ] as const)(
    'ends within the lease of its renewal where %s never answers, and is renewed another time',
    async (_what, silence, isWaiting) => {
      moveTo('mail2.corp.example');
      silence();
      const lease = withTimeoutOf(25_000);
      const refreshing = connect.refresh(CLIENT, CREDENTIAL);
      await vi.waitFor(() => expect(isWaiting()).toBe(true), { timeout: 5000 });
      lease.abort();
      expect(await refreshing).toMatchObject({ outcome: 'unavailable' });
      vi.restoreAllMocks();
      emulator.control.reset();
      moveTo('mail2.corp.example');
      expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'refreshed' });
    },
  );

  it('names the server that the mailbox was moved to', async () => {
    moveTo('mail2.corp.example');
    const { credential } = (await connect.refresh(CLIENT, CREDENTIAL)) as { readonly credential?: Credential };
    expect(credential).toEqual({
      ...CREDENTIAL,
      login: { ...LOGIN, ewsUrl: 'https://mail2.corp.example/EWS/Exchange.asmx', offersNtlm: true, serverVersion: expect.any(String) },
    });
  });

  it('is not ended by a new server that refuses the password, which it gets once', async () => {
    moveTo('mail2.corp.example');
    emulator.control.setFor(EMAIL, { password: 'another one' });
    for (let hours = 0; hours < 5; hours += 1) {
      expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'unavailable' });
      nowMs += 60 * 60_000;
    }
    expect(emulator.control.people.find(({ email }) => email === EMAIL)?.failedLogins).toBe(1);
    expect(emulator.control.credentialsSentTo('mail.corp.example')).toEqual([]);
  });

  it('stays at a server of somebody else’s, whose account it is', async () => {
    moveTo('mail2.corp.example');
    emulator.control.setHost({ name: 'mail.hoster.example', addresses: ['93.184.216.7'], https: { kind: 'closed' } });
    const hosted = { ...CREDENTIAL, login: { ...LOGIN, ewsUrl: 'https://mail.hoster.example/EWS/Exchange.asmx' } };
    expect(await connect.refresh(CLIENT, hosted)).toMatchObject({ outcome: 'unavailable' });
    expect(emulator.control.requestsTo('mail2.corp.example')).toEqual([]);
  });

  it('sends no password in the clear to a server that offered NTLM when the person connected', async () => {
    emulator.control.setHost({
      name: 'mail.corp.example',
      addresses: ['93.184.216.1'],
      https: { kind: 'exchange', authentication: { ews: ['basic'] } },
    });
    const before = { ...CREDENTIAL, login: { ...LOGIN, offersNtlm: true } };
    expect(await connect.refresh(CLIENT, before)).toMatchObject({
      outcome: 'unavailable',
      operatorHint: expect.stringContaining('login_unsafe'),
    });
    expect(emulator.control.requests.filter(({ credentials }) => credentials !== undefined)).toEqual([]);
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'refreshed' });
  });

  it('waits as long as the server says', async () => {
    emulator.control.addFault({ group: 'ews', ewsCode: 'ErrorServerBusy', backOffMs: 7000 });
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'unavailable', retryAfterMs: 7000 });
    emulator.control.reset();
    emulator.control.clearRequests();
    nowMs += 6000;
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'unavailable', retryAfterMs: 1000 });
    expect(emulator.control.requests).toEqual([]);
    nowMs += 1000;
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'refreshed' });
  });

  it('is forgotten and not revoked: nothing was granted there', async () => {
    expect(await connect.revoke(CLIENT, CREDENTIAL)).toEqual({ outcome: 'unsupported' });
    expect(emulator.control.requests).toEqual([]);
  });

  it('sends nobody anywhere, and takes nobody who says they come from there', async () => {
    const request = {
      redirectUri: 'x',
      mode: 'full',
      state: 's',
      nonce: 'n',
      codeVerifier: 'v',
      loginHint: undefined,
      interaction: 'choose',
    } as const;
    expect(() => connect.authorizationUrl(CLIENT, request)).toThrow(TypeError);
    expect(connect.readCallback(new URLSearchParams({ code: '1' }))).toMatchObject({ outcome: 'failed' });
    expect(await connect.exchange(CLIENT, { ...request, code: '1' })).toMatchObject({ outcome: 'failed' });
  });

  it('explains codes of its own, and no other', () => {
    expect(connect.explain?.('certificate_self_signed')).toContain('signed itself');
    expect(connect.explain?.('toString')).toBeUndefined();
  });
});
