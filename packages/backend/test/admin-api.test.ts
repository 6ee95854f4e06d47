import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CalendarConnect, createCalendarConnect, google, microsoft } from '../src/index.ts';
import { createDatabase, type TestDatabase } from './support/databases.ts';
import { type Listening, listenTo } from './support/listening.ts';
import { GOOGLE_CLIENT, KEYS, MICROSOFT_CLIENT, PAGE_ORIGIN } from './support/world.ts';

const PUBLIC_URL = 'https://connect.partner.example';
const ADMIN_KEY = 'an-admin-key/of~visible.ASCII+characters!';
const LOGO = `data:image/png;base64,${Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1').toString('base64')}`;
const NOBODY = 'app_000000000000000000000000';

let database: TestDatabase;
let connect: CalendarConnect;
beforeEach(async () => {
  database = await createDatabase();
  connect = await open(ADMIN_KEY);
});
afterEach(async () => {
  await connect.close();
  await database.drop();
});

function open(adminKey?: string): Promise<CalendarConnect> {
  return createCalendarConnect({
    publicUrl: PUBLIC_URL,
    database: database.open(),
    keys: KEYS,
    providers: [google(GOOGLE_CLIENT), microsoft(MICROSOFT_CLIENT)],
    log: () => undefined,
    adminKey,
  });
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** What a request says besides its address. */
interface Asking {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(method: string, path: string, { body, headers = {} }: Asking = {}): Promise<Answer> {
  const response = await connect.app.request(`${PUBLIC_URL}${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
}

async function register(fields: object = {}): Promise<{ clientId: string; clientSecret: string; body: Answer['body'] }> {
  const { status, body } = await ask('POST', '/admin/applications', { body: { name: 'Planner', origins: [PAGE_ORIGIN], ...fields } });
  expect(status).toBe(201);
  return { clientId: String(body['client_id']), clientSecret: String(body['client_secret']), body };
}

const keysOf = ({ body }: Answer): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(body['errors'] as Record<string, { key: string }[]>).map(([field, errors]) => [field, errors.map(({ key }) => key)]),
  );

const ROUTES: readonly (readonly [string, string])[] = [
  ['GET', '/admin/applications'],
  ['POST', '/admin/applications'],
  ['GET', `/admin/applications/${NOBODY}`],
  ['PATCH', `/admin/applications/${NOBODY}`],
  ['GET', `/admin/applications/${NOBODY}/provider_clients`],
  ['PUT', `/admin/applications/${NOBODY}/provider_clients/google`],
  ['DELETE', `/admin/applications/${NOBODY}/provider_clients/google`],
  ['POST', '/v1/applications'],
];

describe('the admin key', () => {
  it.each(ROUTES)('is asked for at %s %s, before anything is read', async (method, path) => {
    for (const authorization of ['', 'Bearer ', `Bearer ${ADMIN_KEY}x`, `Bearer ${ADMIN_KEY.slice(0, -1)}`, `Basic ${btoa(ADMIN_KEY)}`]) {
      const { status, text, headers } = await ask(method, path, {
        headers: { authorization },
        ...(method === 'GET' ? {} : { body: 'no JSON' }),
      });
      expect([status, text]).toEqual([401, '']);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('opens nothing where the backend has none: there is no such address', async () => {
    await connect.close();
    await database.drop();
    database = await createDatabase();
    connect = await open();
    for (const [method, path] of ROUTES) {
      const { status } = await connect.app.request(`${PUBLIC_URL}${path}`, { method, headers: { authorization: `Bearer ${ADMIN_KEY}` } });
      expect(status).toBe(404);
    }
  });

  it('is no client secret, and a client secret is none', async () => {
    const { clientId, clientSecret } = await register();
    expect((await ask('GET', '/admin/applications', { headers: { authorization: `Bearer ${clientSecret}` } })).status).toBe(401);
    const revoke = { client_id: clientId, client_secret: ADMIN_KEY, token: 'x' };
    expect((await ask('POST', '/oauth/token/revoke', { body: revoke })).status).toBe(400);
  });

  it('leaves no page in a browser to read the answers', async () => {
    const { clientId } = await register();
    for (const [method, path] of [...ROUTES, ['OPTIONS', '/admin/applications'] as const]) {
      const { headers } = await connect.app.request(`${PUBLIC_URL}${path}?client_id=${clientId}`, {
        method,
        headers: { authorization: `Bearer ${ADMIN_KEY}`, origin: PAGE_ORIGIN, 'access-control-request-method': 'GET' },
      });
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

describe('wrong admin keys', () => {
  let listening: Listening;
  beforeEach(async () => {
    listening = await listenTo({ connect });
  });
  afterEach(() => listening.close());

  const guess = (key: string): Promise<Response> =>
    fetch(`${listening.url}/admin/applications`, { headers: { authorization: `Bearer ${key}` } });

  it('are looked at thirty times, then told to wait; the first are in the audit trail, with the address', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 40; n += 1) statuses.push((await guess(`guess-${n}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 30 }, () => 401), ...Array.from({ length: 10 }, () => 429)]);
    const refused = await guess(ADMIN_KEY);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const written = (await connect.audit({ limit: 1000 })).filter(({ event }) => event === 'admin_key_wrong');
    expect(written).toHaveLength(30);
    expect(new Set(written.map(({ detail }) => detail))).toEqual(new Set(['127.0.0.1']));
    expect(JSON.stringify(written)).not.toContain('guess');
  });

  it('keep nobody out from whose address the right one came', async () => {
    expect((await guess(ADMIN_KEY)).status).toBe(200);
    for (let n = 0; n < 40; n += 1) await guess(`guess-${n}`);
    expect((await guess(ADMIN_KEY)).status).toBe(200);
  });
});

describe('registering an application by the admin API', () => {
  it('answers with what was registered and its secret, this once', async () => {
    const features = {
      redirect_uris: ['https://app.partner.example/cb'],
      access_modes: ['free_busy', 'no_access'],
      default_access_mode: 'free_busy',
      providers: ['microsoft', 'none'],
      scope: 'free_busy_write',
      branding: { accent_color: '#0a7f5c', logo: LOGO, privacy_url: 'https://partner.example/privacy' },
      invitations: { organizer_name: 'Acme', organizer_email: 'calendar@partner.example', reply_to: 'people@partner.example' },
      notification_url: 'https://partner.example/told',
      mails_approvals: true,
    };
    const { clientId, clientSecret, body } = await register(features);
    expect(body).toEqual({
      client_id: expect.stringMatching(/^app_/),
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      name: 'Planner',
      origins: [PAGE_ORIGIN],
      ...features,
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const shown = await ask('GET', `/admin/applications/${clientId}`);
    const { client_secret: _, ...withoutSecret } = body;
    expect([shown.status, shown.body]).toEqual([200, withoutSecret]);
    const { branding, ...rest } = withoutSecret;
    const { logo: __, ...listed } = branding as Record<string, string>;
    const list = await ask('GET', '/admin/applications');
    expect(list.body).toEqual({ applications: [{ ...rest, branding: listed }] });
    for (const { text, headers } of [shown, list]) {
      expect(text).not.toContain(clientSecret);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    }
    expect((await connect.audit({ limit: 10 })).map(({ event }) => event)).toEqual(['application_created']);
  });

  it('needs no more than a name', async () => {
    const { body } = await register({ origins: null });
    expect(body).toMatchObject({ origins: [], redirect_uris: [], access_modes: ['full', 'free_busy'], providers: [], branding: {} });
    expect(body).not.toHaveProperty('default_access_mode');
  });

  it.each([
    ['{', 400, undefined],
    ['[]', 422, { body: ['errors.invalid'] }],
    ['{}', 422, { name: ['errors.required'] }],
    [{ name: 7 }, 422, { name: ['errors.invalid'] }],
    [{ name: 'A', colour: 'red', secret: 'x' }, 422, { colour: ['errors.unknown_field'], secret: ['errors.unknown_field'] }],
    [{ name: 'A', branding: { css: 'x' } }, 422, { 'branding.css': ['errors.unknown_field'] }],
    [{ name: 'A', client_secret: 'mine' }, 422, { client_secret: ['errors.unknown_field'] }],
    [{ name: 'A', origins: [7] }, 422, { origins: ['errors.invalid'] }],
    [{ name: 'A', origins: ['https://*.a.example'] }, 422, { origins: ['errors.origin_invalid'] }],
    [{ name: 'A', access_modes: ['all'] }, 422, { access_modes: ['errors.access_modes_invalid'] }],
    [{ name: 'A', default_access_mode: 'no_access' }, 422, { default_access_mode: ['errors.default_access_mode_invalid'] }],
    [{ name: 'A', providers: ['exchange'] }, 422, { providers: ['errors.providers_invalid'] }],
    [{ name: 'A', branding: { logo: 'data:image/svg+xml;base64,PHN2Zy8+' } }, 422, { 'branding.logo': ['errors.logo_invalid'] }],
    [{ name: 'A', invitations: { reply_to: 'x' } }, 422, { 'invitations.reply_to': ['errors.reply_to_invalid'] }],
  ])('refuses %j with the fields and what is wrong with them', async (body, status, keys) => {
    const answer = await ask('POST', '/admin/applications', { body });
    expect(answer.status).toBe(status);
    if (keys !== undefined) expect(keysOf(answer)).toEqual(keys);
    expect((await ask('GET', '/admin/applications')).body).toEqual({ applications: [] });
    expect(await connect.audit({ limit: 10 })).toEqual([]);
  });
});

describe('changing an application by the admin API', () => {
  it('changes what is named, takes away by null, and tells the audit trail', async () => {
    const { clientId, body } = await register({ branding: { accent_color: '#0a7f5c', privacy_url: 'https://partner.example/privacy' } });
    const { client_secret: _, ...registered } = body;
    const patch = (fields: object) => ask('PATCH', `/admin/applications/${clientId}`, { body: fields });

    const recoloured = await patch({ branding: { accent_color: '#112233', logo: LOGO } });
    const branding = { accent_color: '#112233', logo: LOGO, privacy_url: 'https://partner.example/privacy' };
    expect([recoloured.status, recoloured.body]).toEqual([200, { ...registered, branding }]);
    expect((await patch({ access_modes: ['free_busy'], branding: { logo: null } })).body).toEqual({
      ...registered,
      access_modes: ['free_busy'],
      branding: { accent_color: '#112233', privacy_url: 'https://partner.example/privacy' },
    });
    expect((await patch({ access_modes: null, branding: null, mails_approvals: null })).body).toEqual({ ...registered, branding: {} });
    expect((await patch({})).body).toEqual({ ...registered, branding: {} });
    const details = (await connect.audit({ limit: 10, applicationId: clientId })).map(({ event, detail }) => `${event} ${detail}`);
    expect(details.toSorted()).toEqual([
      'application_changed admin_api: accentColor, logo',
      'application_changed admin_api: accessModes, accentColor, logo, privacyUrl, mailsApprovals',
      'application_changed admin_api: accessModes, logo',
      'application_created admin_api',
    ]);
  });

  it('is obeyed at once: by the offer, and by pages of an origin that is no longer registered', async () => {
    const { clientId } = await register();
    const offer = async (): Promise<Response> =>
      connect.app.request(`${PUBLIC_URL}/connect/offer?client_id=${clientId}`, { headers: { origin: PAGE_ORIGIN } });
    const modes = async (): Promise<unknown> => {
      const { providers } = (await (await offer()).json()) as { providers: { id: string; access_modes: { access_mode: string }[] }[] };
      return providers.map(({ id, access_modes }) => `${id}: ${access_modes.map(({ access_mode }) => access_mode).join()}`);
    };
    expect(await modes()).toEqual(['google: full,free_busy', 'microsoft: full,free_busy']);
    await ask('PATCH', `/admin/applications/${clientId}`, { body: { providers: ['microsoft'], access_modes: ['free_busy'] } });
    expect(await modes()).toEqual(['microsoft: free_busy']);
    await ask('PATCH', `/admin/applications/${clientId}`, { body: { origins: ['https://elsewhere.example'] } });
    expect((await offer()).status).toBe(403);
  });

  it('takes changes at the same time, each of what it names, and never to a default mode that is none of the modes', async () => {
    const { clientId } = await register();
    const patch = (body: object) => ask('PATCH', `/admin/applications/${clientId}`, { body });
    const names = Array.from({ length: 8 }, (_, n) => `Planner ${n}`);
    const changes = [
      ...names.map((name) => patch({ name })),
      patch({ providers: ['google'] }),
      patch({ branding: { logo: LOGO, accent_color: '#112233' } }),
      patch({ access_modes: ['free_busy'] }),
      patch({ default_access_mode: 'full' }),
    ];
    const statuses = (await Promise.all(changes)).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([...Array.from({ length: 11 }, () => 200), 422]);
    const { body } = await ask('GET', `/admin/applications/${clientId}`);
    expect(names).toContain(body['name']);
    expect(body).toMatchObject({ providers: ['google'], branding: { logo: LOGO, accent_color: '#112233' } });
    expect(body['access_modes']).toEqual(expect.arrayContaining([body['default_access_mode'] ?? 'free_busy']));
  });

  it('refuses a name that is null, an unknown field and a wrong secret, and changes nothing', async () => {
    const { clientId, body } = await register();
    const { client_secret: _, ...registered } = body;
    const patch = async (fields: object) => keysOf(await ask('PATCH', `/admin/applications/${clientId}`, { body: fields }));
    expect(await patch({ name: null, scope: 'free_busy' })).toEqual({ name: ['errors.invalid'] });
    expect(await patch({ client_id: 'app_mine', scope: 'free_busy' })).toEqual({ client_id: ['errors.unknown_field'] });
    expect(await patch({ client_secret: 'wrong', scope: 'free_busy' })).toEqual({ client_secret: ['errors.client_secret_wrong'] });
    expect((await ask('GET', `/admin/applications/${clientId}`)).body).toEqual(registered);
  });

  it('is 404 for an application that there is not', async () => {
    for (const [method, path] of ROUTES.filter(([, path]) => path.includes(NOBODY))) {
      const body = method === 'PUT' ? { client_id: 'a', client_secret: 'b' } : method === 'PATCH' ? { name: 'A' } : undefined;
      const { status, text } = await ask(method, path, { body });
      expect([method, path, status, text]).toEqual([method, path, 404, '']);
    }
  });
});

describe('an application’s own provider clients in the admin API', () => {
  it('are set, listed without their secrets, and removed', async () => {
    const { clientId } = await register();
    const path = `/admin/applications/${clientId}/provider_clients`;
    expect((await ask('GET', path)).body).toEqual({ provider_clients: [] });
    const set = await ask('PUT', `${path}/google`, { body: { client_id: '1-own', client_secret: 'GOCSPX-own' } });
    expect([set.status, set.body]).toEqual([200, { provider: 'google', client_id: '1-own' }]);
    const list = await ask('GET', path);
    expect(list.body).toEqual({ provider_clients: [{ provider: 'google', client_id: '1-own' }] });
    expect(set.text + list.text).not.toContain('GOCSPX');
    expect((await ask('DELETE', `${path}/google`)).status).toBe(204);
    expect((await ask('DELETE', `${path}/google`)).status).toBe(404);
    expect((await ask('GET', path)).body).toEqual({ provider_clients: [] });
    const events = (await connect.audit({ limit: 10, applicationId: clientId })).map(({ event }) => event);
    expect(events.toSorted()).toEqual(['application_created', 'provider_client_removed', 'provider_client_set']);
  });

  it.each([
    ['google', {}, { client_id: ['errors.required'], client_secret: ['errors.required'] }],
    ['google', { client_id: 'a', client_secret: 'b', tenant: 'c' }, { tenant: ['errors.unknown_field'] }],
    ['google', { client_id: '', client_secret: 'b' }, { client_id: ['errors.provider_client_id_invalid'] }],
    ['google', { client_id: 'a', client_secret: 'b c' }, { client_secret: ['errors.provider_client_secret_invalid'] }],
    ['exchange', { client_id: 'a', client_secret: 'b' }, { provider: ['errors.provider_unknown'] }],
  ])('are refused at %s with %j', async (provider, body, keys) => {
    const { clientId } = await register();
    const answer = await ask('PUT', `/admin/applications/${clientId}/provider_clients/${provider}`, { body });
    expect([answer.status, keysOf(answer)]).toEqual([422, keys]);
  });
});

describe('POST /v1/applications', () => {
  it('registers an application by its name and its site', async () => {
    const { status, body } = await ask('POST', '/v1/applications', { body: { name: 'Acme', url: 'https://acme.example/calendar' } });
    const { client_id, client_secret } = body['oauth_client'] as Record<string, string>;
    expect(status).toBe(200);
    expect(body).toEqual({
      oauth_client: { client_id: expect.stringMatching(/^app_/), client_secret: expect.stringMatching(/^[\w-]{43}$/) },
    });
    expect((await ask('GET', `/admin/applications/${client_id}`)).body).toMatchObject({ name: 'Acme', origins: ['https://acme.example'] });
    const revoke = { client_id, client_secret, token: 'x' };
    expect((await ask('POST', '/oauth/token/revoke', { body: revoke })).status).toBe(200);
  });

  it.each([
    [{ url: 'https://acme.example' }, { name: ['errors.required'] }],
    [{ name: 'Acme' }, { url: ['errors.required'] }],
    [{ name: 'Acme', url: 'acme.example' }, { url: ['errors.url_invalid'] }],
    [{ name: 'Acme', url: 'http://acme.example' }, { url: ['errors.url_invalid'] }],
    [{ name: '', url: 'https://acme.example' }, { name: ['errors.name_invalid'] }],
    [{ name: 'Acme', url: 'https://acme.example', origins: [] }, { origins: ['errors.unknown_field'] }],
  ])('refuses %j', async (body, keys) => {
    const answer = await ask('POST', '/v1/applications', { body });
    expect([answer.status, keysOf(answer)]).toEqual([422, keys]);
  });
});
