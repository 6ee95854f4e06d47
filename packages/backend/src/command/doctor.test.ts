import { type ExchangeEmulatorOptions, type ExchangeHostSeed, startExchangeEmulator } from '@calendar-connect/emulators';
import { afterEach, describe, expect, it } from 'vitest';
import { PEOPLE, reachable, USUAL_HOSTS } from '../../test/support/exchange.ts';
import { createConversations } from '../outbound/conversation.ts';
import { examine, type ExamineRequest } from '../providers/exchange/examine.ts';
import { completeExchangeOptions } from '../providers/exchange/options.ts';
import type { ServerKnowledge } from '../providers/password-sign-in.ts';
import { doctorReport, doctorText, type Examination } from './doctor-report.ts';

const ADDRESS = 'amira@corp.example';
const LOGIN = { userName: 'CORP\\ahaddad', password: 'Amira-s Password 1' };
const ABOUT: Examination = {
  domain: 'corp.example',
  egressAddresses: ['203.0.113.7'],
  oldTlsHosts: [],
  knownServers: undefined,
  at: new Date('2026-11-21T10:00:00Z'),
};
const NOTHING_KNOWN: ServerKnowledge = { allows: () => false };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function diagnose(options: ExchangeEmulatorOptions, request: Partial<ExamineRequest> = {}, more: Partial<Examination> = {}) {
  const emulator = await startExchangeEmulator({ ...options, hosts: reachable(options.hosts ?? USUAL_HOSTS) });
  closing.push(emulator.close);
  const { network, ca, control } = emulator;
  const settings = await completeExchangeOptions(
    {
      conversations: createConversations({ ca, proxy: network.proxyUrl }, { resolve: (name) => network.resolve(name) }),
      resolveServices: (name) => network.resolveSrv(name).catch(() => []),
    },
    undefined,
  );
  const asked = { address: ADDRESS, serverAddress: undefined, login: undefined, knowledge: NOTHING_KNOWN, ...request };
  const examined = await examine(settings, asked);
  const about = { ...ABOUT, ...more };
  return { control, text: doctorText(examined, about), report: doctorReport(examined, about) };
}

describe('the doctor', () => {
  it('shows step by step what was tried, what answered and what that means, and sends no password', async () => {
    const { text, control } = await diagnose({});
    expect(text.split('\n')[0]).toMatch(/^step +asked +answered +meaning$/);
    expect(text).toMatch(/^v2 +https:\/\/corp\.example\/autodiscover\/.*\{address\} .*There is no Autodiscover here\.$/m);
    expect(text).toMatch(/^ews +https:\/\/mail\.corp\.example\/EWS\/Exchange\.asmx +401 .*Exchange Web Services answer here\.$/m);
    expect(text).toContain('Found: https://mail.corp.example/EWS/Exchange.asmx. It was not tried to log in');
    expect(control.hosts.flatMap(({ name }) => control.credentialsSentTo(name))).toEqual([]);
  });

  it('logs in where there is a password, and says what the server is', async () => {
    const { text } = await diagnose({ version: '2010' }, { login: LOGIN });
    expect(text).toMatch(/^Found and logged in: .*, by ntlm, Exchange 14\./m);
    expect(text).toContain('login by ntlm');
  });

  it.each<[NonNullable<ExchangeEmulatorOptions['version']>, string]>([
    [
      '2007_SP1',
      'room lists  Exchange’s room lists: Exchange answered ErrorInvalidServerVersion: they came with Exchange 2010  This server has no room lists.\n',
    ],
    ['2010', 'room lists  1 list, 2 rooms'],
    ['SE', 'room lists  1 list, 2 rooms'],
  ])('tries what is asked of a mailbox of Exchange %s, and says how much there is and never what', async (version, rooms) => {
    const { text, report, control } = await diagnose(
      { version },
      { login: LOGIN, ...(version === '2007_SP1' && { serverAddress: 'mail.corp.example' }) },
    );
    const table = text.slice(text.indexOf('What this mailbox answers:'), text.indexOf('Found and logged in'));
    expect(table).toMatch(/^question +answered +meaning$/m);
    expect(table).toMatch(/^whose mailbox +this address +It works\.$/m);
    expect(table).toMatch(/^calendars +3 calendars +It works\.$/m);
    expect(table).toMatch(/^free\/busy +\d+ spans in the next 7 days +It works\.$/m);
    expect(table).toMatch(/^changes +\d+ items +It works\.$/m);
    expect(table.replaceAll(/ {2,}/g, '  ')).toContain(rooms);
    expect(report).toContain('## What this mailbox answers\n\n| question | answered | meaning |');
    const titles = [
      ...control.eventsOf(ADDRESS).map(({ fields }) => fields.subject),
      'Team holidays',
      'Room plan',
      'Room Elbe',
      'Head office',
      ADDRESS,
    ];
    for (const title of titles) expect(report + text).not.toContain(title);
  });

  it('goes on where the mailbox refuses one thing, and says its code', async () => {
    const { text } = await diagnose(
      {
        faults: [
          { group: 'ews', operation: 'FindFolder', ewsCode: 'ErrorServerBusy', backOffMs: 60_000 },
          { group: 'ews', operation: 'GetUserAvailability', ewsCode: 'ErrorAccessDenied' },
          { group: 'ews', operation: 'GetRoomLists', body: '<!DOCTYPE html><html></html>' },
        ],
      },
      { login: LOGIN },
    );
    expect(text).toMatch(/^calendars +.*500 ErrorServerBusy +The server is busy, or has trouble\. It may pass\.$/m);
    expect(text).toMatch(/^free\/busy +.*500 ErrorAccessDenied.* +The login may not do this\.$/m);
    expect(text).toMatch(/^changes +\d+ items +It works\.$/m);
    expect(text).toMatch(/^room lists +.*200 without a code +The server is busy, or has trouble\. It may pass\.$/m);
    expect(text).toContain('Found and logged in');
  });

  it('says that a login opens another mailbox than that of the address, and not which', async () => {
    const { text, report } = await diagnose({ people: PEOPLE }, { address: 'amira.haddad@corp.example', login: LOGIN });
    expect(text).toMatch(/^whose mailbox +another address +The login opens another mailbox than that of this address\./m);
    expect(text).toContain('Found and logged in');
    for (const secret of [ADDRESS, 'amira.haddad']) expect(report + text).not.toContain(secret);
  });

  it.each([
    ['ErrorInvalidOperation', /^whose mailbox +not said +The server does not say whose mailbox it is\./m, 'identity_unverified'],
    ['ErrorServerBusy', /^whose mailbox +.*ErrorServerBusy +The server is busy, or has trouble\./m, 'server_busy'],
    ['ErrorAccessDenied', /^whose mailbox +.*ErrorAccessDenied.* +The login may not do this\.$/m, 'access_switched_off'],
  ])('concludes what the page would, where it is answered %s instead of whose mailbox it is', async (ewsCode, row, reason) => {
    const { text } = await diagnose({ faults: [{ group: 'ews', operation: 'ConvertId', ewsCode }] }, { login: LOGIN });
    expect(text).toMatch(row);
    expect(text).toMatch(new RegExp(`^Code: ${reason}\\b.*, host: mail\\.corp\\.example$`, 'm'));
    expect(text).not.toContain('Found and logged in');
    expect(text).toMatch(/^calendars +3 calendars +It works\.$/m);
  });

  it('sends a wrong password once, though two hosts ask for it', async () => {
    const hosts = ['mail.corp.example', 'autodiscover.corp.example', 'corp.example'].map((name) => ({ name }));
    const { text, control } = await diagnose({ version: '2010', hosts }, { login: { ...LOGIN, password: 'a wrong password' } });
    expect(text).toContain('Code: wrong_password');
    expect(control.people.find(({ email }) => email === ADDRESS)?.failedLogins).toBe(1);
  });

  it('asks nothing of a mailbox without a password', async () => {
    const { text, report } = await diagnose({});
    expect(text + report).not.toContain('What this mailbox answers');
  });

  it('sends no password by Basic where the search has seen NTLM offered by the same host', async () => {
    const hosts: ExchangeEmulatorOptions['hosts'] = [
      {
        name: 'autodiscover.corp.example',
        https: { kind: 'exchange', authentication: { ews: ['basic'], autodiscover: ['ntlm', 'basic'] } },
      },
    ];
    const ewsUrl = 'https://autodiscover.corp.example/EWS/Exchange.asmx';
    const { text, control } = await diagnose({ version: '2010', hosts, ewsUrl }, { login: LOGIN });
    expect(text).toContain('Code: login_unsafe');
    expect(control.requests.filter(({ credentials }) => credentials?.scheme === 'basic')).toEqual([]);
  });

  it('asks for the password where the server wants it before it says anything', async () => {
    expect((await diagnose({ version: '2010' })).text).toContain('Run this again with --password-stdin.');
  });

  it('says what a firewall has to let in, from where', async () => {
    const hosts = [{ name: 'elsewhere.example' }];
    const { text } = await diagnose({ hosts });
    expect(text).toContain('Code: server_not_found');
    expect(text).toContain('HTTPS to port 443 of the server, from 203.0.113.7.');
    const unset = await diagnose({ hosts }, {}, { egressAddresses: [] });
    for (const said of [unset.text, unset.report])
      expect(said).toContain('from the addresses of this backend (EGRESS_ADDRESSES is not set)');
    expect(unset.report).not.toContain('addresses above');
  });

  it.each<[string, NonNullable<ExchangeHostSeed['https']>, string]>([
    ['does not answer', { kind: 'closed' }, 'Code: server_unreachable'],
    ['lets nobody in', { kind: 'website', status: 403 }, 'Code: server_access_denied'],
    ['is a web site', { kind: 'website' }, 'Code: server_not_exchange'],
    ['has a full queue', { kind: 'website', status: 503 }, 'Code: server_busy'],
  ])('concludes what the trace tells of the server that Autodiscover names, where that one %s', async (_what, https, code) => {
    const hosts = USUAL_HOSTS.map((host) => (host.name === 'mail.corp.example' ? { ...host, https } : host));
    const { text } = await diagnose({ hosts });
    expect(text).toContain(code);
    expect(text).toContain('host: mail.corp.example');
    expect(text.includes('HTTPS to port 443 of mail.corp.example, from 203.0.113.7.')).toBe(/unreachable|denied/.test(code));
  });

  it('says that old TLS is allowed for a server that was asked, and does not advise it again', async () => {
    const options = { version: '2007_SP1', hosts: [{ name: 'mail.corp.example' }] } as const;
    const request = { serverAddress: 'mail.corp.example' };
    const allowed = await diagnose(options, request, { oldTlsHosts: ['Mail.corp.example', 'other.example'] });
    const sentence = 'OUTBOUND_OLD_TLS is in force for mail.corp.example: TLS 1.0 is allowed there, which protects little.';
    for (const said of [allowed.text, allowed.report]) expect(said).toContain(sentence);
    expect(allowed.text).not.toContain('other.example');
    const still = await diagnose({ ...options, tls: '1.0' }, request, { oldTlsHosts: ['mail.corp.example'] });
    expect(still.text).toContain('Code: server_too_old');
    expect(still.text).not.toContain('If nothing newer');
  });

  it.each<[string, ExchangeEmulatorOptions, string]>([
    ['old TLS', { version: '2007_SP1', tls: '1.0', hosts: [{ name: 'mail.corp.example' }] }, 'OUTBOUND_OLD_TLS=mail.corp.example'],
    ['a private address', { hosts: [{ name: 'mail.corp.example', addresses: ['10.1.2.3'] }] }, 'OUTBOUND_ALLOW=mail.corp.example'],
    ['an authority of its own', { hosts: [{ name: 'mail.corp.example', certificate: 'untrusted' }] }, 'OUTBOUND_CA=FILE'],
  ])('names the setting that helps against %s', async (_what, options, setting) => {
    expect((await diagnose(options, { serverAddress: 'mail.corp.example' })).text).toContain(setting);
  });

  it('writes a report with the table for the IT team, without address and password', async () => {
    const { report } = await diagnose({}, { login: { ...LOGIN, password: 'a wrong password' } });
    expect(report).toContain('# Exchange of corp.example, as Calendar Connect sees it');
    expect(report).toContain('| step | asked | answered | meaning |');
    expect(report).toContain('2026-11-21T10:00:00.000Z, from the internet, from 203.0.113.7.');
    expect(report).toContain('Code: wrong_password, host: mail.corp.example');
    for (const secret of [ADDRESS, 'ahaddad', 'a wrong password']) expect(report).not.toContain(secret);
  });
});

describe('the doctor, with what an application knows', () => {
  const HOSTED = 'ex.hoster.example';
  const EWS_URL = `https://${HOSTED}/EWS/Exchange.asmx`;
  const known: ServerKnowledge = { known: [{ ewsUrl: EWS_URL, offersNtlm: true }], allows: (_domain, host) => host === HOSTED };

  it('asks the servers first that the page would ask first, and looks no further where one answers', async () => {
    const hosts = [...USUAL_HOSTS, { name: HOSTED }];
    const { text } = await diagnose({ hosts }, { knowledge: known, login: LOGIN }, { knownServers: 1 });
    expect(text).toMatch(/^ews +https:\/\/ex\.hoster\.example\/EWS\/Exchange\.asmx +401 /m);
    expect(text).toContain(`Found and logged in: ${EWS_URL}`);
    expect(text).not.toContain('autodiscover');
    expect(text).toContain('The application knows 1 server for people of corp.example.');
  });

  it('goes on to Autodiscover where none answers, and says what is wrong with the first where that leads nowhere', async () => {
    const away: ExchangeHostSeed = { name: HOSTED, https: { kind: 'closed' } };
    const found = await diagnose({ hosts: [...USUAL_HOSTS, away] }, { knowledge: known });
    expect(found.text).toContain('Found: https://mail.corp.example/EWS/Exchange.asmx.');
    const lost = await diagnose({ hosts: [away] }, { knowledge: known });
    expect(lost.text).toMatch(/^Code: server_unreachable .*, host: ex\.hoster\.example$/m);
  });

  it('follows Autodiscover to somebody else’s server that the operator allows, and only then', async () => {
    const options = { hosts: [...USUAL_HOSTS, { name: HOSTED }], ewsUrl: EWS_URL };
    const without = await diagnose(options, { login: LOGIN });
    expect(without.text).toContain(`The search led to ${HOSTED}, which belongs to somebody else.`);
    expect(without.text).toContain('No application’s servers were used.');
    expect((await diagnose(options, { knowledge: { allows: known.allows } })).text).toContain(`Found: ${EWS_URL}.`);
  });
});
