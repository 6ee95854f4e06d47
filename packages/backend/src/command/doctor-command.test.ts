import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startExchangeEmulator } from '@calendar-connect/emulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Call, runCommand } from '../../test/support/command.ts';
import { loadKnowledge } from './doctor-knowledge.ts';
import { readSettings } from './settings.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'calendar-connect-doctor-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const doctor = (args: readonly string[], more: Partial<Call> = {}) => runCommand(['doctor', 'exchange', ...args], { cwd, ...more });

describe('calendar-connect doctor', () => {
  it('wants exchange and an address', async () => {
    const ended = await doctor([]);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toContain('calendar-connect doctor exchange ann@corp.example');
  });

  it.each([
    [['ann'], 'expected the e-mail address of an organisation'],
    [['ann@co.uk'], 'expected the e-mail address of an organisation'],
    [['ann@corp.example', '--server', 'http://mail.corp.example'], '--server: expected a server such as mail.corp.example'],
  ])('does not understand %j, and asks nobody', async (args, sentence) => {
    const ended = await doctor(args);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toContain(sentence);
  });

  it('knows by the name alone what is in Exchange Online, writes that down, and ends as not found', async () => {
    const ended = await doctor(['ann@contoso.onmicrosoft.com', '--report', 'report.md']);
    expect([ended.code, ended.stderr]).toEqual([1, '']);
    expect(ended.stdout).toContain('Code: mailbox_in_cloud');
    expect(ended.stdout).not.toContain('asked');
    expect(readFileSync(join(cwd, 'report.md'), 'utf8')).toContain('# Exchange of contoso.onmicrosoft.com');
  });

  it('ends with 0 where a server was found or let the login in, and with 1 where it did not', async () => {
    const emulator = await startExchangeEmulator({ hosts: [{ name: 'localhost' }] });
    try {
      writeFileSync(join(cwd, 'ca.pem'), emulator.ca);
      const environment = { OUTBOUND_ALLOW: 'loopback', OUTBOUND_CA: 'ca.pem' };
      const args = ['amira@corp.example', '--server', `localhost:${emulator.port}`];
      const login = [...args, '--user-name', 'CORP\\ahaddad', '--password-stdin'];
      expect((await doctor(args, { environment })).code).toBe(0);
      const logged = await doctor(login, { environment, input: 'Amira-s Password 1\n' });
      expect([logged.code, logged.stdout]).toEqual([0, expect.stringContaining('Found and logged in')]);
      const refused = await doctor(login, { environment, input: 'wrong\n' });
      expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('Code: wrong_password')]);
    } finally {
      await emulator.close();
    }
  });
});

describe('what the doctor knows of an application', () => {
  it('is what the operator has said for the domain of the address', async () => {
    const created = await runCommand(['application', 'create', '--name', 'Planner', '--origin', 'https://planner.example', '--json'], {
      cwd,
    });
    const { client_id: applicationId } = JSON.parse(created.stdout) as { client_id: string };
    await runCommand(['exchange', 'servers', 'add', applicationId, 'corp.example', 'ex.hoster.example'], { cwd });
    const settings = readSettings({ data: join(cwd, '.calendar-connect') }, {});
    const { known, allows } = await loadKnowledge(settings, { applicationId, mailDomain: 'corp.example' });
    expect(known).toEqual([{ ewsUrl: 'https://ex.hoster.example/EWS/Exchange.asmx', offersNtlm: false }]);
    expect([allows('corp.example', 'ex.hoster.example'), allows('other.example', 'ex.hoster.example')]).toEqual([true, false]);
    expect((await loadKnowledge(settings, { applicationId, mailDomain: 'other.example' })).known).toEqual([]);
  });

  it('is nothing of an application that there is not', async () => {
    const ended = await doctor(['ann@corp.example', '--application', 'app_nobody']);
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('application_not_found')]);
  });
});
