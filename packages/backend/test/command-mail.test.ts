import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, runCommand, type ServingProcess, startServe } from './support/command.ts';

const SMTP_URL = 'smtp://acme:geheim@mail.example';
const MAIL_FROM = 'Acme Calendars <calendars@acme.example>';

let folder: string;
let serving: ServingProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-mail-'));
  serving = undefined;
});
afterEach(async () => {
  await serving?.stop('SIGKILL');
  rmSync(folder, { recursive: true });
});

const application = (...args: readonly string[]): Promise<Ended> => runCommand(['application', ...args, '--json'], { cwd: folder });
const create = (...args: readonly string[]): Promise<Ended> =>
  application('create', '--name', 'Planner', '--origin', 'https://app.example', ...args);
const parse = ({ stdout }: Ended) => JSON.parse(stdout) as { client_id: string; mails_approvals: boolean };

describe('application', () => {
  it('has mails to people who waited switched on and off', async () => {
    const made = parse(await create('--mails-approvals'));
    expect(made.mails_approvals).toBe(true);
    expect(parse(await application('set', made.client_id, '--no-mails-approvals')).mails_approvals).toBe(false);
    expect(parse(await application('show', made.client_id)).mails_approvals).toBe(false);
    expect(parse(await application('set', made.client_id, '--mails-approvals')).mails_approvals).toBe(true);
    expect(parse(await create()).mails_approvals).toBe(false);
  });

  it('cannot have both', async () => {
    const both = await create('--mails-approvals', '--no-mails-approvals');
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('expected --mails-approvals or --no-mails-approvals') });
  });
});

describe('serve', () => {
  it('says which applications count on mails where it sends none', async () => {
    const { client_id } = parse(await create('--mails-approvals'));
    await create();
    serving = await startServe([], { cwd: folder });
    const notes = serving.said.split('\n').filter((line) => line.includes('mail'));
    expect(notes).toEqual([
      `Planner (${client_id}) wants mails to people who waited for an administrator. None is sent until SMTP_URL is set.`,
    ]);
  });

  it('says nothing of it where it can, and asks the mail server nothing at the start', async () => {
    await create('--mails-approvals');
    serving = await startServe([], { cwd: folder, environment: { SMTP_URL, MAIL_FROM } });
    expect(serving.said).not.toMatch(/mail|geheim/);
  });

  it.each([
    [{ SMTP_URL }, 'MAIL_FROM: expected whom mails are from'],
    [{ MAIL_FROM }, 'SMTP_URL: expected the mail server'],
    [{ SMTP_URL: 'smtp://acme:ge/heim@mail.example', MAIL_FROM }, 'mail.smtpUrl: expected an address such as smtp://'],
    [{ SMTP_URL, MAIL_FROM: 'Acme' }, 'mail.from: expected an address such as calendars@acme.example'],
  ])('does not start with %j, says what is wrong, and shows no password', async (environment, sentence) => {
    const ended = await runCommand(['serve'], { cwd: folder, environment });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining(sentence) });
    expect(ended.stderr).toContain('(option_invalid)');
    expect(ended.stdout + ended.stderr).not.toMatch(/geheim|heim@/);
  });
});
