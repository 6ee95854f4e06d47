import { describe, it } from 'vitest';
import { poxAnswer, poxSettings, scriptedExchange } from '../scripted-exchange.contract.ts';
import { type DiscoveryCase, leadingTo, runCase } from './discover-table.contract.ts';

const hoster = scriptedExchange({ pox: () => poxSettings('https://mail.hoster.example/EWS/Exchange.asmx') });
const HOSTER = { 'autodiscover.hoster.example': { https: hoster }, 'mail.hoster.example': { https: scriptedExchange({}) } };
const HOSTER_URL = 'https://autodiscover.hoster.example/autodiscover/autodiscover.xml';
const evil = scriptedExchange({ offers: { autodiscover: ['Basic realm="Exchange"'] }, headers: { 'x-feserver': 'EX01' } });

describe('somebody else’s server gets a password only after a yes', () => {
  const consent = (namedBy: string, host = 'autodiscover.hoster.example') => ({ outcome: 'needs_consent', host, namedBy });
  const byHttp = { 'autodiscover.corp.example': { http: leadingTo(HOSTER_URL) }, ...HOSTER };
  it.each<[string, DiscoveryCase]>([
    ['where plain http leads there', { hosts: byHttp, expected: consent('plain_http_redirect') }],
    [
      'where an answer leads there',
      { hosts: { 'corp.example': { https: leadingTo(HOSTER_URL) }, ...HOSTER }, expected: consent('redirect') },
    ],
    [
      'where the DNS names it',
      { hosts: HOSTER, services: [{ name: 'autodiscover.hoster.example', port: 443, priority: 0, weight: 0 }], expected: consent('srv') },
    ],
    [
      'where a document leads there',
      {
        hosts: {
          'autodiscover.corp.example': {
            https: scriptedExchange({ pox: () => poxAnswer(`<Action>redirectUrl</Action><RedirectUrl>${HOSTER_URL}</RedirectUrl>`) }),
          },
          ...HOSTER,
        },
        expected: consent('redirect'),
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'where a document names its EWS, which is not even asked',
      {
        hosts: { 'autodiscover.corp.example': { https: hoster }, 'mail.hoster.example': { https: scriptedExchange({}) } },
        expected: consent('ews_url', 'mail.hoster.example'),
        secretsTo: ['autodiscover.corp.example'],
        neverAsked: ['mail.hoster.example'],
      },
    ],
    [
      'where the form without credentials names its EWS',
      {
        hosts: {
          'corp.example': {
            https: scriptedExchange({ v2: () => ({ body: '{"Protocol":"EWS","Url":"https://mail.hoster.example/EWS/Exchange.asmx"}' }) }),
          },
          'mail.hoster.example': { https: evil },
        },
        expected: consent('ews_url', 'mail.hoster.example'),
        // It offers NTLM for plain XML, so the login goes to the domain itself; it has no such document.
        secretsTo: ['corp.example'],
      },
    ],
    [
      'where another customer of the same hoster is named',
      {
        hosts: {
          'autodiscover.corp.pages.example': { http: leadingTo('https://evil.pages.example/autodiscover/autodiscover.xml') },
          'evil.pages.example': { https: evil },
        },
        request: { address: 'ann@corp.pages.example' },
        expected: consent('plain_http_redirect', 'evil.pages.example'),
      },
    ],
    [
      'and is found once the person has said yes',
      {
        hosts: byHttp,
        request: { approvedHosts: ['autodiscover.hoster.example'] },
        expected: { outcome: 'found', via: 'pox', vouchedBy: 'person' },
        secretsTo: ['autodiscover.hoster.example'],
      },
    ],
    [
      'and is found where a rule allows it',
      {
        hosts: byHttp,
        parts: { allows: (domain, host) => domain === 'corp.example' && host.endsWith('.hoster.example') },
        expected: { outcome: 'found', vouchedBy: 'rule' },
        secretsTo: ['autodiscover.hoster.example'],
      },
    ],
    [
      'and not because of a yes for somebody else',
      { hosts: byHttp, request: { approvedHosts: ['autodiscover.other.example'] }, expected: consent('plain_http_redirect') },
    ],
    [
      'not even where the address that a server named is theirs',
      {
        hosts: {
          'autodiscover.corp.example': {
            https: scriptedExchange({
              pox: () => poxAnswer('<Action>redirectAddr</Action><RedirectAddr>ann@hoster.example</RedirectAddr>'),
            }),
          },
          ...HOSTER,
        },
        expected: consent('redirect'),
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
  ])('%s', async (_what, row) => {
    await runCase(row);
  });
});
