import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, runCommand, startServe } from './support/command.ts';
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
    ['application delete', 'application: expected create, list, show, set or provider-client, received delete'],
    ['aplication list', 'expected serve, application, exchange or doctor, received aplication'],
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
    [' app_1', 'application set: expected what to set, such as --access-mode MODE, --accent-color #RRGGBB or --notification-url URL'],
    [' app_1 --logo nowhere.png', 'application: --logo: expected a picture file, or none, received nowhere.png (ENOENT)'],
    [' app_1 --mails-approvals --no-mails-approvals', 'expected --mails-approvals or --no-mails-approvals, received both'],
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

describe('the features of an application', () => {
  const FEATURES =
    '--access-mode free_busy --access-mode no_access --default-access-mode free_busy --provider microsoft --provider none --scope free_busy ' +
    '--accent-color #0a7f5c --logo logo.png --privacy-url https://app.example/privacy --organizer-name Acme ' +
    '--organizer-email calendar@app.example --reply-to people@app.example';
  const SHOWN = {
    access_modes: ['free_busy', 'no_access'],
    default_access_mode: 'free_busy',
    providers: ['microsoft', 'none'],
    scope: 'free_busy',
    branding: { accent_color: '#0a7f5c', logo: 'image/png, 17 bytes', privacy_url: 'https://app.example/privacy' },
    invitations: { organizer_name: 'Acme', organizer_email: 'calendar@app.example', reply_to: 'people@app.example' },
  };
  beforeEach(() => writeFileSync(join(folder, 'logo.png'), Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1')));

  it('are given to create, and shown but for the bytes of the logo', async () => {
    const made = parse(await run(`application create --name Planner --origin https://app.example ${FEATURES} --json`));
    expect(made).toMatchObject(SHOWN);
    const { stdout } = await run(`application show ${made.client_id}`);
    const lines = [
      'access_modes: free_busy no_access',
      'providers: microsoft none',
      'accent_color: #0a7f5c',
      'logo: image/png, 17 bytes',
      'organizer_email: calendar@app.example',
    ];
    for (const line of lines) expect(stdout).toContain(`\n${line}\n`);
  });

  it('are changed by set, each alone, and taken away by none', async () => {
    const made = parse(await run('application create --name Planner --origin https://app.example --json'));
    const set = async (flags: string) => parse(await run(`application set ${made.client_id} ${flags} --json`));
    const { client_secret: _, ...bare } = made;
    expect(await set(FEATURES)).toEqual({ ...bare, ...SHOWN });
    expect(await set('--accent-color #112233')).toEqual({ ...bare, ...SHOWN, branding: { ...SHOWN.branding, accent_color: '#112233' } });
    const off =
      '--access-mode full --access-mode free_busy --default-access-mode none --provider all --scope free_busy_write --accent-color none ' +
      '--logo none --privacy-url none --organizer-name none --organizer-email none --reply-to none';
    expect(await set(off)).toEqual(bare);
  });

  it('include addresses, which are replaced, or added to, or emptied', async () => {
    const made = parse(await run('application create --name Planner --origin https://a.example --json'));
    const set = async (flags: string) => parse(await run(`application set ${made.client_id} ${flags} --json`));
    expect(await set('--add-origin https://b.example --add-redirect-uri https://b.example/cb')).toMatchObject({
      origins: ['https://a.example', 'https://b.example'],
      redirect_uris: ['https://b.example/cb'],
    });
    expect(await set('--origin https://c.example --redirect-uri none --name Other')).toMatchObject({
      name: 'Other',
      origins: ['https://c.example'],
      redirect_uris: [],
    });
  });

  it.each([
    ['--provider gogle', 'providers: expected ids among google, microsoft, exchange, none, received "gogle" (providers_invalid)'],
    ['--access-mode all', 'accessModes: expected at least one of full, free_busy, no_access, received "all" (access_modes_invalid)'],
    ['--accent-color green', 'accentColor: expected a colour as #rrggbb, received "green" (accent_color_invalid)'],
    ['--logo notes.txt', 'logo: expected a PNG, JPEG or WebP picture, received 5 bytes of something else (logo_invalid)'],
    ['--reply-to nobody', 'replyTo: expected one mail address, received 6 characters that are none (reply_to_invalid)'],
  ])('are refused by the command, too: %s', async (flags, sentence) => {
    writeFileSync(join(folder, 'notes.txt'), 'notes');
    const { code, stderr } = await run(`application create --name Planner --origin https://app.example ${flags}`);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`calendar-connect: ${sentence}`)]);
  });
});

describe('a backend that runs', () => {
  it('obeys the command at once, and shows what it did to whoever has ADMIN_KEY', async () => {
    const key = 'the-key-of-the-admin-api-in-this-test';
    const made = parse(await run('application create --name Planner --origin https://app.example --json'));
    const serving = await startServe(['--emulators'], { cwd: folder, environment: { ADMIN_KEY: key } });
    try {
      const ask = async (path: string, headers: Record<string, string> = {}): Promise<unknown> =>
        (await fetch(`http://localhost:${serving.port}${path}`, { headers })).json();
      const offered = async () => {
        const { providers } = (await ask(`/connect/offer?client_id=${made.client_id}`)) as { providers: { id: string }[] };
        return providers.map(({ id }) => id);
      };
      expect(await offered()).toEqual(['google', 'microsoft', 'exchange']);
      const changed = parse(await run(`application set ${made.client_id} --provider microsoft --accent-color #112233 --json`));
      expect(await offered()).toEqual(['microsoft']);
      const { client_secret: _, ...shown } = changed;
      expect(await ask(`/admin/applications/${made.client_id}`, { authorization: `Bearer ${key}` })).toEqual(shown);
    } finally {
      await serving.stop();
    }
  });
});

describe('application provider-client', () => {
  const SECRET = 'GOCSPX-the-partners-own';

  it('sets a client, with the secret from standard input, lists it without, and removes it', async () => {
    const { client_id } = parse(await run('application create --name Planner --origin https://app.example --json'));
    const call = (rest: string, input?: string) => run(`application provider-client ${rest}`, {}, input);
    const set = await call(`set ${client_id} google --provider-client-id 1-own --json`, `${SECRET}\n`);
    expect([set.code, JSON.parse(set.stdout)]).toEqual([0, { provider: 'google', client_id: '1-own' }]);
    const list = await call(`list ${client_id}`);
    expect([list.code, list.stdout]).toEqual([0, 'google  1-own\n']);
    for (const { stdout, stderr } of [set, list, await run(`application show ${client_id}`)]) expect(stdout + stderr).not.toContain(SECRET);
    expect((await call(`remove ${client_id} google`)).code).toBe(0);
    expect((await call(`list ${client_id}`)).stdout).toContain('has no client of its own');
    const gone = await call(`remove ${client_id} google`);
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('(provider_client_not_found)')]);
  });

  it.each([
    ['', 2, 'application provider-client: expected set, list or remove, received nothing'],
    [' add app_1', 2, 'expected set, list or remove, received add'],
    [' list', 2, 'application provider-client list: expected the client id of an application'],
    [' remove app_1', 2, 'application provider-client remove: expected a provider, such as google'],
    [' set app_1 google', 2, 'expected --provider-client-id ID, and its secret on standard input: … < FILE'],
    [' set app_1 google --provider-client-id 1-own', 1, 'No application has the client id app_1. (application_not_found)'],
  ])('is told how to call it: provider-client%s', async (args, exitCode, sentence) => {
    const { code, stderr } = await run(`application provider-client${args}`, {}, SECRET);
    expect([code, stderr]).toEqual([exitCode, expect.stringContaining(sentence)]);
  });

  it('tells no secret of a client that is refused', async () => {
    const { client_id } = parse(await run('application create --name Planner --origin https://app.example --json'));
    for (const [provider, secret, refusal] of [
      ['gogle', SECRET, '(provider_unknown)'],
      ['google', `${SECRET}\n${SECRET}`, '(provider_client_secret_invalid)'],
      ['google', '', '(provider_client_secret_invalid)'],
    ] as const) {
      const { code, stderr } = await run(`application provider-client set ${client_id} ${provider} --provider-client-id 1-own`, {}, secret);
      expect([code, stderr]).toEqual([1, expect.stringContaining(refusal)]);
      expect(stderr).not.toContain(SECRET);
    }
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
      '--access-mode',
      '--default-access-mode',
      '--provider',
      '--scope',
      '--accent-color',
      '--logo',
      '--privacy-url',
      '--organizer-name',
      '--organizer-email',
      '--reply-to',
      '--add-origin',
      '--add-redirect-uri',
      'application provider-client',
      '--provider-client-id',
      '--port',
      '--url',
      '--data',
      '--emulators',
      '--json',
    ];
    const variables = ['PORT', 'HOST', 'PUBLIC_URL', 'CALENDAR_CONNECT_DATA', 'CALENDAR_CONNECT_KEYS', 'GOOGLE_CLIENT_ID', 'ADMIN_KEY'];
    for (const name of [...named, ...variables, 'GOOGLE_CLIENT_SECRET', 'GOOGLE_FREE_BUSY_SCOPES']) expect(stdout).toContain(name);
    expect(readdirSync(folder)).toEqual([]);
  });
});
