import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExchangeEmulatorOptions, startExchangeEmulator } from '@calendar-connect/emulators';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../test/support/command.ts';
import { reachable, USUAL_HOSTS } from '../../test/support/exchange.ts';
import { createConversations } from '../outbound/conversation.ts';
import { examine, type ExamineRequest } from '../providers/exchange/examine.ts';
import { completeExchangeOptions } from '../providers/exchange/options.ts';
import { doctorReport, doctorText } from './doctor-report.ts';

const ADDRESS = 'amira@corp.example';
const LOGIN = { userName: 'CORP\\ahaddad', password: 'Amira-s Password 1' };
const ABOUT = { domain: 'corp.example', egressAddresses: ['203.0.113.7'], at: new Date('2026-11-21T10:00:00Z') };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function diagnose(options: ExchangeEmulatorOptions, request: Partial<ExamineRequest> = {}) {
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
  const examined = await examine(settings, { address: ADDRESS, serverAddress: undefined, login: undefined, ...request });
  return { control, text: doctorText(examined, ABOUT), report: doctorReport(examined, ABOUT) };
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
      'room lists  Exchange’s room lists: Exchange answered ErrorInvalidServerVersion: they came with Exchange 2010  This server has no room lists',
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
    const { text } = await diagnose({ hosts: [{ name: 'elsewhere.example' }] });
    expect(text).toContain('Code: server_not_found');
    expect(text).toContain('HTTPS to port 443 of the server, from 203.0.113.7.');
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

describe('calendar-connect doctor', () => {
  let folder: string;
  afterEach(() => rmSync(folder, { recursive: true }));

  async function run(...args: readonly string[]) {
    folder = mkdtempSync(join(tmpdir(), 'calendar-connect-doctor-'));
    const ended = await runCommand(['doctor', ...args], { cwd: folder });
    return { ...ended, file: (name: string) => readFileSync(join(folder, name), 'utf8') };
  }

  it('wants exchange and an address', async () => {
    const ended = await run('exchange');
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toContain('calendar-connect doctor exchange ann@corp.example');
  });

  it('knows by the name alone what is in Exchange Online, and writes that down', async () => {
    const ended = await run('exchange', 'ann@contoso.onmicrosoft.com', '--report', 'report.md');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toContain('Code: mailbox_in_cloud');
    expect(ended.file('report.md')).toContain('# Exchange of contoso.onmicrosoft.com');
  });
});
