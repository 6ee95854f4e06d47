import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createKeyText } from '../vault/key-text.ts';
import { createKeyring, parseKeys } from '../vault/keyring.ts';
import { hashSecret, newSecret } from '../vault/secrets.ts';
import { createVault, type Vault } from '../vault/vault.ts';
import { allMigrations } from '../storage/migrations/all.ts';
import { migrate } from '../storage/migrations.ts';
import { openSqlite } from '../storage/sqlite.ts';
import { createStore, type Store } from '../storage/store.ts';
import { clientSecretPlace } from '../notifications/signature.ts';
import type { Application } from '../storage/questions/applications.ts';
import { type Applications, createApplications, type NewApplication } from './applications.ts';
import { authenticateApplication } from './authenticate-application.ts';
import { createKnownApplications } from './known-applications.ts';
import { createLimits } from '../limits/limits.ts';
import { RateLimited } from '../limits/rate-limited.ts';

const PLANNER: NewApplication = { name: ' Planner ', redirectUris: ['https://a.example/cb'], origins: ['https://a.example/'] };

let store: Store;
let vault: Vault;
let applications: Applications;
beforeEach(async () => {
  const engine = openSqlite({ file: ':memory:' });
  await migrate(engine, allMigrations);
  store = createStore(engine);
  vault = createVault(createKeyring(parseKeys(createKeyText('k1'))));
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

  it('keeps the secret sealed too, in its own place, because notifications are signed with it', async () => {
    const { application, clientSecret } = await applications.create({ ...PLANNER, notificationUrl: 'https://a.example/told?from=us' });
    const kept = await applications.find(application.id);
    expect(kept).toMatchObject({ notificationUrl: 'https://a.example/told?from=us' });
    expect(await openSecret(kept)).toBe(clientSecret);
    const other = await applications.create(PLANNER);
    await expect(openSecret(kept, other.application.id)).rejects.toMatchObject({ code: 'sealed_refused' });
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
    [{ notificationUrl: 'http://a.example/told' }, 'notification_url_invalid'],
  ])('is refused with %j', async (changes, code) => {
    await expect(applications.create({ ...PLANNER, ...changes })).rejects.toMatchObject({ code });
    expect(await applications.list()).toEqual([]);
  });
});

describe('changing an application', () => {
  it('sets the notification URL, and nothing else', async () => {
    const { application } = await applications.create(PLANNER);
    const changed = await applications.update(application.id, { notificationUrl: 'https://a.example/told' });
    expect(changed).toEqual({ ...application, notificationUrl: 'https://a.example/told' });
    expect(await applications.find(application.id)).toEqual(changed);
    expect(await applications.update(application.id, {})).toEqual(changed);
    expect(await applications.update(application.id, { notificationUrl: null })).toEqual(application);
  });

  it('needs the client secret once, where only its hash was kept', async () => {
    const { older, clientSecret } = await addOlderApplication();
    const notificationUrl = 'https://a.example/told';
    await expect(applications.update(older.id, { notificationUrl })).rejects.toMatchObject({ code: 'client_secret_needed' });
    const wrong = applications.update(older.id, { notificationUrl, clientSecret: newSecret() });
    await expect(wrong).rejects.toMatchObject({ code: 'client_secret_wrong' });
    expect(await applications.find(older.id)).toEqual(older);
    expect(await applications.update(older.id, { notificationUrl: null })).toEqual(older);

    expect(await openSecret(await applications.update(older.id, { notificationUrl, clientSecret }))).toBe(clientSecret);
    const moved = await applications.update(older.id, { notificationUrl: 'https://b.example/told' });
    expect(moved.notificationUrl).toBe('https://b.example/told');
    expect(await openSecret(moved)).toBe(clientSecret);
  });

  it('is refused where there is none, and for an address that cannot be asked', async () => {
    const nobody = applications.update('app_nobody', { notificationUrl: 'https://a.example/told' });
    await expect(nobody).rejects.toMatchObject({ code: 'application_not_found' });
    const { application } = await applications.create(PLANNER);
    const refused = applications.update(application.id, { notificationUrl: 'ftp://a.example/' });
    await expect(refused).rejects.toMatchObject({ code: 'notification_url_invalid' });
    expect(await applications.find(application.id)).toEqual(application);
  });
});

/** An application as it was registered before there were notifications. */
async function addOlderApplication(): Promise<{ older: Application; clientSecret: string }> {
  const { application } = await applications.create(PLANNER);
  const clientSecret = newSecret();
  const older = { ...application, id: 'app_older', secretHash: hashSecret(clientSecret), secretSealed: undefined };
  await store.insertApplication(older, vault.createDataKey(older.id));
  return { older, clientSecret };
}

async function openSecret(application: Application | undefined, ownerId = application?.id ?? ''): Promise<string> {
  return vault.open(await store.findDataKey(ownerId), clientSecretPlace(application?.id ?? ''), application?.secretSealed ?? '');
}

describe('authenticating an application', () => {
  it('takes its secret, and nothing else', async () => {
    const { application, clientSecret } = await applications.create(PLANNER);
    const other = await applications.create(PLANNER);
    const ask = (clientId: string, secret: string) =>
      authenticateApplication(
        { store, knownApplications: createKnownApplications({ store, now: Date.now }), limits: createLimits(Date.now), now: Date.now },
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

  it('reads one that shows its secret all the time twice in a second, and never makes it wait after the first time', async () => {
    const { application, clientSecret } = await applications.create(PLANNER);
    let nowMs = 0;
    const now = () => nowMs;
    const findApplication = vi.fn(store.findApplication);
    const counted = { ...store, findApplication };
    const deps = { store: counted, knownApplications: createKnownApplications({ store: counted, now }), limits: createLimits(now), now };
    const credentials = { clientId: application.id, clientSecret, address: undefined };
    for (; nowMs < 2000; nowMs += 100) {
      const reads = findApplication.mock.calls.length;
      const asked = authenticateApplication(deps, credentials);
      // Nobody has answered the store's question by then.
      const knows = await Promise.race([asked.then(() => true), Promise.resolve().then(() => Promise.resolve().then(() => false))]);
      expect([nowMs, knows, findApplication.mock.calls.length - reads]).toEqual([nowMs, nowMs > 0, nowMs % 500 === 0 ? 1 : 0]);
      expect(await asked).toEqual(application);
      await Promise.all(findApplication.mock.results.map(({ value }) => value as Promise<unknown>));
    }
  });

  it('F01: lets nobody else’s wrong secrets keep it from an address where its own was right, whoever showed it a moment before', async () => {
    const { application, clientSecret } = await applications.create(PLANNER);
    const deps = {
      store,
      knownApplications: createKnownApplications({ store, now: Date.now }),
      limits: createLimits(Date.now),
      now: Date.now,
    };
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
