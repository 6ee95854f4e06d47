import { describe, it } from 'vitest';
import { poxAnswer, poxSettings, scriptedExchange, soapAnswer, soapSettings } from '../scripted-exchange.contract.ts';
import { type DiscoveryCase, leadingTo, runCase, saying, webSite } from './discover-table.contract.ts';

const EWS = 'https://mail.corp.example/EWS/Exchange.asmx';
const EWS_THERE = { 'mail.corp.example': { https: scriptedExchange({}) } };
const found = (via: string, more: object = {}) => ({ outcome: 'found', via, vouchedBy: 'domain', mailbox: 'ann@corp.example', ...more });
const withPox = (ewsUrl = EWS) => scriptedExchange({ pox: () => poxSettings(ewsUrl) });
const v2 = (url: string) => scriptedExchange({ v2: () => ({ body: JSON.stringify({ Protocol: 'EWS', Url: url }) }) });

const soapAlone = scriptedExchange({ soap: () => soapSettings(EWS, 'InternalEwsUrl') });

describe('finding the server where the domain says it', () => {
  it.each<[string, DiscoveryCase]>([
    [
      'the form without credentials at autodiscover.',
      { hosts: { 'autodiscover.corp.example': { https: v2(EWS) }, ...EWS_THERE }, expected: found('v2') },
    ],
    [
      'the form without credentials at the domain itself',
      { hosts: { 'corp.example': { https: v2(EWS) }, ...EWS_THERE }, expected: found('v2') },
    ],
    [
      'the form without credentials names something that is no EWS, and the others are right',
      {
        hosts: {
          'corp.example': { https: v2('https://mail.corp.example/owa/') },
          'autodiscover.corp.example': { https: withPox() },
          ...EWS_THERE,
        },
        expected: found('pox'),
        // The domain itself is an Exchange server that asks for the login as well; it has no such document.
        secretsTo: ['corp.example', 'autodiscover.corp.example'],
      },
    ],
    [
      'plain XML at autodiscover., beside a web site that eats passwords',
      {
        hosts: { 'corp.example': { https: webSite, http: webSite }, 'autodiscover.corp.example': { https: withPox() }, ...EWS_THERE },
        expected: found('pox', { displayName: 'Ann' }),
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'plain XML at the domain itself',
      { hosts: { 'corp.example': { https: withPox() }, ...EWS_THERE }, expected: found('pox'), secretsTo: ['corp.example'] },
    ],
    [
      'SOAP, where plain XML is switched off',
      {
        hosts: { 'autodiscover.corp.example': { https: scriptedExchange({ soap: () => soapSettings(EWS) }) }, ...EWS_THERE },
        expected: found('soap'),
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'SOAP, where plain XML is not there at all',
      {
        hosts: {
          'autodiscover.corp.example': {
            https: (request, response) => (request.url?.endsWith('.svc') === true ? soapAlone : saying(404))(request, response),
          },
          ...EWS_THERE,
        },
        expected: found('soap'),
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'only the server for the inside is told, and it answers',
      {
        hosts: { 'autodiscover.corp.example': { https: scriptedExchange({ pox: () => poxSettings(EWS, 'EXCH') }) }, ...EWS_THERE },
        expected: found('pox'),
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'Negotiate alone, which carries NTLM',
      {
        hosts: {
          'autodiscover.corp.example': {
            https: scriptedExchange({ offers: { autodiscover: ['Negotiate'] }, pox: () => poxSettings(EWS) }),
          },
          ...EWS_THERE,
        },
        expected: found('pox'),
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'Basic alone, over a certificate that is verified',
      {
        hosts: {
          'autodiscover.corp.example': {
            https: scriptedExchange({ offers: { autodiscover: ['Basic realm="x"'] }, pox: () => poxSettings(EWS) }),
          },
          ...EWS_THERE,
        },
        expected: found('pox'),
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'Basic alone at the domain itself, by a server that shows that it is Exchange',
      {
        hosts: {
          'corp.example': {
            https: scriptedExchange({
              offers: { autodiscover: ['Basic realm="x"'] },
              headers: { 'x-feserver': 'EX01' },
              pox: () => poxSettings(EWS),
            }),
          },
          ...EWS_THERE,
        },
        expected: found('pox'),
        secretsTo: ['corp.example'],
      },
    ],
    [
      'plain http leads to the server',
      {
        hosts: {
          'autodiscover.corp.example': { http: leadingTo('https://mail.corp.example/autodiscover/autodiscover.xml') },
          'mail.corp.example': { https: withPox() },
        },
        expected: found('pox'),
        secretsTo: ['mail.corp.example'],
      },
    ],
    [
      'the DNS names the server',
      {
        hosts: { 'mail.corp.example': { https: withPox() } },
        services: [{ name: 'mail.corp.example', port: 443, priority: 0, weight: 0 }],
        expected: found('pox'),
        secretsTo: ['mail.corp.example'],
      },
    ],
    [
      'the DNS names several, and the lowest priority with the greatest weight is asked alone',
      {
        hosts: { 'mail.corp.example': { https: withPox() }, 'second.corp.example': { https: withPox() } },
        services: [
          { name: 'second.corp.example', port: 443, priority: 10, weight: 90 },
          { name: 'third.corp.example', port: 443, priority: 0, weight: 1 },
          { name: 'mail.corp.example', port: 443, priority: 0, weight: 5 },
        ],
        expected: found('pox'),
        secretsTo: ['mail.corp.example'],
        neverAsked: ['second.corp.example', 'third.corp.example'],
      },
    ],
    [
      'an answer leads to another host of the domain',
      {
        hosts: {
          'autodiscover.corp.example': { https: leadingTo('https://mail.corp.example/autodiscover/autodiscover.xml', 301) },
          'mail.corp.example': { https: withPox() },
        },
        expected: found('pox'),
        secretsTo: ['mail.corp.example'],
      },
    ],
    [
      'a document leads to another host of the domain',
      {
        hosts: {
          'autodiscover.corp.example': {
            https: scriptedExchange({
              pox: () =>
                poxAnswer('<Action>redirectUrl</Action><RedirectUrl>https://mail.corp.example/Autodiscover/Autodiscover.xml</RedirectUrl>'),
            }),
          },
          'mail.corp.example': { https: withPox() },
        },
        expected: found('pox'),
        secretsTo: ['autodiscover.corp.example', 'mail.corp.example'],
      },
    ],
    [
      'a document names another address of the same domain',
      {
        hosts: {
          'autodiscover.corp.example': {
            https: scriptedExchange({
              pox: (mailbox) =>
                mailbox === 'a.smith@mail.corp.example'
                  ? poxSettings(EWS)
                  : poxAnswer('<Action>redirectAddr</Action><RedirectAddr>a.smith@mail.corp.example</RedirectAddr>'),
            }),
          },
          'autodiscover.mail.corp.example': { https: scriptedExchange({ pox: () => poxSettings(EWS) }) },
          ...EWS_THERE,
        },
        expected: found('pox', { mailbox: 'a.smith@mail.corp.example' }),
        // The search begins at the new domain itself, which is the server: it takes the login, and has no such document.
        secretsTo: ['autodiscover.corp.example', 'mail.corp.example', 'autodiscover.mail.corp.example'],
      },
    ],
    [
      'a user name of old, with its domain',
      {
        hosts: {
          'autodiscover.corp.example': { https: scriptedExchange({ logins: { 'CORP\\ann': 'right' }, pox: () => poxSettings(EWS) }) },
          ...EWS_THERE,
        },
        request: { login: { userName: 'CORP\\ann', password: 'right' } },
        expected: found('pox'),
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'one host refuses the password and the other does not',
      {
        hosts: {
          'corp.example': { https: scriptedExchange({ logins: {} }) },
          'autodiscover.corp.example': { https: withPox() },
          ...EWS_THERE,
        },
        expected: found('pox'),
        secretsTo: ['corp.example', 'autodiscover.corp.example'],
      },
    ],
    [
      'a domain under a suffix of two labels',
      {
        hosts: {
          'autodiscover.corp.co.uk': {
            https: scriptedExchange({
              logins: { 'ann@corp.co.uk': 'right' },
              pox: () => poxSettings('https://mail.corp.co.uk/EWS/Exchange.asmx'),
            }),
          },
          'mail.corp.co.uk': { https: scriptedExchange({}) },
        },
        request: { address: 'ann@corp.co.uk', login: { userName: 'ann@corp.co.uk', password: 'right' } },
        expected: { outcome: 'found', via: 'pox', vouchedBy: 'domain' },
        secretsTo: ['autodiscover.corp.co.uk'],
      },
    ],
  ])('%s', async (_what, row) => {
    await runCase(row);
  });
});

describe('Exchange Online is found without its getting a password', () => {
  const online = { outcome: 'exchange_online' };
  it.each<[string, DiscoveryCase]>([
    [
      'its own domain',
      { hosts: {}, request: { address: 'ann@corp.onmicrosoft.com' }, expected: online, neverAsked: ['corp.onmicrosoft.com'] },
    ],
    [
      'Outlook.com',
      { hosts: {}, request: { address: 'ann@outlook.com' }, expected: online, neverAsked: ['outlook.com', 'autodiscover.outlook.com'] },
    ],
    [
      'the form without credentials names it',
      {
        hosts: { 'corp.example': { https: v2('https://outlook.office365.com/EWS/Exchange.asmx') } },
        expected: online,
        neverAsked: ['outlook.office365.com'],
      },
    ],
    [
      'the form without credentials leads there',
      {
        hosts: { 'autodiscover.corp.example': { https: leadingTo('https://outlook.office365.com/autodiscover/autodiscover.json') } },
        expected: online,
        neverAsked: ['outlook.office365.com'],
      },
    ],
    [
      'plain http leads there',
      {
        hosts: { 'autodiscover.corp.example': { http: leadingTo('https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml') } },
        expected: online,
        neverAsked: ['autodiscover-s.outlook.com'],
      },
    ],
    [
      'the DNS names it',
      {
        hosts: {},
        services: [{ name: 'autodiscover.outlook.com', port: 443, priority: 0, weight: 0 }],
        expected: online,
        neverAsked: ['autodiscover.outlook.com'],
      },
    ],
    [
      'the organisation’s own server names an address of it',
      {
        hosts: {
          'autodiscover.corp.example': {
            https: scriptedExchange({
              pox: () => poxAnswer('<Action>redirectAddr</Action><RedirectAddr>ann@corp.mail.onmicrosoft.com</RedirectAddr>'),
            }),
          },
        },
        expected: online,
        secretsTo: ['autodiscover.corp.example'],
        neverAsked: ['corp.mail.onmicrosoft.com', 'autodiscover.corp.mail.onmicrosoft.com'],
      },
    ],
    [
      'the organisation’s own server leads there',
      {
        hosts: {
          'autodiscover.corp.example': {
            https: scriptedExchange({
              soap: () =>
                soapAnswer(
                  '<ErrorCode>RedirectUrl</ErrorCode><RedirectTarget>https://autodiscover-s.outlook.com/autodiscover/autodiscover.svc</RedirectTarget>',
                ),
            }),
          },
        },
        expected: online,
        secretsTo: ['autodiscover.corp.example'],
        neverAsked: ['autodiscover-s.outlook.com'],
      },
    ],
    [
      'the organisation’s own server names its EWS',
      {
        hosts: { 'autodiscover.corp.example': { https: withPox('https://outlook.office365.com/EWS/Exchange.asmx') } },
        expected: online,
        secretsTo: ['autodiscover.corp.example'],
        neverAsked: ['outlook.office365.com'],
      },
    ],
  ])('%s', async (_what, row) => {
    await runCase(row);
  });
});
