import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';
import { describe, expect, test } from 'vitest';
import {
  AMIRA,
  AUTODISCOVER,
  basic,
  ewsAsking,
  MAIL,
  startExchangeUnderTest,
  toEwsAnswer,
  type ExchangeUnderTest,
} from '../../test/exchange-under-test.ts';
import { negotiateMessage } from '../../test/ntlm-client.ts';
import type { CertificateKind } from './certificates/host-certificates.ts';
import type { ExchangeEmulatorOptions } from './options.ts';
import { startExchangeEmulator } from './start-exchange-emulator.ts';

const GET_FOLDER =
  '<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="calendar"/></m:FolderIds></m:GetFolder>';
const APEX = 'corp.example';
const TRIPWIRE = 'autodiscover.example';
const AS_AMIRA = basic(AMIRA.email, AMIRA.password);

describe('the hosts of a company', () => {
  test('are told apart by their names, and paths are not by their case', async () => {
    const exchange = await startExchangeUnderTest();
    expect((await exchange.ask({ path: '/EWS/exchange.ASMX' })).status).toBe(401);
    expect((await exchange.ask({ host: AUTODISCOVER, path: '/AutoDiscover/autodiscover.xml' })).status).toBe(401);
    expect((await exchange.ask({ host: APEX, path: '/autodiscover/autodiscover.xml' })).text).toContain('Welcome to Corp');
    expect((await exchange.ask({ path: '/nothing' })).status).toBe(404);
  });

  test('lead whoever opens them in a browser to the page for logging in', async () => {
    const exchange = await startExchangeUnderTest();
    expect((await exchange.ask({ path: '/' })).headers.location).toBe('https://mail.corp.example/owa/');
    const { status, headers } = await exchange.ask({ path: '/owa/' });
    expect([status, headers.location]).toEqual([
      302,
      expect.stringMatching(/^https:\/\/mail.corp.example\/owa\/auth\/logon.aspx\?url=https%3A/),
    ]);
    expect((await exchange.ask({ path: '/owa/auth/logon.aspx' })).headers['content-type']).toContain('text/html');
  });

  test('have servers that answer plain http with 403, and web sites that do not mind', async () => {
    const exchange = await startExchangeUnderTest();
    exchange.control.setHost({ name: MAIL, http: { kind: 'exchange' } });
    expect((await exchange.ask({ plain: true, path: '/EWS/Exchange.asmx' })).status).toBe(403);
    expect((await exchange.ask({ plain: true, host: APEX })).status).toBe(200);
    expect((await exchange.ask({ plain: true, host: AUTODISCOVER })).status).toBe(421);
  });
});

describe('the traps', () => {
  test('a web site that answers everything keeps what it was sent', async () => {
    const exchange = await startExchangeUnderTest();
    const { control } = exchange;
    await exchange.ask({ host: APEX, path: '/autodiscover/autodiscover.xml' });
    await exchange.ask({ host: APEX, headers: { Authorization: 'Bearer' } });
    expect(control.credentialsSentTo(APEX)).toEqual([]);
    expect((await exchange.ask({ host: APEX, headers: AS_AMIRA })).status).toBe(200);
    await exchange.ask({ host: APEX, headers: { Authorization: `NTLM ${negotiateMessage().toString('base64')}` } });
    await exchange.ask({ host: APEX, method: 'POST', path: '/login', body: `password=${encodeURIComponent(AMIRA.password)}` });
    await exchange.ask({ host: APEX, path: `/?p=${AMIRA.password.replaceAll(' ', '+')}` });
    expect(control.credentialsSentTo(APEX)).toMatchObject([
      { credentials: { scheme: 'basic', userName: AMIRA.email, password: AMIRA.password } },
      { credentials: { scheme: 'ntlm', step: 'negotiate' } },
      { path: '/login', hasPasswordInside: true },
      { path: '/', hasPasswordInside: true },
    ]);
    control.clearRequests();
    expect(control.requests).toEqual([]);
  });

  test('a tripwire asks everybody for Basic, and sees who asks for its name', async () => {
    const exchange = await startExchangeUnderTest();
    expect((await exchange.ask({ plain: true, host: TRIPWIRE })).headers.location).toBe(
      'https://autodiscover.example/Autodiscover/Autodiscover.xml',
    );
    const refused = await exchange.ask({ host: TRIPWIRE, path: '/Autodiscover/Autodiscover.xml' });
    expect(refused).toMatchObject({ status: 401, challenges: ['Basic realm="autodiscover.example"'] });
    expect((await exchange.ask({ host: TRIPWIRE, headers: AS_AMIRA })).status).toBe(200);
    expect(exchange.control.credentialsSentTo(TRIPWIRE)).toHaveLength(1);
    await exchange.network.resolve(`${TRIPWIRE}.`);
    expect(exchange.control.lookups).toEqual([{ type: 'address', name: TRIPWIRE }]);
  });

  test('a hostile web site takes a whole handshake of NTLM', async () => {
    const exchange = await startExchangeUnderTest({ hosts: [{ name: APEX, https: { kind: 'website', challenge: 'ntlm' } }] });
    expect((await exchange.ask({ host: APEX })).challenges).toEqual(['NTLM']);
    expect((await exchange.askByNtlm({ ...AMIRA, domain: 'CORP' }, { host: APEX })).status).toBe(200);
    expect(exchange.control.credentialsSentTo(APEX)).toMatchObject([
      { credentials: { step: 'negotiate' } },
      { credentials: { step: 'authenticate', userName: 'CORP\\ahaddad' } },
    ]);
  });

  test('a server offers Basic alone where it offered NTLM before', async () => {
    const exchange = await startExchangeUnderTest();
    expect((await exchange.ask(ewsAsking(GET_FOLDER))).challenges).toEqual(['Negotiate', 'NTLM']);
    exchange.control.setHost({ name: MAIL, https: { kind: 'exchange', authentication: { ews: ['basic'] } } });
    expect((await exchange.ask(ewsAsking(GET_FOLDER))).challenges).toEqual([`Basic realm="${MAIL}"`]);
    exchange.control.reset();
    expect((await exchange.ask(ewsAsking(GET_FOLDER))).challenges).toEqual(['Negotiate', 'NTLM']);
  });

  test('redirects lead elsewhere, over plain http too, and in a circle', async () => {
    const to = `https://${AUTODISCOVER}/autodiscover/autodiscover.xml`;
    const exchange = await startExchangeUnderTest({
      hosts: [
        {
          name: AUTODISCOVER,
          https: { kind: 'redirect', to, status: 301 },
          http: { kind: 'redirect', to: 'https://login.hostile.test/x' },
        },
      ],
    });
    const secure = await exchange.ask({ host: AUTODISCOVER });
    expect([secure.status, secure.headers.location]).toEqual([301, to]);
    const plain = await exchange.ask({ host: AUTODISCOVER, plain: true });
    expect([plain.status, plain.headers.location]).toEqual([302, 'https://login.hostile.test/x']);
  });

  test('a silent host never answers, and the log has what it was sent', async () => {
    const exchange = await startExchangeUnderTest({ hosts: [{ name: APEX, https: { kind: 'silent' } }] });
    const agent = exchange.connection();
    const waiting = exchange.ask({ host: APEX, agent, headers: AS_AMIRA }).then(
      () => 'answered',
      () => 'ended',
    );
    await expect.poll(() => exchange.control.credentialsSentTo(APEX)).toHaveLength(1);
    agent.destroy();
    expect(await waiting).toBe('ended');
  });

  test('faults answer with anything, late, or not at all', async () => {
    const exchange = await startExchangeUnderTest();
    const { control } = exchange;
    const end = control.addFault({ host: MAIL, group: 'ews', body: '<a>', status: 200, headers: { 'X-Odd': 'yes' } });
    expect(await exchange.ask(ewsAsking(GET_FOLDER))).toMatchObject({ status: 200, text: '<a>', headers: { 'x-odd': 'yes' } });
    expect((await exchange.ask({ path: '/nothing' })).status).toBe(404);
    end();
    control.addFault({ host: MAIL, drop: true, times: 1 });
    await expect(exchange.ask(ewsAsking(GET_FOLDER))).rejects.toThrow(/hang up|ECONNRESET/);
    control.addFault({ host: MAIL, delayMs: 60, status: 503, times: 1 });
    const before = performance.now();
    expect((await exchange.ask(ewsAsking(GET_FOLDER))).status).toBe(503);
    expect(performance.now() - before).toBeGreaterThan(50);
    control.addFault({ group: 'ews', operation: 'GetFolder', status: 500, body: 'nonsense', contentType: 'text/plain' });
    expect(await exchange.call(GET_FOLDER)).toMatchObject({ status: 500, text: 'nonsense' });
    control.reset();
    expect((await exchange.call(GET_FOLDER)).code).toBe('NoError');
  });
});

describe('certificates', () => {
  test.each<[CertificateKind, string]>([
    ['self_signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['untrusted', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['wrong_name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['not_yet_valid', 'CERT_NOT_YET_VALID'],
  ])('one that is %s is refused with %s, and nothing was sent', async (certificate, code) => {
    const exchange = await startExchangeUnderTest({ hosts: [{ name: MAIL, certificate }] });
    await expect(exchange.ask({ headers: AS_AMIRA })).rejects.toMatchObject({ code });
    expect(exchange.control.requests).toEqual([]);
    exchange.control.setHost({ name: MAIL, certificate: 'trusted' });
    expect((await exchange.ask({})).status).toBe(302);
  });

  test('nobody answers by a name that nobody has', async () => {
    const exchange = await startExchangeUnderTest();
    await expect(exchange.ask({ host: 'other.corp.example' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    exchange.control.setHost({ name: MAIL, https: { kind: 'closed' } });
    await expect(exchange.ask({})).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('a server of 2007 speaks TLS 1.0 and nothing newer', async () => {
    const exchange = await startExchangeUnderTest({ version: '2007_SP1', tls: '1.0' });
    await expect(exchange.ask({})).rejects.toThrow(/protocol|version/i);
    const old = { host: '127.0.0.1', port: exchange.port, servername: MAIL, ca: exchange.ca };
    const socket = connect({ ...old, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' });
    await once(socket, 'secureConnect');
    expect(socket.getProtocol()).toBe('TLSv1');
    socket.destroy();
  });
});

describe('the way there', () => {
  test('is told by a name service of its own, which remembers what it was asked', async () => {
    const srv = { '_autodiscover._tcp.corp.example': [{ name: MAIL, port: 443, priority: 0, weight: 0 }] };
    const { network, control } = await startExchangeUnderTest({
      hosts: [
        { name: MAIL, addresses: ['203.0.113.7', '2001:db8::7'] },
        { name: AUTODISCOVER, addresses: [] },
      ],
      srv,
      mx: { [APEX]: [{ exchange: 'corp-example.mail.protection.outlook.com', priority: 10 }] },
    });
    expect(await network.resolve('Mail.Corp.Example')).toEqual(['203.0.113.7', '2001:db8::7']);
    await expect(network.resolve(AUTODISCOVER)).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(network.resolve(APEX)).rejects.toMatchObject({ code: 'ENOTFOUND' });
    expect(await network.resolveSrv('_autodiscover._tcp.corp.example')).toEqual(srv['_autodiscover._tcp.corp.example']);
    expect((await network.resolveMx(APEX))[0]?.exchange).toMatch(/outlook.com$/);
    expect(control.lookups.map(({ type }) => type)).toEqual(['address', 'address', 'address', 'srv', 'mx']);
    control.setRecords({ srv: {} });
    await expect(network.resolveSrv('_autodiscover._tcp.corp.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  test('leads through a proxy to the ports that hosts would have, by name and by address, and nowhere else', async () => {
    const exchange = await startExchangeUnderTest({
      hosts: [
        { name: MAIL, addresses: ['203.0.113.7', '2001:db8::7'] },
        { name: APEX, https: { kind: 'closed' }, http: { kind: 'website' } },
      ],
    });
    const { network, control, port, httpPort } = exchange;
    expect(network.route(MAIL, 443)).toEqual({ host: '127.0.0.1', port });
    expect(network.route('[2001:db8::7]', 443)).toEqual({ host: '127.0.0.1', port });
    expect(network.route(APEX, 80)).toEqual({ host: '127.0.0.1', port: httpPort });
    for (const [host, wanted] of [
      [APEX, 443],
      [MAIL, 80],
      [MAIL, 8443],
      ['203.0.113.8', 443],
    ] as const)
      expect(network.route(host, wanted)).toBeUndefined();
    expect(await tunnel(exchange, '203.0.113.7:443')).toMatch(/^HTTP\/1.1 200 /);
    expect(await tunnel(exchange, 'login.hostile.test:443')).toMatch(/^HTTP\/1.1 502 /);
    expect(control.connectionAttempts).toEqual(['203.0.113.7:443', 'login.hostile.test:443']);
  });
});

describe('starting', () => {
  test.each<[ExchangeEmulatorOptions | Record<string, unknown>, string]>([
    [{ version: '2003' }, 'version: expected one of 2007_SP1, 2010, 2013, 2016, SE, received 2003'],
    [{ hosts: [] }, 'hosts: expected at least one host, received none'],
    [{ hosts: [{ name: 'mail corp' }] }, 'hosts[].name: expected a host name, received mail corp'],
    [{ hosts: [{ name: MAIL, certificate: 'odd' }] }, 'hosts[].certificate: expected one of trusted, self_signed'],
    [{ hosts: [{ name: MAIL, https: { kind: 'redirect', to: '/owa' } }] }, 'hosts[].https.to: expected an absolute address, received /owa'],
    [
      { people: [{ email: 'a@corp.example', name: 'A', password: 'p', timeZone: 'Berlin' }] },
      'people[].timeZone: expected an IANA time zone, received Berlin',
    ],
    [
      { hosts: [{ name: MAIL, http: { kind: 'ftp' } }] },
      'hosts[].http.kind: expected one of exchange, website, redirect, closed, silent, received ftp',
    ],
    [
      { hosts: [{ name: MAIL, https: { kind: 'exchange', authentication: { ews: ['kerberos'] } } }] },
      'hosts[].https.authentication: expected one of negotiate, ntlm, basic, bearer, received kerberos',
    ],
    [{ people: [{ email: 'a@corp.example', name: 'A', password: 'p', state: 'gone' }] }, 'people[].state: expected one of active, locked'],
    [{ ewsUrl: 'mail' }, 'ewsUrl: expected an absolute address, received mail'],
    [{ tls: '1.1' }, 'tls: expected one of current, 1.0, received 1.1'],
    [{ lockoutThreshold: -1 }, 'lockoutThreshold: expected a whole number from 0, received -1'],
  ])('is refused with %j', async (options, message) => {
    await expect(startExchangeEmulator(options as ExchangeEmulatorOptions)).rejects.toThrow(message);
  });

  test('fails on a port that is taken, and leaves nothing open', async () => {
    const exchange = await startExchangeUnderTest();
    await expect(startExchangeEmulator({ httpPort: exchange.httpPort })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('takes people who come later, and forgets nobody at a reset', async () => {
    const exchange = await startExchangeUnderTest({ people: [] });
    exchange.control.addPerson({ email: 'New@corp.example', name: 'New', password: 'pass' });
    exchange.control.addEvent('new@corp.example', {
      subject: 'First day',
      start: { dateTime: '2026-11-18T09:00:00', timeZone: 'UTC' },
      end: { dateTime: '2026-11-18T10:00:00', timeZone: 'UTC' },
    });
    exchange.control.reset();
    const answer = await exchange.askByNtlm({ user: 'new', domain: 'CORP', password: 'pass' }, ewsAsking(GET_FOLDER));
    expect(toEwsAnswer(answer).code).toBe('NoError');
    expect(exchange.control.eventsOf('new@corp.example').map(({ fields }) => fields.subject)).toEqual(['First day']);
    expect(() => exchange.control.eventsOf('nobody@corp.example')).toThrow(RangeError);
    expect(() => exchange.control.setFor('nobody@corp.example', { state: 'locked' })).toThrow(RangeError);
  });
});

async function tunnel({ network }: ExchangeUnderTest, target: string): Promise<string> {
  const socket = connectTcp(Number(new URL(network.proxyUrl).port), '127.0.0.1');
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString();
}
