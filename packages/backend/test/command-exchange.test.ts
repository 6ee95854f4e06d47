import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from './support/command.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'calendar-connect-exchange-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const run = (...args: readonly string[]) => runCommand([...args], { cwd });

async function application(): Promise<string> {
  const { stdout } = await run('application', 'create', '--name', 'Planner', '--origin', 'https://planner.example', '--json');
  return (JSON.parse(stdout) as { client_id: string }).client_id;
}

describe('calendar-connect exchange servers', () => {
  it('adds, lists, allows and removes', async () => {
    const id = await application();
    expect((await run('exchange', 'servers', 'list')).stdout).toBe('No server is remembered.\n');
    const added = await run('exchange', 'servers', 'add', id, 'Corp.Example', 'mail.corp.example/owa', '--user-domain', 'CORP');
    expect([added.code, added.stdout]).toEqual([0, 'People of corp.example are sent to https://mail.corp.example/EWS/Exchange.asmx.\n']);
    const { stdout } = await run('exchange', 'servers', 'list', id, '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      {
        application_id: id,
        mail_domain: 'corp.example',
        ews_url: 'https://mail.corp.example/EWS/Exchange.asmx',
        state: 'usable',
        vouched_by: 'operator',
        user_names: 'CORP\\what the address begins with',
        expires_at: null,
      },
    ]);
    expect((await run('exchange', 'servers', 'allow', id, 'corp.example', 'mail.corp.example')).code).toBe(0);
    expect((await run('exchange', 'servers', 'remove', id, 'corp.example', 'mail.corp.example')).code).toBe(0);
    const gone = await run('exchange', 'servers', 'remove', id, 'corp.example', 'mail.corp.example');
    expect([gone.code, gone.stdout]).toEqual([2, '']);
    expect(gone.stderr).toContain('is not remembered for corp.example');
  });

  it('wants an application, a domain and a server', async () => {
    const id = await application();
    for (const words of [[], ['servers'], ['servers', 'add', id], ['servers', 'add', id, 'corp', 'mail.corp.example']]) {
      expect((await run('exchange', ...words)).code).toBe(2);
    }
    const unknown = await run('exchange', 'servers', 'add', 'app_nobody', 'corp.example', 'mail.corp.example');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('application_not_found')]);
  });
});

it('lets no application have a client of its own at Exchange, which has none, and names what takes one', async () => {
  const id = await application();
  const args = ['application', 'provider-client', 'set', id, 'exchange', '--provider-client-id', '1-own'];
  const { code, stdout, stderr } = await runCommand(args, { cwd, input: 'a-secret-of-the-partner' });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('provider: expected one of google, microsoft, google_meet');
  expect(stderr).toContain('received "exchange", which has no clients: people sign in there with their password (provider_unknown)');
  expect(stderr).not.toContain('a-secret-of-the-partner');
});
