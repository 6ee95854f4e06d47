import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RequestListener } from 'node:http';
import { ewsAnswer, ewsFault, ewsMessage, type ScriptedExchange, scriptedExchange } from '../scripted-exchange.contract.ts';
import { createInternet, type Host } from '../scripted-internet.contract.ts';
import { createSchemeMemory, type SchemeMemory } from './choose-scheme.ts';
import { logIn, type LogInOutcome, type LogInRequest, openSession } from './log-in.ts';
import { parseServerAddress } from './server-address.ts';

const HOST = 'mail.corp.example';
const EWS = `https://${HOST}/EWS/Exchange.asmx`;
const bearer = 'Bearer client_id="x", trusted_issuers="y@*", authorization_uri="https://adfs.corp.example/adfs/oauth2/authorize"';

interface LoginCase {
  readonly host?: Host;
  readonly server?: ScriptedExchange;
  readonly login?: Partial<LogInRequest['login']>;
  readonly url?: string;
  readonly schemes?: SchemeMemory;
  readonly channelBinding?: boolean;
  readonly expected: object;
  /** What of the login was sent, in the order of requests. Default: nothing. */
  readonly secrets?: readonly ('password' | 'ntlm_response')[];
}

async function run({ host, server, login, url = EWS, schemes = createSchemeMemory(), channelBinding, expected, secrets = [] }: LoginCase) {
  const internet = await createInternet({ [HOST]: host ?? { https: scriptedExchange(server ?? {}) } });
  const request = { url: new URL(url), mailbox: 'ann@corp.example', login: { userName: 'ann@corp.example', password: 'right', ...login } };
  const parts = { conversations: internet.conversations, now: Date.now, randomBytes, schemes, channelBinding };
  const outcome: LogInOutcome = await logIn(request, parts);
  expect(outcome).toMatchObject(expected);
  expect(internet.seen.map(({ secret }) => secret).filter((secret) => secret !== 'none')).toEqual(secrets);
  // The first request never has anything of the person's, and none has the password in its address.
  expect(internet.seen[0]?.scheme ?? '').toBe('');
  expect(internet.seen.filter(({ path, body }) => `${path}${body}`.includes('right'))).toEqual([]);
  const { session, ...told } = { session: undefined, ...outcome };
  expect(JSON.stringify(told)).not.toMatch(/right|ann@/);
  session?.close();
  return { outcome, internet };
}

const says =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);
const afterLogin = (status: number, headers: Readonly<Record<string, string>> = {}): ScriptedExchange => ({
  ews: () => ({ status, headers }),
});

describe('logging in', () => {
  it.each<[string, LoginCase]>([
    ['by NTLM, with the mail address', { expected: { outcome: 'ok', scheme: 'ntlm' }, secrets: ['ntlm_response'] }],
    [
      'by NTLM, with a domain and a user',
      {
        server: { logins: { 'CORP\\ann': 'right' } },
        login: { userName: 'CORP\\ann' },
        expected: { outcome: 'ok', scheme: 'ntlm' },
        secrets: ['ntlm_response'],
      },
    ],
    [
      'by NTLM, with letters of every kind',
      {
        server: { logins: { 'jörg.straße@corp.example': 'pässwörd 😀' } },
        login: { userName: 'jörg.straße@corp.example', password: 'pässwörd 😀' },
        expected: { outcome: 'ok' },
        secrets: ['ntlm_response'],
      },
    ],
    [
      'by NTLM, though Basic is offered first',
      {
        server: { offers: { ews: ['Basic realm="x"', 'NTLM'] } },
        expected: { outcome: 'ok', scheme: 'ntlm' },
        secrets: ['ntlm_response'],
      },
    ],
    [
      'by NTLM, though tokens are offered as well',
      {
        server: { offers: { ews: [bearer, 'NTLM', 'Negotiate'] } },
        expected: { outcome: 'ok', scheme: 'ntlm' },
        secrets: ['ntlm_response'],
      },
    ],
    [
      'by NTLM within Negotiate, where there is no other',
      { server: { offers: { ews: ['Negotiate'] } }, expected: { outcome: 'ok', scheme: 'negotiate' }, secrets: ['ntlm_response'] },
    ],
    [
      'by Basic, where it is all there is',
      { server: { offers: { ews: ['Basic realm="x"'] } }, expected: { outcome: 'ok', scheme: 'basic' }, secrets: ['password'] },
    ],
    [
      'by Basic, with letters of every kind',
      {
        server: { offers: { ews: ['Basic realm="x"'] }, logins: { 'CORP\\jörg': 'pä:ß' } },
        login: { userName: 'CORP\\jörg', password: 'pä:ß' },
        expected: { outcome: 'ok', scheme: 'basic' },
        secrets: ['password'],
      },
    ],
    [
      'tells which server it is',
      {
        expected: { outcome: 'ok', server: { major: 15, minor: 1, build: '15.1.2507.6', schema: 'V2017_07_11' } },
        secrets: ['ntlm_response'],
      },
    ],
    [
      'and a server that says nothing of itself is one, too',
      {
        server: { ews: () => ({ body: ewsMessage('Success', 'NoError').replace(/<t:ServerVersionInfo[^>]*>/, '') }) },
        expected: { outcome: 'ok', server: undefined },
        secrets: ['ntlm_response'],
      },
    ],
  ])('%s', async (_what, row) => {
    await run(row);
  });

  it('is for one connection: the next requests have no login, and another connection needs its own', async () => {
    const { outcome, internet } = await run({ expected: { outcome: 'ok' }, secrets: ['ntlm_response'] });
    expect(outcome).toMatchObject({ session: { open: false } });
    const request = { url: new URL(EWS), mailbox: 'ann@corp.example', login: { userName: 'ann@corp.example', password: 'right' } };
    const parts = { conversations: internet.conversations, now: Date.now, randomBytes, schemes: createSchemeMemory() };
    const second = await openSession(request, parts);
    if (second.outcome !== 'begun') throw new Error(second.outcome);
    for (let times = 0; times < 3; times += 1) {
      const answer = await second.session.send('/EWS/Exchange.asmx', { method: 'POST', body: '<x/>' });
      expect(answer).toMatchObject({ outcome: 'answered' });
    }
    second.session.close();
    expect(internet.seen.slice(3).map(({ method, scheme, secret, body }) => [method, scheme, secret, body])).toEqual([
      ['GET', '', 'none', ''],
      // Its body would be sent twice.
      ['POST', 'ntlm', 'none', ''],
      ['POST', 'ntlm', 'ntlm_response', '<x/>'],
      ['POST', '', 'none', '<x/>'],
      ['POST', '', 'none', '<x/>'],
    ]);
  });

  it('says over which certificate, so that nobody between can use the answer', async () => {
    const { internet } = await run({ expected: { outcome: 'ok' }, secrets: ['ntlm_response'] });
    const conversation = await internet.conversations.open(EWS);
    const endPoint = conversation.serverEndPoint;
    conversation.close();
    if (endPoint === undefined) throw new Error('no certificate');
    await run({ server: { endPoint }, expected: { outcome: 'ok' }, secrets: ['ntlm_response'] });
    await run({ server: { endPoint }, channelBinding: false, expected: { outcome: 'wrong_password' }, secrets: ['ntlm_response'] });
    const another = createHash('sha256').update('another').digest();
    await run({ server: { endPoint: another }, expected: { outcome: 'wrong_password' }, secrets: ['ntlm_response'] });
  });
});

describe('not logging in, with the login kept', () => {
  it.each<[string, LoginCase]>([
    [
      'where tokens alone are taken',
      {
        server: { offers: { ews: [bearer] } },
        expected: { outcome: 'modern_auth', authorizationUri: 'https://adfs.corp.example/adfs/oauth2/authorize', trustedIssuers: 'y@*' },
      },
    ],
    [
      'where there is Basic beside tokens',
      { server: { offers: { ews: [bearer, 'Basic realm="x"'] } }, expected: { outcome: 'modern_auth' } },
    ],
    [
      'where there is Basic beside Digest',
      {
        server: { offers: { ews: ['Digest nonce="x"', 'Basic realm="x"'] } },
        expected: { outcome: 'unexpected', detail: 'no_usable_scheme' },
      },
    ],
    [
      'where there is nothing to log in with',
      { host: { https: says(401) }, expected: { outcome: 'unexpected', detail: 'no_usable_scheme' } },
    ],
    [
      'where Basic takes the place of NTLM',
      { schemes: createSchemeMemory([HOST]), server: { offers: { ews: ['Basic realm="x"'] } }, expected: { outcome: 'downgrade_refused' } },
    ],
    ['where Basic is the answer to NTLM', { server: { challenge: 'Basic realm="x"' }, expected: { outcome: 'downgrade_refused' } }],
    [
      'where NTLM’s challenge is none',
      { server: { challenge: 'NTLM AAAA' }, expected: { outcome: 'unexpected', detail: 'ntlm_challenge_invalid wrong_signature' } },
    ],
    [
      'where NTLM gets no challenge',
      { server: { challenge: 'NTLM' }, expected: { outcome: 'unexpected', detail: 'ntlm_without_challenge' } },
    ],
    ['where a web site is', { host: { https: says(200, {}, '<h1>Welcome</h1>') }, expected: { outcome: 'not_exchange', status: 200 } }],
    [
      'where Outlook on the web wants its own form',
      { host: { https: says(302, { location: '/owa/auth/logon.aspx' }) }, expected: { outcome: 'not_exchange', status: 302 } },
    ],
    [
      'where a redirect leads elsewhere, which is not followed',
      {
        host: { https: says(307, { location: 'https://evil.example/EWS/Exchange.asmx' }) },
        expected: { outcome: 'not_exchange', status: 307 },
      },
    ],
    ['where there is no such path', { host: { https: says(404) }, expected: { outcome: 'not_exchange', status: 404 } }],
    ['where this computer is not let in', { host: { https: says(403) }, expected: { outcome: 'not_exchange', status: 403 } }],
    [
      'where the server is busy',
      { host: { https: says(503, { 'retry-after': '7' }) }, expected: { outcome: 'throttled', retryAfterMs: 7000 } },
    ],
    ['where nothing stands behind the door', { host: { https: says(502) }, expected: { outcome: 'unreachable', reason: 'STATUS_502' } }],
    ['where another path than EWS asks for it', { url: `https://${HOST}/owa/`, expected: { outcome: 'not_exchange', status: 0 } }],
    ['at plain http', { url: `http://${HOST}/EWS/Exchange.asmx`, expected: { outcome: 'address_refused', why: 'scheme' } }],
    [
      'at a private address',
      { host: { https: scriptedExchange({}), address: '10.0.0.9' }, expected: { outcome: 'address_refused', why: 'address' } },
    ],
    ['at another port', { url: `https://${HOST}:8443/EWS/Exchange.asmx`, expected: { outcome: 'address_refused', why: 'port' } }],
    [
      'where nobody is',
      { url: 'https://nobody.corp.example/EWS/Exchange.asmx', expected: { outcome: 'unreachable', reason: 'ENOTFOUND' } },
    ],
    [
      'where a certificate is self-signed',
      {
        host: { https: scriptedExchange({}), certificate: 'self_signed' },
        expected: { outcome: 'certificate_untrusted', why: 'self_signed' },
      },
    ],
    [
      'where a certificate has expired',
      { host: { https: scriptedExchange({}), certificate: 'expired' }, expected: { outcome: 'certificate_untrusted', why: 'expired' } },
    ],
    [
      'where a certificate is for another name',
      {
        host: { https: scriptedExchange({}), certificate: 'wrong_name' },
        expected: { outcome: 'certificate_untrusted', why: 'wrong_name' },
      },
    ],
    [
      'where a certificate is of nobody known',
      {
        host: { https: scriptedExchange({}), certificate: 'unknown_authority' },
        expected: { outcome: 'certificate_untrusted', why: 'unknown_authority' },
      },
    ],
    [
      'where the user name is empty',
      { login: { userName: ' ' }, expected: { outcome: 'credential_invalid', field: 'user_name', why: 'empty' } },
    ],
    [
      'where the user name has two domains',
      { login: { userName: 'A\\B\\c' }, expected: { outcome: 'credential_invalid', field: 'user_name', why: 'not_a_user_name' } },
    ],
    [
      'where the user name has a line break',
      { login: { userName: 'ann\r\nX: y' }, expected: { outcome: 'credential_invalid', field: 'user_name', why: 'control_character' } },
    ],
    [
      'where the user name would end too early in Basic',
      {
        server: { offers: { ews: ['Basic realm="x"'] } },
        login: { userName: 'ann:x' },
        expected: { outcome: 'credential_invalid', field: 'user_name', why: 'not_a_user_name' },
      },
    ],
    [
      'where the password is empty',
      { login: { password: '' }, expected: { outcome: 'credential_invalid', field: 'password', why: 'empty' } },
    ],
    [
      'where the password is longer than any',
      { login: { password: 'x'.repeat(257) }, expected: { outcome: 'credential_invalid', field: 'password', why: 'too_long' } },
    ],
  ])('%s', async (_what, row) => {
    await run(row);
  });

  it('where tokens are taken, and nothing more is asked than once', async () => {
    const { internet } = await run({ server: { offers: { ews: [bearer, 'Basic realm="x"'] } }, expected: { outcome: 'modern_auth' } });
    expect(internet.seen).toHaveLength(1);
  });

  it('where tokens alone are taken, which only whoever asks for it is told', async () => {
    const shy: RequestListener = (request, response) =>
      request.headers.authorization === 'Bearer'
        ? says(401, { 'www-authenticate': bearer })(request, response)
        : says(401)(request, response);
    await run({ host: { https: shy }, expected: { outcome: 'modern_auth', trustedIssuers: 'y@*' } });
  });
});

describe('what Exchange says of a login', () => {
  const busy = '<t:MessageXml xmlns:t="urn:t"><t:Value Name="BackOffMilliseconds">297749</t:Value></t:MessageXml>';
  it.each<[string, ScriptedExchange, object]>([
    ['a wrong password', { logins: { 'ann@corp.example': 'other' } }, { outcome: 'wrong_password' }],
    ['EWS is off for the person', afterLogin(403), { outcome: 'not_allowed', code: undefined }],
    ['EWS is not there for the person', afterLogin(404), { outcome: 'not_allowed', code: undefined }],
    [
      'no mailbox',
      { ews: () => ({ body: ewsMessage('Error', 'ErrorNonExistentMailbox') }) },
      { outcome: 'not_allowed', code: 'ErrorNonExistentMailbox' },
    ],
    ['no access', { ews: () => ewsFault('ErrorAccessDenied') }, { outcome: 'not_allowed', code: 'ErrorAccessDenied' }],
    [
      'the password has expired',
      { ews: () => ewsFault('ErrorPasswordExpired') },
      { outcome: 'locked_or_expired', code: 'ErrorPasswordExpired' },
    ],
    ['the account is off', { ews: () => ewsFault('ErrorAccountDisabled') }, { outcome: 'locked_or_expired', code: 'ErrorAccountDisabled' }],
    ['the password has to be changed', { ews: () => ewsFault('ErrorPasswordChangeRequired') }, { outcome: 'locked_or_expired' }],
    ['the server is busy, for minutes', { ews: () => ewsFault('ErrorServerBusy', busy) }, { outcome: 'throttled', retryAfterMs: 297_749 }],
    ['the server is busy', { ews: () => ewsFault('ErrorServerBusy') }, { outcome: 'throttled', retryAfterMs: undefined }],
    [
      'the server is busy, inside of another error',
      { ews: () => ({ body: ewsMessage('Error', 'ErrorInternalServerError', busy) }) },
      { outcome: 'throttled', retryAfterMs: 297_749, code: 'ErrorInternalServerError' },
    ],
    [
      'the server is busy for longer than anybody would wait',
      { ews: () => ewsFault('ErrorServerBusy', busy.replace('297749', '1e300')) },
      { outcome: 'throttled', retryAfterMs: 3_600_000 },
    ],
    [
      'the mailbox is on the move',
      { ews: () => ({ body: ewsMessage('Error', 'ErrorMailboxMoveInProgress') }) },
      { outcome: 'throttled', code: 'ErrorMailboxMoveInProgress' },
    ],
    ['no login to the mailbox', { ews: () => ewsFault('ErrorMailboxLogonFailed') }, { outcome: 'not_allowed' }],
    ['IIS is busy', afterLogin(503, { 'retry-after': '5' }), { outcome: 'throttled', retryAfterMs: 5000 }],
    ['too many requests', afterLogin(429), { outcome: 'throttled' }],
    [
      'a version before 2007 SP1',
      { ews: () => ewsFault('ErrorInvalidServerVersion') },
      { outcome: 'too_old', reason: 'ErrorInvalidServerVersion' },
    ],
    [
      'something that we do not know',
      { ews: () => ewsFault('ErrorInternalServerError') },
      { outcome: 'unexpected', detail: 'ErrorInternalServerError' },
    ],
    ['text of its own in the place of a code', { ews: () => ewsFault('Error <script>') }, { outcome: 'unexpected', detail: 'STATUS_500' }],
    ['a page', { ews: () => ({ body: '<html><body>Hello</body></html>' }) }, { outcome: 'not_exchange', status: 200 }],
    ['nothing', { ews: () => ({}) }, { outcome: 'not_exchange', status: 200 }],
    [
      'another operation’s answer',
      { ews: () => ({ body: ewsAnswer('<m:GetItemResponse/>') }) },
      { outcome: 'unexpected', detail: 'answer_unreadable' },
    ],
    ['two answers', { ews: () => ({ body: ewsAnswer('<m:GetFolderResponse/><m:GetFolderResponse/>') }) }, { outcome: 'unexpected' }],
    ['more than there can be', { ews: () => ({ body: 'x'.repeat(1024 * 1024 + 1) }) }, { outcome: 'unexpected', detail: 'too_large' }],
  ])('%s', async (_what, server, expected) => {
    await run({ server, expected, secrets: ['ntlm_response'] });
  });

  it('a connection that is not kept, where NTLM cannot work', async () => {
    const server = scriptedExchange({});
    const closing: RequestListener = (request, response) => {
      if (request.headers.authorization !== undefined) response.setHeader('connection', 'close');
      server(request, response);
    };
    await run({ host: { https: closing }, expected: { outcome: 'unexpected', detail: 'connection_not_kept' } });
  });
});

describe('the address of a server, as people type it', () => {
  it.each([
    ['mail.corp.example', EWS],
    [' https://mail.corp.example ', EWS],
    ['https://mail.corp.example/owa', EWS],
    ['https://mail.corp.example/owa/#path=/calendar', EWS],
    ['MAIL.corp.example/ews/exchange.asmx?wsdl', EWS],
    ['https://mail.corp.example:8443/EWS/', 'https://mail.corp.example:8443/EWS/Exchange.asmx'],
    ['10.20.0.5', 'https://10.20.0.5/EWS/Exchange.asmx'],
    ['http://mail.corp.example', undefined],
    ['ftp://mail.corp.example', undefined],
    ['https://ann:right@mail.corp.example', undefined],
    ['ann@corp.example', undefined],
    ['mail.corp.example\\owa', undefined],
    ['mail corp example', undefined],
    ['https://mail.corp.example/collect', undefined],
    ['javascript:alert(1)', undefined],
    ['', undefined],
  ])('%j', (typed, expected) => {
    expect(parseServerAddress(typed)?.href).toBe(expected);
  });
});
