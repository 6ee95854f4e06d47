import { describe, expect, it } from 'vitest';
import { poxSettings, scriptedExchange, soapAnswer } from '../scripted-exchange.contract.ts';
import { type DiscoveryCase, leadingTo, runCase, saying, webSite } from './discover-table.contract.ts';

const EWS = 'https://mail.corp.example/EWS/Exchange.asmx';
const hoster = scriptedExchange({ pox: () => poxSettings('https://mail.hoster.example/EWS/Exchange.asmx') });
const HOSTER = { 'autodiscover.hoster.example': { https: hoster }, 'mail.hoster.example': { https: scriptedExchange({}) } };
const HOSTER_URL = 'https://autodiscover.hoster.example/autodiscover/autodiscover.xml';

describe('what a person is told where nothing is found', () => {
  it.each<[string, DiscoveryCase]>([
    ['nobody answers', { hosts: {}, expected: { outcome: 'not_found' } }],
    [
      'the password is refused, at two hosts and not at a third',
      {
        hosts: {
          'corp.example': { https: scriptedExchange({ logins: {} }) },
          'autodiscover.corp.example': {
            https: scriptedExchange({ logins: {} }),
            http: leadingTo('https://mail.corp.example/autodiscover/autodiscover.xml'),
          },
          'mail.corp.example': { https: scriptedExchange({}) },
        },
        expected: { outcome: 'wrong_password' },
        secretsTo: ['corp.example', 'autodiscover.corp.example'],
        neverAsked: ['mail.corp.example'],
      },
    ],
    [
      'the password is refused by the domain, and somebody else would take it',
      {
        hosts: {
          'corp.example': { https: scriptedExchange({ logins: {} }) },
          'autodiscover.corp.example': { http: leadingTo(HOSTER_URL) },
          ...HOSTER,
        },
        expected: { outcome: 'wrong_password', host: 'corp.example' },
        secretsTo: ['corp.example'],
      },
    ],
    [
      'a certificate is self-signed',
      {
        hosts: { 'autodiscover.corp.example': { https: hoster, certificate: 'self_signed' } },
        expected: { outcome: 'certificate_untrusted', why: 'self_signed' },
      },
    ],
    [
      'a certificate has expired',
      {
        hosts: { 'autodiscover.corp.example': { https: hoster, certificate: 'expired' } },
        expected: { outcome: 'certificate_untrusted', why: 'expired' },
      },
    ],
    [
      'a certificate is for another name',
      {
        hosts: { 'autodiscover.corp.example': { https: hoster, certificate: 'wrong_name' } },
        expected: { outcome: 'certificate_untrusted', why: 'wrong_name' },
      },
    ],
    [
      'a certificate is of nobody known',
      {
        hosts: { 'autodiscover.corp.example': { https: hoster, certificate: 'unknown_authority' } },
        expected: { outcome: 'certificate_untrusted', why: 'unknown_authority' },
      },
    ],
    [
      'the certificate of the web site alone is bad',
      { hosts: { 'corp.example': { https: webSite, certificate: 'wrong_name' } }, expected: { outcome: 'not_found' } },
    ],
    [
      'the server is busy',
      {
        hosts: { 'autodiscover.corp.example': { https: saying(503, { 'retry-after': '60' }) } },
        expected: { outcome: 'throttled', retryAfterMs: 60_000 },
      },
    ],
    [
      'Autodiscover is busy',
      {
        hosts: {
          'autodiscover.corp.example': { https: scriptedExchange({ soap: () => soapAnswer('<ErrorCode>ServerBusy</ErrorCode>') }) },
        },
        expected: { outcome: 'throttled', retryAfterMs: undefined },
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'the mailbox is unknown, in both forms',
      {
        hosts: {
          'autodiscover.corp.example': {
            https: scriptedExchange({
              pox: () => ({
                body: '<Autodiscover xmlns="urn:x"><Response><Error><ErrorCode>500</ErrorCode></Error></Response></Autodiscover>',
              }),
              soap: () => soapAnswer('<ErrorCode>InvalidUser</ErrorCode>'),
            }),
          },
        },
        expected: { outcome: 'not_found' },
        secretsTo: ['autodiscover.corp.example'],
      },
    ],
    [
      'no password was given, and this host would get it',
      {
        hosts: { 'autodiscover.corp.example': { https: hoster } },
        request: { login: undefined },
        expected: { outcome: 'needs_password', host: 'autodiscover.corp.example' },
      },
    ],
    [
      'the password cannot be one',
      {
        hosts: { 'autodiscover.corp.example': { https: hoster } },
        request: { login: { userName: 'ann@corp.example', password: 'a\r\nX-Evil: 1' } },
        expected: { outcome: 'credential_invalid', field: 'password', why: 'control_character' },
      },
    ],
  ])('%s', async (_what, row) => {
    await runCase(row);
  });

  it('says all that was tried, where, and what it means', async () => {
    const { outcome } = await runCase({
      hosts: {
        'corp.example': { https: webSite },
        'autodiscover.corp.example': { https: scriptedExchange({ pox: () => poxSettings(EWS) }) },
        'mail.corp.example': { https: scriptedExchange({}) },
      },
      expected: { outcome: 'found' },
      secretsTo: ['autodiscover.corp.example'],
    });
    expect(outcome.trace.map(({ step, asked, answered, means, login }) => [step, asked, answered, means, login])).toEqual([
      ['v2', 'https://corp.example/autodiscover/autodiscover.json/v1.0/{address}', '200', 'no_autodiscover', undefined],
      ['v2', 'https://autodiscover.corp.example/autodiscover/autodiscover.json/v1.0/{address}', '404', 'no_autodiscover', undefined],
      ['pox', 'https://corp.example/autodiscover/autodiscover.xml', '200', 'no_autodiscover', undefined],
      ['soap', 'https://corp.example/autodiscover/autodiscover.svc', '200', 'no_autodiscover', undefined],
      ['pox', 'https://autodiscover.corp.example/autodiscover/autodiscover.xml', '401 NTLM, Negotiate', 'asks_for_login', undefined],
      ['pox', 'https://autodiscover.corp.example/autodiscover/autodiscover.xml', 'settings', 'ews_elsewhere', 'ntlm'],
      ['ews', EWS, '401 NTLM, Negotiate', 'ews_found', undefined],
    ]);
  });
});
