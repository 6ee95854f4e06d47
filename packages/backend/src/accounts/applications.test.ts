import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyText } from '../vault/key-text.ts';
import { createKeyring, parseKeys } from '../vault/keyring.ts';
import { createVault } from '../vault/vault.ts';
import { allMigrations } from '../storage/migrations/all.ts';
import { migrate } from '../storage/migrations.ts';
import { openSqlite } from '../storage/sqlite.ts';
import { createStore, type Store } from '../storage/store.ts';
import { type Applications, createApplications, type NewApplication } from './applications.ts';
import { authenticateApplication } from './authenticate-application.ts';
import { createKnownApplications } from './known-applications.ts';
import { createLimits } from '../limits/limits.ts';
import { RateLimited } from '../limits/rate-limited.ts';

const PLANNER: NewApplication = { name: ' Planner ', redirectUris: ['https://a.example/cb'], origins: ['https://a.example/'] };

let store: Store;
let applications: Applications;
beforeEach(async () => {
  const engine = openSqlite({ file: ':memory:' });
  await migrate(engine, allMigrations);
  store = createStore(engine);
  const vault = createVault(createKeyring(parseKeys(createKeyText('k1'))));
  applications = createApplications({ store, vault, now: Date.now });
});
afterEach(() => store.close());

describe('registering an application', () => {
  it('completes what was left out, and gives the secret out this once', async () => {
    const { application, clientSecret } = await applications.create(PLANNER);
    expect(application).toMatchObject({
      name: 'Planner',
      origins: ['https://a.example'],
      accessModes: ['full', 'free_busy'],
      scope: 'free_busy_write',
    });
    expect(JSON.stringify(await applications.find(application.id))).not.toContain(clientSecret);
    expect(await applications.list()).toEqual([application]);
  });

  it('keeps access modes in their own order, each once', async () => {
    const { application } = await applications.create({ ...PLANNER, accessModes: ['free_busy', 'full', 'free_busy'] });
    expect(application.accessModes).toEqual(['full', 'free_busy']);
  });

  it.each([
    [{ name: ' ' }, 'name_invalid'],
    [{ name: 'x'.repeat(101) }, 'name_invalid'],
    [{ name: 'Pla\nnner' }, 'name_invalid'],
    [{ name: 'Planner\u202egpj' }, 'name_invalid'],
    [{ scope: 'read_mail' }, 'scope_invalid'],
    [{ scope: '' }, 'scope_invalid'],
    [{ origins: ['null'] }, 'origin_invalid'],
    [{ origins: ['https://a.example/page'] }, 'origin_invalid'],
    [{ redirectUris: ['https://a.example/cb?code=1'] }, 'redirect_uri_invalid'],
  ])('is refused with %j', async (changes, code) => {
    await expect(applications.create({ ...PLANNER, ...changes })).rejects.toMatchObject({ code });
    expect(await applications.list()).toEqual([]);
  });
});

describe('authenticating an application', () => {
  it('takes its secret, and nothing else', async () => {
    const { application, clientSecret } = await applications.create(PLANNER);
    const other = await applications.create(PLANNER);
    const ask = (clientId: string, secret: string) =>
      authenticateApplication(
        { store, knownApplications: createKnownApplications(Date.now), limits: createLimits(Date.now), now: Date.now },
        { clientId, clientSecret: secret, address: undefined },
      );
    expect(await ask(application.id, clientSecret)).toEqual(application);
    for (const wrong of ['', ' ', other.clientSecret, clientSecret.slice(0, -1), `${clientSecret} `, application.secretHash]) {
      expect(await ask(application.id, wrong)).toBeUndefined();
    }
    expect(await ask('app_nobody', clientSecret)).toBeUndefined();
    expect(await ask('app_nobody', '')).toBeUndefined();
    expect(await ask(application.id, clientSecret)).toEqual(application);
  });

  it('F01: lets nobody else’s wrong secrets keep it from an address where its own was right, whoever showed it a moment before', async () => {
    const { application, clientSecret } = await applications.create(PLANNER);
    const deps = { store, knownApplications: createKnownApplications(Date.now), limits: createLimits(Date.now), now: Date.now };
    const ask = (address: string, secret: string, clientId: string | undefined = application.id) =>
      authenticateApplication(deps, { clientId, clientSecret: secret, address }).catch((error: unknown) => error);
    await ask('192.0.2.1', clientSecret);
    await ask('192.0.2.2', clientSecret);
    for (let n = 0; n < 200; n += 1) await ask(`198.51.100.${n}`, 'wrong');
    expect(await ask('198.51.100.250', 'wrong')).toBeInstanceOf(RateLimited);
    expect(await ask('198.51.100.251', clientSecret)).toEqual(application);
    for (let n = 0; n < 40; n += 1) await ask('192.0.2.2', 'wrong');
    expect(await ask('192.0.2.2', clientSecret)).toEqual(application);
    const alone = (address: string, secret: string) =>
      authenticateApplication(deps, { clientId: undefined, clientSecret: secret, address });
    for (let n = 0; n < 30; n += 1) expect(await alone('192.0.2.9', 'wrong')).toBeUndefined();
    await expect(alone('192.0.2.9', 'wrong')).rejects.toBeInstanceOf(RateLimited);
    expect(await alone('192.0.2.9', clientSecret)).toEqual(application);
  });
});
