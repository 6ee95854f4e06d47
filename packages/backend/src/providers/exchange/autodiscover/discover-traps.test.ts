import { describe, expect, it } from 'vitest';
import { createSchemeMemory } from '../log-in/choose-scheme.ts';
import { poxAnswer, poxSettings, scriptedExchange } from '../scripted-exchange.contract.ts';
import { type DiscoveryCase, leadingTo, runCase, saying, webSite } from './discover-table.contract.ts';

const EWS = 'https://mail.corp.example/EWS/Exchange.asmx';
const hoster = scriptedExchange({ pox: () => poxSettings('https://mail.hoster.example/EWS/Exchange.asmx') });
const HOSTER = { 'autodiscover.hoster.example': { https: hoster }, 'mail.hoster.example': { https: scriptedExchange({}) } };
const HOSTER_URL = 'https://autodiscover.hoster.example/autodiscover/autodiscover.xml';
const evil = scriptedExchange({ offers: { autodiscover: ['Basic realm="Exchange"'] }, headers: { 'x-feserver': 'EX01' } });

describe('a trap', () => {
  const nothing = { outcome: 'not_found' };
  it.each<[string, DiscoveryCase]>([
    [
      'a web site that answers everything, at both names',
      { hosts: { 'corp.example': { https: webSite }, 'autodiscover.corp.example': { https: webSite } }, expected: nothing },
    ],
    [
      'a web site that asks everybody for a password',
      { hosts: { 'corp.example': { https: saying(401, { 'www-authenticate': 'Basic realm="Members"' }) } }, expected: nothing },
    ],
    [
      'a web site that leads to its page for logging in',
      { hosts: { 'corp.example': { https: leadingTo('/login?next=/autodiscover') } }, expected: nothing },
    ],
    [
      'a server that wants the password elsewhere than at Autodiscover',
      {
        hosts: {
          'autodiscover.corp.example': {
            https: (request, response) => (request.url === '/collect/x.xml' ? evil : leadingTo('/collect/x.xml'))(request, response),
          },
        },
        expected: nothing,
      },
    ],
    [
      'autodiscover.<tld>, which is never asked',
      { hosts: { 'autodiscover.example': { https: evil } }, expected: nothing, neverAsked: ['autodiscover.example'] },
    ],
    [
      'autodiscover.com.br, which is never asked',
      { hosts: { 'autodiscover.com.br': { https: evil } }, request: { address: 'ann@corp.com.br' }, expected: nothing },
    ],
    [
      'a mail address at a public suffix',
      {
        hosts: { 'autodiscover.co.uk': { https: evil } },
        request: { address: 'ann@co.uk' },
        expected: { outcome: 'address_invalid', why: 'no_registrant' },
      },
    ],
    [
      'NTLM at first, and then nothing but Basic',
      {
        hosts: { 'autodiscover.corp.example': { https: scriptedExchange({ challenge: 'Basic realm="Exchange"' }) } },
        expected: { outcome: 'downgrade_refused', host: 'autodiscover.corp.example' },
      },
    ],
    [
      'Basic alone, where NTLM was offered before',
      {
        hosts: { 'autodiscover.corp.example': { https: evil } },
        parts: { schemes: createSchemeMemory(['autodiscover.corp.example']) },
        expected: { outcome: 'downgrade_refused' },
      },
    ],
    [
      'Basic beside a scheme that nobody knows',
      {
        hosts: {
          'autodiscover.corp.example': { https: scriptedExchange({ offers: { autodiscover: ['Basic realm="x"', 'Digest nonce="y"'] } }) },
        },
        expected: { outcome: 'unexpected', detail: 'no_usable_scheme' },
      },
    ],
    [
      'tokens only',
      {
        hosts: {
          'autodiscover.corp.example': {
            https: scriptedExchange({
              offers: {
                autodiscover: [
                  'Bearer client_id="x", authorization_uri="https://login.windows.net/common/oauth2/authorize"',
                  'Basic realm="x"',
                ],
              },
            }),
          },
        },
        expected: { outcome: 'modern_auth', authorizationUri: 'https://login.windows.net/common/oauth2/authorize' },
      },
    ],
    [
      'a redirect to itself',
      {
        hosts: { 'autodiscover.corp.example': { https: leadingTo('https://autodiscover.corp.example/autodiscover/autodiscover.xml') } },
        expected: nothing,
      },
    ],
    [
      'two hosts that lead to each other',
      {
        hosts: {
          'corp.example': { https: leadingTo('https://autodiscover.corp.example/autodiscover/autodiscover.xml') },
          'autodiscover.corp.example': { https: leadingTo('https://corp.example/autodiscover/autodiscover.xml') },
        },
        expected: nothing,
      },
    ],
    [
      'addresses that lead to each other',
      {
        hosts: {
          'autodiscover.corp.example': {
            https: scriptedExchange({
              pox: (mailbox) =>
                poxAnswer(
                  `<Action>redirectAddr</Action><RedirectAddr>${mailbox === 'ann@corp.example' ? 'bea' : 'ann'}@corp.example</RedirectAddr>`,
                ),
            }),
          },
        },
        expected: nothing,
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'a redirect to plain http',
      {
        hosts: {
          'corp.example': { https: leadingTo('http://mail.corp.example/autodiscover/autodiscover.xml') },
          'mail.corp.example': { http: evil },
        },
        expected: nothing,
      },
    ],
    [
      'a redirect of plain http to plain http',
      {
        hosts: {
          'autodiscover.corp.example': { http: leadingTo('http://mail.corp.example/autodiscover/autodiscover.xml') },
          'mail.corp.example': { http: evil },
        },
        expected: nothing,
      },
    ],
    [
      'a redirect of plain http by another status',
      {
        hosts: { 'autodiscover.corp.example': { http: leadingTo(HOSTER_URL, 307) }, ...HOSTER },
        expected: nothing,
        neverAsked: ['autodiscover.hoster.example'],
      },
    ],
    ['a password page at plain http', { hosts: { 'autodiscover.corp.example': { http: evil } }, expected: nothing }],
    [
      'a redirect to another port',
      {
        hosts: { 'autodiscover.corp.example': { https: leadingTo('https://mail.corp.example:8443/autodiscover/autodiscover.xml') } },
        expected: { outcome: 'address_refused', why: 'port' },
      },
    ],
    [
      'a redirect with a user in it',
      {
        hosts: {
          'autodiscover.corp.example': { https: leadingTo('https://corp.example@evil.example/autodiscover/autodiscover.xml') },
          'evil.example': { https: evil },
        },
        expected: nothing,
        neverAsked: ['evil.example'],
      },
    ],
    [
      'a service at another port',
      {
        hosts: { 'mail.corp.example': { https: evil } },
        services: [{ name: 'mail.corp.example', port: 8443, priority: 0, weight: 0 }],
        expected: nothing,
        neverAsked: ['mail.corp.example'],
      },
    ],
    [
      'a service that is an address',
      { hosts: {}, services: [{ name: '127.0.0.1:80', port: 443, priority: 0, weight: 0 }], expected: nothing },
    ],
    [
      'a name with a private address',
      {
        hosts: { 'autodiscover.corp.example': { https: evil, address: '10.1.2.3' } },
        expected: { outcome: 'address_refused', why: 'address' },
      },
    ],
    [
      'a redirect to the metadata of a cloud',
      {
        hosts: { 'autodiscover.corp.example': { https: leadingTo('https://169.254.169.254/autodiscover/autodiscover.xml') } },
        expected: { outcome: 'address_refused', why: 'address' },
      },
    ],
    [
      'an EWS address at a private address of the domain',
      {
        hosts: {
          'autodiscover.corp.example': { https: scriptedExchange({ pox: () => poxSettings(EWS) }) },
          'mail.corp.example': { https: evil, address: '192.168.1.1' },
        },
        expected: { outcome: 'address_refused', host: 'mail.corp.example' },
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'an EWS address that is none',
      {
        hosts: {
          'autodiscover.corp.example': { https: scriptedExchange({ pox: () => poxSettings('https://mail.corp.example/collect') }) },
        },
        expected: nothing,
        secretsTo: ['autodiscover.corp.example'],
        neverAsked: ['mail.corp.example'],
      },
    ],
    [
      'an EWS address where a web site is',
      {
        hosts: {
          'autodiscover.corp.example': { https: scriptedExchange({ pox: () => poxSettings(EWS) }) },
          'mail.corp.example': { https: webSite },
        },
        expected: { outcome: 'not_exchange', host: 'mail.corp.example' },
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
  ])('%s', async (_what, row) => {
    await runCase(row);
  });
});

it('follows ten redirects, and no more, whatever leads on', async () => {
  const { internet } = await runCase({
    hosts: {
      'autodiscover.corp.example': {
        https: (request, response) => {
          const next = Number(/(\d+)\.xml$/.exec(request.url ?? '')?.[1] ?? 0) + 1;
          response.writeHead(302, { location: `/autodiscover/${next}.xml` }).end();
        },
      },
    },
    expected: { outcome: 'not_found' },
  });
  expect(internet.seen.filter(({ path }) => /\d+\.xml$/.test(path)).map(({ path }) => path)).toEqual(
    Array.from({ length: 10 }, (_, index) => `/autodiscover/${index + 1}.xml`),
  );
});
