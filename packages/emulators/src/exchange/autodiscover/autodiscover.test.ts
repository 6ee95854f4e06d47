import { describe, expect, test } from 'vitest';
import {
  all,
  AMIRA,
  AUTODISCOVER,
  basic,
  JONAS,
  LEA,
  startExchangeUnderTest,
  type Answer,
  type ExchangeUnderTest,
} from '../../../test/exchange-under-test.ts';
import { childOf, readXml } from '../../ews-operations/read-xml.ts';
import type { AutodiscoverAnswer } from './answers.ts';

const OUTLOOK = 'http://schemas.microsoft.com/exchange/autodiscover/outlook';
const AS_AMIRA = basic('CORP\\ahaddad', AMIRA.password);
const EWS_URL = 'https://mail.corp.example/EWS/Exchange.asmx';

function pox(exchange: ExchangeUnderTest, email: string, schema = `${OUTLOOK}/responseschema/2006a`): Promise<Answer> {
  const body = `<Autodiscover xmlns="${OUTLOOK}/requestschema/2006"><Request><EMailAddress>${email}</EMailAddress><AcceptableResponseSchema>${schema}</AcceptableResponseSchema></Request></Autodiscover>`;
  return exchange.ask({
    host: AUTODISCOVER,
    method: 'POST',
    path: '/Autodiscover/Autodiscover.xml',
    headers: { ...AS_AMIRA, 'Content-Type': 'text/xml' },
    body,
  });
}

function soap(
  exchange: ExchangeUnderTest,
  emails: readonly string[],
  {
    settings = ['ExternalEwsUrl', 'CasVersion', 'Nonsense'],
    version = '<a:RequestedServerVersion>Exchange2010</a:RequestedServerVersion>',
  } = {},
): Promise<Answer> {
  const users = emails.map((email) => `<a:User><a:Mailbox>${email}</a:Mailbox></a:User>`).join('');
  const wanted = settings.map((name) => `<a:Setting>${name}</a:Setting>`).join('');
  const body = `<s:Envelope xmlns:a="http://schemas.microsoft.com/exchange/2010/Autodiscover" xmlns:w="http://www.w3.org/2005/08/addressing" xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>${version}<w:Action>http://schemas.microsoft.com/exchange/2010/Autodiscover/Autodiscover/GetUserSettings</w:Action><w:To>https://${AUTODISCOVER}/autodiscover/autodiscover.svc</w:To></s:Header><s:Body><a:GetUserSettingsRequestMessage><a:Request><a:Users>${users}</a:Users><a:RequestedSettings>${wanted}</a:RequestedSettings></a:Request></a:GetUserSettingsRequestMessage></s:Body></s:Envelope>`;
  return exchange.ask({
    host: AUTODISCOVER,
    method: 'POST',
    path: '/autodiscover/autodiscover.svc',
    headers: { ...AS_AMIRA, 'Content-Type': 'text/xml; charset=utf-8' },
    body,
  });
}

function json(exchange: ExchangeUnderTest, path: string): Promise<Answer> {
  return exchange.ask({ host: AUTODISCOVER, path: `/autodiscover/autodiscover.json${path}` });
}

function texts({ text }: Answer, name: string): string[] {
  const root = readXml(text);
  return all(root, name).map((element) => element.text);
}

describe('Autodiscover in its first form', () => {
  test('gives the address outside and inside to whoever is logged in', async () => {
    const exchange = await startExchangeUnderTest({ version: '2007_SP1' });
    const answer = await pox(exchange, AMIRA.email);
    expect(texts(answer, 'Type')).toEqual(['EXCH', 'EXPR']);
    expect(texts(answer, 'EwsUrl')).toEqual(['https://ex01.corp.local/EWS/Exchange.asmx', EWS_URL]);
    expect(childOf(readXml(answer.text), 'Response')?.namespace).toBe(`${OUTLOOK}/responseschema/2006a`);
    expect(texts(await pox(exchange, 'Amira.Haddad@corp.example'), 'AutoDiscoverSMTPAddress')).toEqual([AMIRA.email]);
  });

  test.each<[string, string, string | undefined, string]>([
    ['an address that nobody has', 'nobody@corp.example', undefined, '500'],
    ['a text that is no address', 'nobody', undefined, '600'],
    ['the schema of phones', AMIRA.email, 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006', '601'],
  ])('refuses %s', async (_, email, schema, code) => {
    const exchange = await startExchangeUnderTest();
    expect(texts(await pox(exchange, email, schema), 'ErrorCode')).toEqual([code]);
  });

  test('sends a mailbox of Exchange Online there by another address', async () => {
    const exchange = await startExchangeUnderTest();
    const answer = await pox(exchange, LEA.email);
    expect([texts(answer, 'Action'), texts(answer, 'RedirectAddr')]).toEqual([['redirectAddr'], ['lea@corp.mail.onmicrosoft.com']]);
  });

  test('asks everybody who they are, and says that there is a SOAP form', async () => {
    const exchange = await startExchangeUnderTest();
    const answer = await exchange.ask({ host: AUTODISCOVER, path: '/autodiscover/autodiscover.xml' });
    expect(answer.status).toBe(401);
    expect(answer.challenges).toEqual(['Negotiate', 'NTLM', `Basic realm="${AUTODISCOVER}"`]);
    expect(answer.headers['x-soap-enabled']).toBe('True');
    const old = await startExchangeUnderTest({ version: '2007_SP1' });
    expect((await old.ask({ host: AUTODISCOVER, path: '/autodiscover/autodiscover.xml' })).headers['x-soap-enabled']).toBeUndefined();
  });
});

describe('Autodiscover by SOAP', () => {
  test('answers for each person and each setting', async () => {
    const exchange = await startExchangeUnderTest({ version: '2010' });
    const answer = await soap(exchange, [AMIRA.email, 'nobody@corp.example', LEA.email]);
    expect(texts(answer, 'Value')).toEqual([EWS_URL, '14.03.513.000']);
    expect(texts(answer, 'ErrorCode')).toEqual(['NoError', 'NoError', 'InvalidSetting', 'InvalidUser', 'RedirectAddress']);
    expect(texts(answer, 'RedirectTarget')).toEqual(['', '', 'lea@corp.mail.onmicrosoft.com']);
  });

  test('says at the level of the setting, of the answer and of SOAP what is wrong', async () => {
    const exchange = await startExchangeUnderTest({ autodiscover: { [AMIRA.email]: { action: 'settings', externalEwsUrl: undefined } } });
    expect(texts(await soap(exchange, [AMIRA.email]), 'ErrorCode')).toEqual([
      'NoError',
      'NoError',
      'SettingIsNotAvailable',
      'InvalidSetting',
    ]);
    expect(texts(await soap(exchange, [AMIRA.email], { version: '' }), 'ErrorCode')).toEqual(['InvalidRequest']);
    expect(texts(await soap(exchange, []), 'ErrorCode')).toEqual(['InvalidRequest']);
    expect(texts(await soap(exchange, [AMIRA.email], { settings: [] }), 'ErrorCode')).toEqual(['InvalidRequest']);
  });

  test('is not there before 2010', async () => {
    const exchange = await startExchangeUnderTest({ version: '2007_SP1' });
    expect((await soap(exchange, [AMIRA.email])).status).toBe(404);
  });
});

describe('Autodiscover V2', () => {
  test('asks nobody who they are, and is not there before 2016', async () => {
    const exchange = await startExchangeUnderTest();
    expect(JSON.parse((await json(exchange, `/v1.0/${AMIRA.email}?Protocol=EWS`)).text)).toEqual({ Protocol: 'EWS', Url: EWS_URL });
    expect(JSON.parse((await json(exchange, `?Email=${encodeURIComponent(JONAS.email)}&protocol=Ews`)).text)).toEqual({
      Protocol: 'EWS',
      Url: EWS_URL,
    });
    const old = await startExchangeUnderTest({ version: '2013' });
    expect((await json(old, `/v1.0/${AMIRA.email}?Protocol=EWS`)).status).toBe(404);
  });

  test('tells where a mailbox is that is in Exchange Online', async () => {
    const exchange = await startExchangeUnderTest();
    const { text } = await json(exchange, `/v1.0/${LEA.email}?Protocol=EWS`);
    expect(JSON.parse(text)).toEqual({ Protocol: 'EWS', Url: 'https://outlook.office365.com/EWS/Exchange.asmx' });
  });

  test.each([
    ['no address', '?Protocol=EWS', 400, 'MandatoryParameterMissing'],
    ['an address that is not encoded rightly', '/v1.0/%E0%A4%A?Protocol=EWS', 400, 'MandatoryParameterMissing'],
    ['no protocol', `/v1.0/${AMIRA.email}`, 400, 'MissingProtocol'],
    ['an unknown protocol', `/v1.0/${AMIRA.email}?Protocol=IMAP`, 400, 'ProtocolNotSupported'],
    ['an address that nobody has', '/v1.0/nobody@corp.example?Protocol=EWS', 404, 'UserNotFound'],
  ])('refuses %s', async (_, path, status, code) => {
    const exchange = await startExchangeUnderTest();
    const answer = await json(exchange, path);
    expect([answer.status, (JSON.parse(answer.text) as { ErrorCode: string }).ErrorCode]).toEqual([status, code]);
  });
});

describe('what a test makes Autodiscover say', () => {
  test('redirects, by address and by place, also in a circle', async () => {
    const exchange = await startExchangeUnderTest({
      autodiscover: {
        '@corp.example': { action: 'redirect_address', to: 'amira@branch.example' },
        '@branch.example': { action: 'redirect_address', to: AMIRA.email },
        [JONAS.email]: { action: 'redirect_url', to: 'https://autodiscover.hostile.test/autodiscover/autodiscover.xml' },
      },
    });
    expect(texts(await pox(exchange, AMIRA.email), 'RedirectAddr')).toEqual(['amira@branch.example']);
    expect(texts(await soap(exchange, ['amira@branch.example']), 'RedirectTarget')).toEqual([AMIRA.email]);
    expect(texts(await pox(exchange, JONAS.email), 'RedirectUrl')).toEqual([
      'https://autodiscover.hostile.test/autodiscover/autodiscover.xml',
    ]);
    expect(texts(await soap(exchange, [JONAS.email]), 'ErrorCode')).toEqual(['NoError', 'RedirectUrl']);
    const location = (await json(exchange, `/v1.0/${JONAS.email}?Protocol=EWS`)).headers.location ?? '';
    expect(new URL(location).host).toBe('autodiscover.hostile.test');
    exchange.control.setAutodiscover('@corp.example', undefined);
    expect(texts(await pox(exchange, AMIRA.email), 'Action')).toEqual(['settings']);
  });

  test.each<[string, AutodiscoverAnswer, number, string]>([
    ['nothing but that it is busy', { action: 'server_busy' }, 503, ''],
    ['a document of any kind', { action: 'document', body: '<!DOCTYPE lolz><x/>' }, 200, '<!DOCTYPE lolz><x/>'],
  ])('says %s', async (_, answer, status, text) => {
    const exchange = await startExchangeUnderTest();
    exchange.control.setAutodiscover(AMIRA.email, answer);
    expect(await pox(exchange, AMIRA.email)).toMatchObject({ status, text });
    expect((await json(exchange, `/v1.0/${AMIRA.email}?Protocol=EWS`)).status).toBe(status);
    expect((await soap(exchange, [AMIRA.email])).text).toContain(text === '' ? 'ServerBusy' : text);
  });

  test.each<[string, readonly ('json' | 'soap' | 'pox')[], readonly number[]]>([
    ['the first form alone', ['pox'], [200, 404, 404]],
    ['none', [], [404, 404, 404]],
  ])('is there in %s', async (_, autodiscover, statuses) => {
    const exchange = await startExchangeUnderTest();
    exchange.control.setHost({ name: AUTODISCOVER, https: { kind: 'exchange', autodiscover } });
    const answers = [
      await pox(exchange, AMIRA.email),
      await soap(exchange, [AMIRA.email]),
      await json(exchange, `/v1.0/${AMIRA.email}?Protocol=EWS`),
    ];
    expect(answers.map(({ status }) => status)).toEqual(statuses);
  });
});
