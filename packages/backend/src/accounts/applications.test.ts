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
});
