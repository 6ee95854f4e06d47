import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage, type PageSession } from './support/partner-page.ts';
import { authorizePath } from './support/partner-server.ts';
import { createWorld, PAGE_ORIGIN, type World } from './support/world.ts';

const ELSEWHERE = 'https://elsewhere.example';

let world: World;
let session: PageSession;
let othersOrigin: string;

beforeAll(async () => {
  world = await createWorld();
  session = await openPage(world).mint();
  othersOrigin = 'https://other.example';
  await world.register({ name: 'Other', origins: [othersOrigin] });
});
afterAll(() => world.close());

type Endpoint = readonly [method: string, path: string, body: string | undefined];

const JSON_ENDPOINTS: readonly Endpoint[] = [
  ['GET', '/connect/offer', undefined],
  ['POST', '/connect/sessions', '{}'],
  ['POST', '/connect/sessions/SESSION/claim', '{}'],
  ['GET', '/connect/sessions/SESSION', undefined],
  ['DELETE', '/connect/sessions/ses_000000000000000000000000', undefined],
  ['POST', '/connect/exchange', '{}'],
];

async function ask([method, path, body]: Endpoint, headers: Record<string, string>, clientId = world.application.clientId) {
  const query = clientId === '' ? '' : `?client_id=${clientId}`;
  return world.request(path.replace('SESSION', session.id) + query, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body }),
  });
}

function corsOf({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));
}

describe.each(JSON_ENDPOINTS)('%s %s', (...endpoint) => {
  it('is readable for a registered origin, and never with credentials', async () => {
    const answer = await ask(endpoint, { origin: PAGE_ORIGIN });
    expect(corsOf(answer)).toEqual({ 'access-control-allow-origin': PAGE_ORIGIN });
    expect(answer.headers.get('vary')).toBe('Origin');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it.each([
    ['an origin of nobody', ELSEWHERE],
    ['null', 'null'],
    ['an origin of another application', 'https://other.example'],
    ['a registered origin with a slash', `${PAGE_ORIGIN}/`],
    ['a registered host over http', PAGE_ORIGIN.replace('https', 'http')],
    ['a registered host at another port', `${PAGE_ORIGIN}:8443`],
    ['a host that ends like a registered one', 'https://evil-app.partner.example'],
  ])('is refused to %s, and not readable there', async (_what, origin) => {
    const answer = await ask(endpoint, { origin });
    expect([answer.status, corsOf(answer)]).toEqual([403, {}]);
    expect(await answer.json()).toMatchObject({ error: 'origin_not_registered' });
    expect(answer.headers.get('vary')).toBe('Origin');
  });

  it('says nothing of origins to who sends none', async () => {
    expect(corsOf(await ask(endpoint, {}))).toEqual({});
  });

  it('is refused without client_id, or with one of nobody, and not readable then', async () => {
    const without = await ask(endpoint, { origin: PAGE_ORIGIN }, '');
    expect([without.status, corsOf(without)]).toEqual([400, {}]);
    const unknown = await ask(endpoint, { origin: PAGE_ORIGIN }, 'app_000000000000000000000000');
    expect([unknown.status, corsOf(unknown)]).toEqual([404, {}]);
  });

  it('answers the preflight of a registered origin only', async () => {
    const asked = { 'access-control-request-method': endpoint[0], 'access-control-request-headers': 'authorization,content-type' };
    const answer = await ask(['OPTIONS', endpoint[1], undefined], { origin: PAGE_ORIGIN, ...asked });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(corsOf(answer)).toEqual({
      'access-control-allow-origin': PAGE_ORIGIN,
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    });
    for (const origin of [ELSEWHERE, 'null']) {
      const refused = await ask(['OPTIONS', endpoint[1], undefined], { origin, ...asked });
      expect([refused.status, corsOf(refused)]).toEqual([403, {}]);
    }
  });
});

describe('a page of no registered origin', () => {
  it('mints, claims and exchanges nothing without an Origin either', async () => {
    for (const [method, path] of JSON_ENDPOINTS.filter(([, path]) => /claim|exchange/.test(path))) {
      const challenge = { code_challenge: 'A'.repeat(43), code_challenge_method: 'S256' };
      const body = JSON.stringify({ ...challenge, session: session.id, code: 'x', code_verifier: 'x' });
      expect((await ask([method, path, body], {})).status).toBe(403);
    }
    expect((await ask(['POST', '/connect/sessions', '{"end_user":"user-17"}'], {})).status).toBe(401);
  });
});

describe('everywhere else', () => {
  it.each([
    ['GET', '/oauth/authorize'],
    ['POST', '/oauth/authorize/SESSION'],
    ['POST', '/oauth/token'],
    ['POST', '/oauth/token/revoke'],
    ['GET', '/v1/userinfo'],
    ['GET', '/connect/start/SESSION'],
    ['POST', '/connect/start/SESSION'],
    ['POST', '/connect/start/SESSION/confirm'],
    ['GET', '/connect/callback/google'],
    ['GET', '/connect/relay/SESSION'],
    ['GET', '/.well-known/oauth-authorization-server'],
    ['GET', '/healthz'],
    ['GET', '/nowhere'],
  ])('no origin may read: %s %s', async (method, path) => {
    for (const origin of [PAGE_ORIGIN, ELSEWHERE, 'null']) {
      const body = method === 'POST' ? '{}' : undefined;
      for (const asked of [await ask([method, path, body], { origin }), await ask(['OPTIONS', path, undefined], { origin })]) {
        expect(corsOf(asked)).toEqual({});
      }
    }
  });

  it('not even where a request is refused, or goes back to the partner', async () => {
    const response = await world.request(authorizePath(world, { scope: 'x' }), { headers: { origin: PAGE_ORIGIN } });
    expect([response.status, corsOf(response)]).toEqual([302, {}]);
  });
});
