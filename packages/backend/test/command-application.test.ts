import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, runCommand } from './support/command.ts';
import { KEYS } from './support/world.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-command-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (args: string, environment: Record<string, string> = {}, input?: string): Promise<Ended> =>
  runCommand(args.split(' '), { cwd: folder, environment, ...(input === undefined ? {} : { input }) });

interface Shown {
  readonly client_id: string;
  readonly client_secret: string;
  readonly redirect_uris: readonly string[];
  readonly origins: readonly string[];
  readonly notification_url?: string;
}

const parse = ({ stdout }: Ended): Shown => JSON.parse(stdout) as Shown;

describe('application create', () => {
  it('works before the first serve: makes database and key, for the owner only, and says so', async () => {
    const made = await run('application create --name Planner --origin https://app.example --json');
    expect(made.code).toBe(0);
    const home = join(folder, '.calendar-connect');
    expect(readdirSync(home)).toEqual(expect.arrayContaining(['calendar-connect.db', 'keys']));
    for (const name of ['calendar-connect.db', 'keys']) expect(statSync(join(home, name)).mode & 0o777).toBe(0o600);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(made.stderr).toMatch(/^Made a new encryption key, readable by you only: .*keys\. Back it up/);
    expect(made.stdout + made.stderr).not.toContain(readFileSync(join(home, 'keys'), 'utf8').trim().slice(3));
  });

  it('prints one JSON object with id and secret; list and show leave the secret out', async () => {
    const addresses =
      '--origin https://a.example --origin https://b.example --origin https://a.example --redirect-uri https://a.example/cb';
    const made = parse(await run(`application create --name Planner ${addresses} --redirect-uri https://b.example/cb --json`));
    expect(made.client_id).toMatch(/^app_[0-9a-f]{24}$/);
    expect(made.client_secret).toMatch(/^[\w-]{43}$/);
    expect(made.origins).toEqual(['https://a.example', 'https://b.example']);
    expect(made.redirect_uris).toEqual(['https://a.example/cb', 'https://b.example/cb']);

    const listed = await run('application list');
    expect(listed.stdout).toBe(`${made.client_id}  Planner\n`);
    const shown = await run(`application show ${made.client_id}`);
    expect(shown.stdout).toContain('origins: https://a.example https://b.example');
    const asJson = await run(`application show ${made.client_id} --json`);
    expect(parse(asJson)).toMatchObject({ client_id: made.client_id, origins: made.origins });
    for (const { stdout } of [listed, shown, asJson]) expect(stdout).not.toContain(made.client_secret);
  });

  it('says in plain words what to keep', async () => {
    const { stdout } = await run('application create --name Planner --redirect-uri https://app.example/cb');
    expect(stdout).toMatch(
      /client_id: app_[\s\S]*client_secret: [\w-]{43}\n\nThe client secret is shown this once\. Keep it on your server\.\n$/,
    );
  });

  it.each([
    ['--origin https://app.example/path', 'origin "https://app.example/path": expected scheme, host and port only'],
    ['--origin app.example', 'origin "app.example": expected an absolute address such as https://partner.example'],
    ['--redirect-uri https://app.example/cb#x', 'redirect URI "https://app.example/cb#x": expected no fragment'],
  ])('names the field and what was expected: %s', async (addresses, sentence) => {
    const { code, stdout, stderr } = await run(`application create --name Planner ${addresses}`);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`calendar-connect: ${sentence}`);
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    ['application create --origin https://app.example', 'application create: --name is missing'],
    ['application delete', 'application: expected create, list, show or set, received delete'],
    ['aplication list', 'expected serve or application, received aplication'],
    ['serve --prot 1', "Unknown option '--prot'"],
  ])('is told how to call it: %s', async (args, sentence) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr).toContain('See calendar-connect --help');
  });

  it('says that nobody has a client id', async () => {
    const { code, stderr } = await run('application show app_nobody');
    expect([code, stderr]).toEqual([1, expect.stringContaining('No application has the client id app_nobody.')]);
  });

  it('says how to register the first', async () => {
    expect((await run('application list')).stdout).toBe(
      'No application is registered yet. Register one with: calendar-connect application create --help\n',
    );
  });
});

describe('application set', () => {
  const create = async (): Promise<Shown> => parse(await run('application create --name Planner --origin https://app.example --json'));
  const URL = 'https://app.example/told?from=calendars';

  it('says where the partner’s server is told of things, changes it and takes it away', async () => {
    const made = await create();
    expect(made.notification_url).toBeUndefined();
    const { code, stdout, stderr } = await run(`application set ${made.client_id} --notification-url ${URL}`);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`\nnotification_url: ${URL}\n`);
    expect(stdout).not.toContain('secret');
    const moved = parse(await run(`application set ${made.client_id} --notification-url http://localhost:3000/told --json`));
    expect(moved.notification_url).toBe('http://localhost:3000/told');
    expect(parse(await run(`application show ${made.client_id} --json`))).toEqual(moved);
    const silent = parse(await run(`application set ${made.client_id} --no-notification-url --json`));
    expect(silent).toEqual({ ...made, client_secret: undefined });
  });

  it('is not needed where create said it', async () => {
    const made = parse(await run(`application create --name Planner --origin https://app.example --notification-url ${URL} --json`));
    expect(made.notification_url).toBe(URL);
  });

  it('takes the client secret of an older application from standard input, and says so first', async () => {
    const made = await create();
    forgetSecret(made.client_id);
    const set = `application set ${made.client_id} --notification-url ${URL}`;
    const { code, stdout, stderr } = await run(set);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`calendar-connect application set ${made.client_id} --notification-url URL --client-secret-stdin < FILE`);
    const wrong = await run(`${set} --client-secret-stdin`, {}, 'another secret\n');
    expect([wrong.code, wrong.stdout]).toEqual([1, '']);
    expect(wrong.stderr).toContain('(client_secret_wrong)');
    expect(wrong.stderr).not.toContain('another secret');
    const right = await run(`${set} --client-secret-stdin --json`, {}, `${made.client_secret}\n`);
    expect(parse(right).notification_url).toBe(URL);
    expect(right.stdout + right.stderr).not.toContain(made.client_secret);
    expect((await run(set)).code).toBe(0);
  });

  it.each([
    ['', 'application set: expected a client id'],
    [
      ' app_1',
      'application set: expected what to set: --notification-url URL, --no-notification-url, --client-secret-stdin, --mails-approvals',
    ],
    [` app_1 --notification-url ${URL} --no-notification-url`, 'expected --notification-url or --no-notification-url, received both'],
  ])('is told how to call it: set%s', async (args, sentence) => {
    const { code, stderr } = await run(`application set${args}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });

  it('says that nobody has a client id', async () => {
    const { code, stderr } = await run('application set app_nobody --no-notification-url');
    expect([code, stderr]).toEqual([1, expect.stringContaining('No application has the client id app_nobody.')]);
  });
});

/** Makes it an application that was registered when only the hash of its secret was kept. */
function forgetSecret(clientId: string): void {
  const database = new DatabaseSync(join(folder, '.calendar-connect', 'calendar-connect.db'));
  database.prepare('update applications set secret_sealed = null where id = ?').run(clientId);
  database.close();
}

describe('the data folder', () => {
  it('is where --data says, which beats CALENDAR_CONNECT_DATA', async () => {
    await run('application list --data by-flag', { CALENDAR_CONNECT_DATA: 'by-environment' });
    expect(readdirSync(folder)).toEqual(['by-flag']);
    await run('application list', { CALENDAR_CONNECT_DATA: 'by-environment' });
    expect(readdirSync(folder).toSorted()).toEqual(['by-environment', 'by-flag']);
  });

  it('has no key file where CALENDAR_CONNECT_KEYS is set', async () => {
    expect((await run('application list', { CALENDAR_CONNECT_KEYS: KEYS })).code).toBe(0);
    expect(existsSync(join(folder, '.calendar-connect', 'keys'))).toBe(false);
    expect(existsSync(join(folder, '.calendar-connect', 'calendar-connect.db'))).toBe(true);
  });
});

describe('--help', () => {
  it('lists every command and every setting, and makes nothing', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    const named = [
      'serve',
      'application create',
      'application list',
      'application show',
      'application set',
      '--notification-url',
      '--no-notification-url',
      '--client-secret-stdin',
      '--port',
      '--url',
      '--data',
      '--emulators',
      '--json',
    ];
    const variables = ['PORT', 'HOST', 'PUBLIC_URL', 'CALENDAR_CONNECT_DATA', 'CALENDAR_CONNECT_KEYS', 'GOOGLE_CLIENT_ID'];
    for (const name of [...named, ...variables, 'GOOGLE_CLIENT_SECRET', 'GOOGLE_FREE_BUSY_SCOPES']) expect(stdout).toContain(name);
    expect(readdirSync(folder)).toEqual([]);
  });
});
