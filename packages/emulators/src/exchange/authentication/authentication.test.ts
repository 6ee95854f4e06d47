import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  AMIRA,
  basic,
  ewsAsking,
  JONAS,
  MAIL,
  startExchangeUnderTest,
  toEwsAnswer,
  type Asking,
} from '../../../test/exchange-under-test.ts';
import { authenticateMessage, negotiateMessage, type NtlmClient } from '../../../test/ntlm-client.ts';
import type { AuthenticationScheme } from '../sites/site.ts';

const GET_FOLDER =
  '<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="calendar"/></m:FolderIds></m:GetFolder>';
const CALL: Asking = ewsAsking(GET_FOLDER);
const AMIRA_BY_DOMAIN: NtlmClient = { ...AMIRA, domain: 'CORP' };

function offering(...ews: readonly AuthenticationScheme[]) {
  return { hosts: [{ name: MAIL, https: { kind: 'exchange' as const, authentication: { ews } } }] };
}

describe('a login by NTLM', () => {
  test('is a handshake of three messages on one connection, which is logged in from then on', async () => {
    const exchange = await startExchangeUnderTest();
    const agent = exchange.connection();
    const first = await exchange.ask({ ...CALL, agent });
    expect(first).toMatchObject({ status: 401, challenges: ['Negotiate', 'NTLM'] });

    const negotiate = negotiateMessage();
    const second = await exchange.ask({ ...CALL, agent, headers: { Authorization: `NTLM ${negotiate.toString('base64')}` } });
    expect(second).toMatchObject({ status: 401, challenges: [expect.stringMatching(/^NTLM TlRMTVNTUAAC/), 'Negotiate'] });
    expect(second.headers['content-length']).toBe('0');

    const third = await exchange.askByNtlm(AMIRA_BY_DOMAIN, { ...CALL, agent });
    expect(third.status).toBe(200);
    expect(third.headers['persistent-auth']).toBe('true');
    const fourth = await exchange.ask({ ...CALL, agent });
    expect(toEwsAnswer(fourth)).toMatchObject({ status: 200, code: 'NoError' });
    expect(new Set(exchange.control.requests.map(({ connection }) => connection))).toEqual(new Set([1]));
  });

  test('is of no use on another connection, neither begun nor ended', async () => {
    const exchange = await startExchangeUnderTest();
    const [one, other] = [exchange.connection(), exchange.connection()];
    expect((await exchange.askByNtlm(AMIRA_BY_DOMAIN, { ...CALL, agent: one })).status).toBe(200);
    expect((await exchange.ask({ ...CALL, agent: other })).status).toBe(401);

    const negotiate = negotiateMessage();
    const ntlm = (message: Buffer) => ({ ...CALL.headers, Authorization: `NTLM ${message.toString('base64')}` });
    const { challenges } = await exchange.ask({ ...CALL, agent: one, headers: ntlm(negotiate) });
    const message = authenticateMessage(AMIRA_BY_DOMAIN, negotiate, Buffer.from(challenges[0]?.slice(5) ?? '', 'base64'));
    expect((await exchange.ask({ ...CALL, agent: other, headers: ntlm(message) })).status).toBe(401);
    expect(exchange.control.requests.at(-1)?.login).toBe('no_handshake');
    expect((await exchange.ask({ ...CALL, agent: one, headers: ntlm(message) })).status).toBe(200);
    expect((await exchange.ask({ ...CALL, agent: one, headers: ntlm(message) })).status).toBe(401);
  });

  test.each<[string, Partial<NtlmClient>]>([
    ['DOMAIN\\user', { user: 'ahaddad', domain: 'CORP' }],
    ['the domain by its DNS name, in any case', { user: 'AHaddad', domain: 'corp.LOCAL' }],
    ['a bare user name', { user: 'ahaddad', domain: '' }],
    ['the user principal name', { user: 'amira@corp.example', domain: '' }],
    ['user and domain in one', { user: 'ahaddad@corp.local', domain: '' }],
    ['a session key and a MIC, as Windows sends', { mic: 'right', keyExchange: true }],
    ['a MIC without a session key', { mic: 'right' }],
    ['sixteen zeros for a channel binding', { channelBinding: 'zeros' }],
  ])('is good with %s', async (_, client) => {
    const exchange = await startExchangeUnderTest({ version: 'SE' });
    expect((await exchange.askByNtlm({ ...AMIRA_BY_DOMAIN, ...client }, CALL)).status).toBe(200);
  });

  test.each<[string, Partial<NtlmClient>, string]>([
    ['a wrong password', { password: 'guess' }, 'wrong_password'],
    ['the password of somebody else', { password: JONAS.password }, 'wrong_password'],
    ['an unknown user', { user: 'nobody' }, 'unknown_user'],
    ['another domain', { domain: 'OTHER' }, 'unknown_user'],
    ['an address that is no name to log in with', { user: JONAS.email, domain: '', password: JONAS.password }, 'unknown_user'],
    ['an alias', { user: 'amira.haddad@corp.example', domain: '' }, 'unknown_user'],
    ['a MIC that is one bit off', { mic: 'wrong', keyExchange: true }, 'wrong_mic'],
    ['NTLMv1', { version1: true }, 'ntlm_v1'],
    ['a binding to another certificate', { channelBinding: Buffer.from('another certificate') }, 'channel_binding_wrong'],
  ])('is refused with %s', async (_, client, login) => {
    const exchange = await startExchangeUnderTest({ version: 'SE' });
    const { status, challenges } = await exchange.askByNtlm({ ...AMIRA_BY_DOMAIN, ...client }, CALL);
    expect([status, challenges, exchange.control.requests.at(-1)?.login]).toEqual([401, ['Negotiate', 'NTLM'], login]);
  });

  test('is refused without the channel binding where Extended Protection is required', async () => {
    const protection = { kind: 'exchange', extendedProtection: { ews: 'require' } } as const;
    const exchange = await startExchangeUnderTest({ hosts: [{ name: MAIL, https: protection }] });
    const certificate = await peerCertificate(exchange.port, exchange.ca);
    for (const [channelBinding, status] of [
      [undefined, 401],
      ['zeros', 401],
      [certificate, 200],
    ] as const) {
      const client = channelBinding === undefined ? AMIRA_BY_DOMAIN : { ...AMIRA_BY_DOMAIN, channelBinding };
      expect((await exchange.askByNtlm(client, CALL)).status).toBe(status);
    }
  });

  test('locks the account after so many wrong passwords, for the right one too', async () => {
    const exchange = await startExchangeUnderTest({ lockoutThreshold: 3 });
    for (let attempt = 0; attempt < 3; attempt += 1) await exchange.askByNtlm({ ...AMIRA_BY_DOMAIN, password: 'guess' }, CALL);
    expect((await exchange.askByNtlm(AMIRA_BY_DOMAIN, CALL)).status).toBe(401);
    expect(exchange.control.requests.at(-1)?.login).toBe('locked');
    exchange.control.setFor(AMIRA.email, { state: 'active' });
    expect((await exchange.askByNtlm(AMIRA_BY_DOMAIN, CALL)).status).toBe(200);
  });

  test('never ends behind a proxy that mixes connections', async () => {
    const exchange = await startExchangeUnderTest({ switches: { forgetsHandshakes: true } });
    expect((await exchange.askByNtlm(AMIRA_BY_DOMAIN, CALL)).status).toBe(401);
  });

  test('is understood when Negotiate carries it', async () => {
    const exchange = await startExchangeUnderTest(offering('negotiate'));
    const agent = exchange.connection();
    const negotiate = negotiateMessage();
    const by = (message: Buffer) => ({ ...CALL.headers, Authorization: `Negotiate ${message.toString('base64')}` });
    const { challenges } = await exchange.ask({ ...CALL, agent, headers: by(negotiate) });
    const challenge = Buffer.from(challenges[0]?.replace('Negotiate ', '') ?? '', 'base64');
    expect((await exchange.ask({ ...CALL, agent, headers: by(authenticateMessage(AMIRA_BY_DOMAIN, negotiate, challenge)) })).status).toBe(
      200,
    );
    expect((await exchange.ask({ ...CALL, headers: by(Buffer.from('a ticket of Kerberos')) })).status).toBe(401);
  });
});

describe('curl, which nobody here wrote', () => {
  test.each([
    ['DOMAIN\\user', 'CORP\\ahaddad', AMIRA.password, '200'],
    ['the user principal name', 'amira@corp.example', AMIRA.password, '200'],
    ['a wrong password', 'CORP\\ahaddad', 'guess', '401'],
  ])('logs in by NTLM through the proxy with %s', async (_, userName, password, status) => {
    const exchange = await startExchangeUnderTest();
    expect(await curl(exchange, ['--ntlm', '--user', `${userName}:${password}`])).toBe(status);
    const [first] = exchange.control.requests;
    expect(first).toMatchObject({ host: MAIL, serverName: MAIL, credentials: { scheme: 'ntlm', step: 'negotiate' } });
    expect(exchange.control.connectionAttempts).toEqual([`${MAIL}:443`]);
  });

  test('chooses Basic where that is all there is', async () => {
    const exchange = await startExchangeUnderTest(offering('basic'));
    expect(await curl(exchange, ['--anyauth', '--user', `CORP\\ahaddad:${AMIRA.password}`])).toBe('200');
  });

  test('does not like a certificate of another name', async () => {
    const exchange = await startExchangeUnderTest({ hosts: [{ name: MAIL, certificate: 'wrong_name' }] });
    await expect(curl(exchange, ['--ntlm', '--user', `CORP\\ahaddad:${AMIRA.password}`])).rejects.toMatchObject({ code: 60 });
    expect(exchange.control.requests).toEqual([]);
  });

  async function curl(
    exchange: { readonly ca: string; readonly network: { readonly proxyUrl: string } },
    more: readonly string[],
  ): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'exchange-emulator-'));
    try {
      const ca = join(folder, 'ca.pem');
      await writeFile(ca, exchange.ca);
      const args = [
        '--silent',
        '--output',
        join(folder, 'answer'),
        '--write-out',
        '%{http_code}',
        '--cacert',
        ca,
        '--proxy',
        exchange.network.proxyUrl,
      ];
      const header = ['--header', 'Content-Type: text/xml; charset=utf-8', '--data-binary', CALL.body ?? ''];
      return (await promisify(execFile)('curl', [...args, ...header, ...more, `https://${MAIL}/EWS/Exchange.asmx`])).stdout;
    } finally {
      await rm(folder, { recursive: true });
    }
  }
});

describe('other ways to log in', () => {
  test('Basic takes DOMAIN\\user, the user principal name and a bare user name', async () => {
    const exchange = await startExchangeUnderTest(offering('basic'));
    for (const userName of ['CORP\\jweber', 'jweber@corp.local', 'jweber']) {
      const headers = { ...CALL.headers, ...basic(userName, JONAS.password) };
      expect((await exchange.ask({ ...CALL, headers })).status).toBe(200);
    }
    const headers = { ...CALL.headers, ...basic(JONAS.email, JONAS.password) };
    expect(await exchange.ask({ ...CALL, headers })).toMatchObject({ status: 401, challenges: [`Basic realm="${MAIL}"`] });
  });

  test('nothing is taken that was not offered, and the log says that it was sent', async () => {
    const exchange = await startExchangeUnderTest(offering('ntlm'));
    const headers = { ...CALL.headers, ...basic('CORP\\ahaddad', AMIRA.password) };
    expect((await exchange.ask({ ...CALL, headers })).status).toBe(401);
    expect(exchange.control.credentialsSentTo(MAIL)).toMatchObject([
      { credentials: { scheme: 'basic', userName: 'CORP\\ahaddad', password: AMIRA.password }, login: 'scheme_not_offered' },
    ]);
  });

  test('hybrid modern authentication answers whoever speaks of tokens, and takes none', async () => {
    const exchange = await startExchangeUnderTest(offering('bearer', 'ntlm'));
    const bearer =
      /^Bearer client_id="00000002-0000-0ff1-ce00-000000000000", .*authorization_uri="https:\/\/login.windows.net\/common\/oauth2\/authorize"$/;
    expect((await exchange.ask(CALL)).challenges).toEqual(['NTLM']);
    expect((await exchange.ask({ ...CALL, headers: { Authorization: 'Bearer' } })).challenges).toEqual([
      expect.stringMatching(bearer),
      'NTLM',
    ]);
    expect(exchange.control.credentialsSentTo(MAIL)).toEqual([]);
    const withToken = await exchange.ask({ ...CALL, headers: { Authorization: 'Bearer a.b.c' } });
    expect(withToken).toMatchObject({ status: 401, challenges: [expect.stringContaining('error="invalid_token"'), 'NTLM'] });

    const alone = await startExchangeUnderTest(offering('bearer'));
    expect((await alone.ask(CALL)).challenges).toEqual([expect.stringMatching(bearer)]);
  });

  test.each([
    ['disabled', 'ErrorAccountDisabled'],
    ['password_expired', 'ErrorPasswordExpired'],
    ['must_change_password', 'ErrorPasswordChangeRequired'],
  ] as const)('an account that is %s gets 401, and the fault where a server tells', async (state, code) => {
    const exchange = await startExchangeUnderTest();
    exchange.control.setFor(AMIRA.email, { state });
    expect((await exchange.askByNtlm(AMIRA_BY_DOMAIN, CALL)).status).toBe(401);
    exchange.control.set({ tellsAccountState: true });
    expect(await exchange.call(GET_FOLDER)).toMatchObject({ status: 500, code });
    expect((await exchange.askByNtlm({ ...AMIRA_BY_DOMAIN, password: 'guess' }, CALL)).status).toBe(401);
  });
});

/** What a client finds out about the server's certificate. */
async function peerCertificate(port: number, ca: string): Promise<Buffer> {
  const socket = connect({ host: '127.0.0.1', port, ca, servername: MAIL });
  await once(socket, 'secureConnect');
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return raw;
}
