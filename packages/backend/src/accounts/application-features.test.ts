import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allMigrations } from '../storage/migrations/all.ts';
import { migrate } from '../storage/migrations.ts';
import { openSqlite } from '../storage/sqlite.ts';
import { createStore, type Store } from '../storage/store.ts';
import { createKeyText } from '../vault/key-text.ts';
import { createKeyring, parseKeys } from '../vault/keyring.ts';
import { createVault } from '../vault/vault.ts';
import {
  type Applications,
  type ApplicationsDeps,
  type ApplicationUpdate,
  createApplications,
  type NewApplication,
} from './applications.ts';
import { createProviderClients } from './provider-clients.ts';

const PLANNER: NewApplication = { name: 'Planner', redirectUris: ['https://a.example/cb'], origins: ['https://a.example'] };
/** One grey pixel. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==', 'base64');

let store: Store;
let deps: ApplicationsDeps;
let applications: Applications;
let clientId: string;
beforeEach(async () => {
  const engine = openSqlite({ file: ':memory:' });
  await migrate(engine, allMigrations);
  store = createStore(engine);
  const vault = createVault(createKeyring(parseKeys(createKeyText('k1'))));
  deps = { store, vault, now: Date.now, providers: new Set(['google', 'microsoft']), conferencing: new Set(['zoom']) };
  applications = createApplications(deps);
  clientId = (await applications.create(PLANNER)).application.id;
});
afterEach(() => store.close());

const refusal = (update: unknown): Promise<unknown> =>
  applications.update(clientId, update as ApplicationUpdate).catch((error: unknown) => error);

describe('the features of an application', () => {
  it('are those of everybody where it says nothing', async () => {
    expect(await applications.find(clientId)).toMatchObject({
      accessModes: ['full', 'free_busy'],
      defaultAccessMode: undefined,
      providers: [],
      branding: { accentColor: undefined, privacyUrl: undefined },
      invitations: { organizerName: undefined, organizerEmail: undefined, replyTo: undefined },
    });
    expect(await applications.logo(clientId)).toBeUndefined();
  });

  const ALL = {
    accessModes: ['no_access', 'free_busy'],
    defaultAccessMode: 'no_access',
    providers: ['microsoft', 'none', 'microsoft'],
    scope: 'read_write',
    branding: { accentColor: '#0A7F5C', logo: PNG, privacyUrl: 'https://a.example/privacy' },
    invitations: { organizerName: ' Acme ', organizerEmail: 'calendar@a.example', replyTo: 'people@a.example' },
    notificationUrl: 'https://a.example/told',
    mailsApprovals: true,
  } satisfies ApplicationUpdate;
  const STORED = {
    accessModes: ['free_busy', 'no_access'],
    defaultAccessMode: 'no_access',
    providers: ['microsoft', 'none'],
    scope: 'read_write',
    branding: { accentColor: '#0a7f5c', privacyUrl: 'https://a.example/privacy' },
    invitations: { organizerName: 'Acme', organizerEmail: 'calendar@a.example', replyTo: 'people@a.example' },
    notificationUrl: 'https://a.example/told',
    mailsApprovals: true,
  };

  it('can be given at once, when it is registered and later', async () => {
    const { application } = await applications.create({ ...PLANNER, ...ALL });
    expect(application).toMatchObject(STORED);
    expect(await applications.find(application.id)).toEqual(application);
    expect(await applications.update(clientId, ALL)).toMatchObject(STORED);
    expect(await applications.find(clientId)).toMatchObject(STORED);
    const logo = `data:image/png;base64,${PNG.toString('base64')}`;
    expect([await applications.logo(application.id), await applications.logo(clientId)]).toEqual([logo, logo]);
  });

  it('change one by one, and leave the others as they are', async () => {
    const whole = await applications.update(clientId, ALL);
    expect(await applications.update(clientId, { branding: { accentColor: '#112233' } })).toEqual({
      ...whole,
      branding: { ...whole.branding, accentColor: '#112233' },
    });
    expect(await applications.logo(clientId)).toBeDefined();
    const renamed = await applications.update(clientId, { name: 'Other', branding: { accentColor: '#0a7f5c' } });
    expect(renamed).toEqual({ ...whole, name: 'Other' });
  });

  it('are taken away by null', async () => {
    await applications.update(clientId, ALL);
    const bare = await applications.update(clientId, {
      defaultAccessMode: null,
      branding: { accentColor: null, logo: null, privacyUrl: null },
      invitations: { organizerName: null, organizerEmail: null, replyTo: null },
      notificationUrl: null,
      providers: [],
    });
    expect(bare).toMatchObject({ defaultAccessMode: undefined, providers: [], notificationUrl: undefined });
    expect(Object.values({ ...bare.branding, ...bare.invitations })).toEqual(Array.from({ length: 5 }));
    expect(await applications.logo(clientId)).toBeUndefined();
  });

  it('are refused each by its own code, with what was expected, and nothing of the rest is changed', async () => {
    const before = await applications.find(clientId);
    const refused: readonly [unknown, string, string][] = [
      [{ name: ' ' }, 'name_invalid', 'name: expected 1 to 100 visible characters, received 0'],
      [{ redirectUris: ['https://a.example/cb#x'] }, 'redirect_uri_invalid', 'expected no fragment'],
      [{ addRedirectUris: ['/cb'] }, 'redirect_uri_invalid', 'expected an absolute address'],
      [{ origins: ['https://*.a.example'] }, 'origin_invalid', 'wildcards are not supported'],
      [{ addOrigins: ['null'] }, 'origin_invalid', 'expected an absolute address'],
      [{ accessModes: [] }, 'access_modes_invalid', 'expected at least one of full, free_busy, no_access, received none'],
      [{ accessModes: ['full', 'all'] }, 'access_modes_invalid', 'received "all"'],
      [{ defaultAccessMode: 'some' }, 'default_access_mode_invalid', 'expected one of full, free_busy, no_access, received "some"'],
      [{ defaultAccessMode: 'no_access' }, 'default_access_mode_invalid', '(full, free_busy), or none, received no_access'],
      [{ providers: ['google', 'gogle'] }, 'providers_invalid', 'expected ids among google, microsoft, none, received "gogle"'],
      [{ providers: ['zoom'] }, 'providers_invalid', 'received "zoom"'],
      [{ scope: 'read_mail' }, 'scope_invalid', 'received "read_mail"'],
      [{ branding: { accentColor: 'red' } }, 'accent_color_invalid', 'expected a colour as #rrggbb, received "red"'],
      [{ branding: { accentColor: '#fff;}body{}' } }, 'accent_color_invalid', 'expected a colour as #rrggbb'],
      [{ branding: { logo: Buffer.from('<svg/>') } }, 'logo_invalid', 'expected a PNG, JPEG or WebP picture'],
      [{ branding: { privacyUrl: 'http://a.example' } }, 'privacy_url_invalid', 'expected https'],
      [{ invitations: { organizerName: 'A\nB' } }, 'organizer_name_invalid', 'expected 1 to 100 visible characters'],
      [{ invitations: { organizerEmail: 'nobody' } }, 'organizer_email_invalid', 'received 6 characters that are none'],
      [{ invitations: { replyTo: 'a@b.example, c@d.example' } }, 'reply_to_invalid', 'expected one mail address'],
      [{ notificationUrl: 'ftp://a.example' }, 'notification_url_invalid', 'expected https'],
      [{ clientSecret: 'another' }, 'client_secret_wrong', 'received another'],
    ];
    for (const [update, code, message] of refused) {
      const error = await refusal({ mailsApprovals: true, ...(update as object) });
      expect(error).toMatchObject({ name: 'CalendarConnectError', code, message: expect.stringContaining(message) });
      expect(String(error)).not.toContain('@');
    }
    expect(await applications.find(clientId)).toEqual(before);
  });

  it('do not lose their default mode unnoticed: modes without it are refused until another is named', async () => {
    await applications.update(clientId, { defaultAccessMode: 'full' });
    expect(await refusal({ accessModes: ['free_busy'] })).toMatchObject({ code: 'default_access_mode_invalid' });
    expect(await applications.update(clientId, { accessModes: ['free_busy'], defaultAccessMode: 'free_busy' })).toMatchObject({
      accessModes: ['free_busy'],
      defaultAccessMode: 'free_busy',
    });
  });

  it('take any provider where nobody says which there are', async () => {
    const { providers: _, conferencing: __, ...unknowing } = deps;
    expect(await createApplications(unknowing).update(clientId, { providers: ['exchange'] })).toMatchObject({ providers: ['exchange'] });
    await expect(createApplications(unknowing).update(clientId, { providers: ['<b>'] })).rejects.toMatchObject({
      code: 'providers_invalid',
    });
  });
});

describe('lists of addresses', () => {
  it('are replaced by what is given, and added to', async () => {
    const added = await applications.update(clientId, {
      addOrigins: ['https://b.example', 'https://a.example'],
      addRedirectUris: ['https://b.example/cb'],
    });
    expect(added).toMatchObject({
      origins: ['https://a.example', 'https://b.example'],
      redirectUris: ['https://a.example/cb', 'https://b.example/cb'],
    });
    const replaced = await applications.update(clientId, {
      origins: ['https://c.example'],
      addOrigins: ['https://d.example'],
      redirectUris: [],
    });
    expect(replaced).toMatchObject({ origins: ['https://c.example', 'https://d.example'], redirectUris: [] });
  });
});

describe('changes at the same time', () => {
  it('each change what they name', async () => {
    const colors = Array.from({ length: 10 }, (_, n) => `#00000${n}`);
    await Promise.all([
      ...colors.map((accentColor) => applications.update(clientId, { branding: { accentColor } })),
      ...colors.map((_, n) => applications.update(clientId, { addOrigins: [`https://o${n}.example`] })),
      applications.update(clientId, { providers: ['google'] }),
      applications.update(clientId, { branding: { logo: PNG } }),
    ]);
    const { branding, origins, providers } = (await applications.find(clientId)) ?? {};
    expect(colors).toContain(branding?.accentColor);
    expect(origins).toHaveLength(11);
    expect(providers).toEqual(['google']);
    expect(await applications.logo(clientId)).toBeDefined();
  });

  it('never leave a default mode that is none of the modes', async () => {
    for (let round = 0; round < 5; round += 1) {
      await applications.update(clientId, { accessModes: ['full', 'free_busy'], defaultAccessMode: null });
      const ends = await Promise.allSettled([
        applications.update(clientId, { accessModes: ['free_busy'] }),
        applications.update(clientId, { defaultAccessMode: 'full' }),
      ]);
      expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const { accessModes = [], defaultAccessMode } = (await applications.find(clientId)) ?? {};
      expect(defaultAccessMode === undefined || accessModes.includes(defaultAccessMode)).toBe(true);
    }
  });
});

describe('an application’s own client at a provider', () => {
  const OWN = { provider: 'google', clientId: '1-own.apps.googleusercontent.com', clientSecret: 'GOCSPX-own' };
  const operatorClient = { id: 'pcl_operator', clientId: 'operator', clientSecret: 'operators' };
  const used = () => createProviderClients(deps).forApplication({ id: 'google', operatorClient }, clientId);

  it('is used once it is set, shown without its secret, and the operator’s again once it is removed', async () => {
    expect(await used()).toEqual(operatorClient);
    expect(await applications.setProviderClient(clientId, OWN)).toEqual({ provider: 'google', clientId: OWN.clientId });
    expect(await used()).toMatchObject({ clientId: OWN.clientId, clientSecret: OWN.clientSecret });
    expect(await applications.providerClients(clientId)).toEqual([{ provider: 'google', clientId: OWN.clientId }]);
    await applications.removeProviderClient(clientId, 'google');
    expect([await used(), await applications.providerClients(clientId)]).toEqual([operatorClient, []]);
    await expect(applications.removeProviderClient(clientId, 'google')).rejects.toMatchObject({ code: 'provider_client_not_found' });
  });

  it('stays known to the connections that were made with it, with a secret that was changed since', async () => {
    await applications.setProviderClient(clientId, OWN);
    const first = await used();
    await applications.setProviderClient(clientId, { ...OWN, clientSecret: 'GOCSPX-changed' });
    expect(await used()).toEqual({ ...first, clientSecret: 'GOCSPX-changed' });
    await applications.setProviderClient(clientId, { ...OWN, clientId: '2-own' });
    const byId = await createProviderClients(deps).byId({ id: 'google', operatorClient }, first.id);
    expect(byId).toEqual({ ...first, clientSecret: 'GOCSPX-changed' });
  });

  it('can be one of a conferencing service', async () => {
    await applications.setProviderClient(clientId, { ...OWN, provider: 'zoom' });
    expect(await applications.providerClients(clientId)).toEqual([{ provider: 'zoom', clientId: OWN.clientId }]);
  });

  it.each([
    [{ provider: 'exchange' }, 'provider_unknown', 'expected one of google, microsoft, zoom, received "exchange"'],
    [{ provider: 'none' }, 'provider_unknown', 'received "none"'],
    [{ clientId: '' }, 'provider_client_id_invalid', 'received 0 characters'],
    [{ clientId: 'GOCSPX pasted' }, 'provider_client_id_invalid', 'received 13 characters'],
    [{ clientSecret: '' }, 'provider_client_secret_invalid', 'received 0 characters'],
    [{ clientSecret: 'GOCSPX-\nown' }, 'provider_client_secret_invalid', 'received 11 characters'],
    [{ clientSecret: 's'.repeat(501) }, 'provider_client_secret_invalid', 'received 501 characters'],
  ])('is refused with %j, and no secret is told', async (changes, code, message) => {
    const refused = await applications.setProviderClient(clientId, { ...OWN, ...changes }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(String(refused)).not.toContain('GOCSPX');
    expect(await applications.providerClients(clientId)).toEqual([]);
  });

  it('is of an application that there is', async () => {
    const nobody = [
      applications.providerClients('app_nobody'),
      applications.setProviderClient('app_nobody', OWN),
      applications.removeProviderClient('app_nobody', 'google'),
    ];
    for (const ask of nobody) await expect(ask).rejects.toMatchObject({ code: 'application_not_found' });
  });
});

describe('the audit trail', () => {
  it('tells who changed what where somebody did, and never to what', async () => {
    const acted = createApplications({ ...deps, actor: { through: 'admin_api', address: '192.0.2.1' } });
    const { application } = await acted.create(PLANNER);
    await acted.update(application.id, { name: 'Other', branding: { accentColor: '#123456' } });
    await acted.update(application.id, {});
    await acted.update(application.id, { accessModes: [] }).catch(() => undefined);
    await acted.setProviderClient(application.id, { provider: 'google', clientId: '1-own', clientSecret: 'GOCSPX-own' });
    await acted.removeProviderClient(application.id, 'google');
    const events = await store.auditTrail({ limit: 100 });
    expect(events.map(({ event, applicationId, detail }) => ({ event, applicationId, detail }))).toEqual(
      expect.arrayContaining([
        { event: 'application_created', applicationId: application.id, detail: 'admin_api 192.0.2.1' },
        { event: 'application_changed', applicationId: application.id, detail: 'admin_api 192.0.2.1: name, accentColor' },
        { event: 'provider_client_set', applicationId: application.id, detail: 'admin_api 192.0.2.1: google' },
        { event: 'provider_client_removed', applicationId: application.id, detail: 'admin_api 192.0.2.1: google' },
      ]),
    );
    expect(events).toHaveLength(4);
  });
});
