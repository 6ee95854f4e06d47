import { type RunningExchangeEmulator, startExchangeEmulator } from '@calendar-connect/emulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConversations } from '../../outbound/conversation.ts';
import type { Credential, OAuthConnect } from '../provider.ts';
import { exchange } from './exchange.ts';

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
beforeEach(async () => {
  emulator = await startExchangeEmulator({ hosts: [{ name: 'mail.corp.example', addresses: ['93.184.216.1'] }] });
  const { network, ca } = emulator;
  const conversations = createConversations({ ca, proxy: network.proxyUrl }, { resolve: (name) => network.resolve(name) });
  connect = await exchange({ conversations }).connect();
});
afterEach(() => emulator.close());

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
