import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { OutboundError } from '../../../outbound/outbound-error.ts';
import { type Answer, poxAnswer, scriptedExchange } from '../scripted-exchange.contract.ts';
import type { Host } from '../scripted-internet.contract.ts';
import { type DiscoveryCase, runCase, saying, webSite } from './discover-table.contract.ts';
import type { DiscoveryParts } from './search.ts';

const MAIL = 'mail.corp.example';
const OUTSIDE = `https://${MAIL}/EWS/Exchange.asmx`;
const INSIDE = 'https://ex01.corp.local/EWS/Exchange.asmx';

/** A document with an address for each of these kinds of protocol. */
function settings(urls: Readonly<Record<string, string>>): () => Answer {
  const protocols = Object.entries(urls).map(([type, url]) => `<Protocol><Type>${type}</Type><EwsUrl>${url}</EwsUrl></Protocol>`);
  return () => poxAnswer(`<Action>settings</Action>${protocols.join('')}`);
}

function naming(urls: Readonly<Record<string, string>>): Host {
  return { https: scriptedExchange({ pox: settings(urls) }) };
}

const v2 = (url: string): Host => ({
  https: scriptedExchange({
    v2: () => ({ body: JSON.stringify({ Protocol: 'EWS', Url: url }) }),
    pox: settings({ EXPR: url, EXCH: INSIDE }),
  }),
});

/** What is wrong with the server, and what the person is told of it. */
const TROUBLES: readonly (readonly [string, Host | undefined, object])[] = [
  ['has no address', undefined, { outcome: 'unreachable' }],
  ['is closed', {}, { outcome: 'unreachable' }],
  ['is a web site', { https: webSite }, { outcome: 'not_exchange', status: 200 }],
  ['lets nobody in', { https: saying(403) }, { outcome: 'not_exchange', status: 403 }],
  ['is busy', { https: saying(503, { 'retry-after': '60' }) }, { outcome: 'throttled', retryAfterMs: 60_000 }],
  ['is behind a proxy that finds nobody', { https: saying(502) }, { outcome: 'unreachable', reason: 'STATUS_502' }],
  [
    'has an expired certificate',
    { https: scriptedExchange({}), certificate: 'expired' },
    { outcome: 'certificate_untrusted', why: 'expired' },
  ],
];

describe('where the server that Autodiscover names', () => {
  it.each(TROUBLES)('%s, that is told, and nobody is asked about the name beside it', async (_what, host, expected) => {
    const hosts = { 'autodiscover.corp.example': naming({ EXCH: INSIDE, EXPR: OUTSIDE }), ...(host && { [MAIL]: host }) };
    await runCase({
      hosts,
      expected: { ...expected, host: MAIL },
      secretsTo: ['autodiscover.corp.example'],
      neverAsked: ['ex01.corp.local'],
    });
  });

  it.each(TROUBLES)('%s, that is told where it has one name inside and outside', async (_what, host, expected) => {
    const hosts = { 'autodiscover.corp.example': naming({ EXCH: OUTSIDE, EXPR: OUTSIDE }), ...(host && { [MAIL]: host }) };
    await runCase({ hosts, expected: { ...expected, host: MAIL }, secretsTo: ['autodiscover.corp.example'] });
  });

  it.each(TROUBLES)('%s, that is told before anybody types a password', async (_what, host, expected) => {
    const hosts = { 'autodiscover.corp.example': v2(OUTSIDE), ...(host && { [MAIL]: host }) };
    await runCase({ hosts, request: { login: undefined }, expected: { ...expected, host: MAIL } });
  });
});

const HOSTER = 'https://mail.hoster.example/EWS/Exchange.asmx';

describe('of two addresses in one answer', () => {
  it.each<[string, DiscoveryCase]>([
    [
      'the one for the inside is taken where it is the domain’s own and the other does not answer',
      {
        hosts: {
          'autodiscover.corp.example': naming({ EXPR: OUTSIDE, EXCH: 'https://ex01.corp.example/EWS/Exchange.asmx' }),
          'ex01.corp.example': { https: scriptedExchange({}) },
        },
        expected: { outcome: 'found', ewsUrl: new URL('https://ex01.corp.example/EWS/Exchange.asmx') },
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'the one for the inside is taken where a rule allows it',
      {
        hosts: { 'autodiscover.corp.example': naming({ EXPR: OUTSIDE, EXCH: INSIDE }), 'ex01.corp.local': { https: scriptedExchange({}) } },
        parts: { allows: (_, host) => host === 'ex01.corp.local' },
        expected: { outcome: 'found', vouchedBy: 'rule' },
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'somebody else’s for the outside is asked about, whatever is wrong with the one for the inside',
      {
        hosts: { 'autodiscover.corp.example': naming({ EXPR: HOSTER, EXCH: 'https://ex01.corp.example/EWS/Exchange.asmx' }) },
        expected: { outcome: 'needs_consent', host: 'mail.hoster.example', namedBy: 'ews_url' },
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
  ])('%s', async (_what, row) => {
    await runCase(row);
  });
});

describe('where there is an address for the inside alone', () => {
  it.each<[string, DiscoveryCase]>([
    [
      'and its name is in no public DNS, that is told',
      {
        hosts: { 'autodiscover.corp.example': naming({ EXCH: INSIDE }) },
        expected: { outcome: 'unreachable', reason: 'name_of_the_inside', host: 'ex01.corp.local' },
        secretsTo: ['autodiscover.corp.example'],
        neverAsked: ['ex01.corp.local'],
      },
    ],
    [
      'and its name, with the root’s dot behind it, is in no public DNS, that is told',
      {
        hosts: { 'autodiscover.corp.example': naming({ EXCH: INSIDE.replace('.local', '.local.') }) },
        expected: { outcome: 'unreachable', reason: 'name_of_the_inside' },
        secretsTo: ['autodiscover.corp.example'],
        neverAsked: ['ex01.corp.local.'],
      },
    ],
    [
      'and it is another’s in the public DNS, the person is asked',
      {
        hosts: { 'autodiscover.corp.example': naming({ EXCH: HOSTER }) },
        expected: { outcome: 'needs_consent', host: 'mail.hoster.example', namedBy: 'ews_url' },
        secretsTo: ['autodiscover.corp.example'],
        neverAsked: ['mail.hoster.example'],
      },
    ],
    [
      'beside one of a newer kind, that one is asked about',
      {
        hosts: { 'autodiscover.corp.example': naming({ EXCH: INSIDE, EXHTTP: HOSTER }) },
        expected: { outcome: 'needs_consent', host: 'mail.hoster.example', namedBy: 'ews_url' },
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
  ])('%s', async (_what, row) => {
    await runCase(row);
  });
});

describe('a refusal of the server that is named', () => {
  const wrong = scriptedExchange({ logins: {} }) satisfies RequestListener;

  it('says less than a refused password', async () => {
    await runCase({
      hosts: { 'corp.example': v2(OUTSIDE), 'autodiscover.corp.example': { https: wrong }, [MAIL]: { https: saying(503) } },
      request: { login: { userName: 'ann@corp.example', password: 'wrong' } },
      expected: { outcome: 'wrong_password' },
      secretsTo: ['autodiscover.corp.example', 'corp.example'],
    });
  });

  it('says less than a server that is found after it', async () => {
    await runCase({
      hosts: {
        'corp.example': v2('https://old.corp.example/EWS/Exchange.asmx'),
        'autodiscover.corp.example': v2(OUTSIDE),
        [MAIL]: { https: scriptedExchange({}) },
      },
      expected: { outcome: 'found', ewsUrl: new URL(OUTSIDE) },
    });
  });
});

describe('where the way out is closed', () => {
  const hosts = { 'autodiscover.corp.example': naming({ EXPR: OUTSIDE }) };
  const closed = (reason: string): Partial<DiscoveryParts> => {
    const fail = (): Promise<never> => Promise.reject(new OutboundError('proxy_failed', 'the egress proxy', reason));
    return { conversations: { open: fail, askPlainRedirect: fail } };
  };

  it.each(['ECONNREFUSED', 'STATUS_407', 'STATUS_403'])('by our own proxy (%s), nobody’s domain is to blame', async (reason) => {
    await runCase({ hosts, parts: closed(reason), expected: { outcome: 'unreachable', reason: `proxy_failed ${reason}` } });
  });

  it('at the other end, the domain has no server', async () => {
    await runCase({ hosts, parts: closed('STATUS_502'), expected: { outcome: 'not_found' } });
  });

  it('is told without a word of the person’s in it', async () => {
    const { outcome } = await runCase({ hosts, parts: closed('ECONNREFUSED'), expected: { outcome: 'unreachable' } });
    expect(JSON.stringify(outcome)).not.toContain('ann@');
  });
});
