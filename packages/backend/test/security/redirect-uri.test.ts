import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../support/html.ts';
import { authorize, authorizePath, createPartnerServer } from '../support/partner-server.ts';
import { createWorld, type RegisteredApplication, type World } from '../support/world.ts';

const REGISTERED = 'https://app.example/cb';

let world: World;
let application: RegisteredApplication;

beforeAll(async () => {
  world = await createWorld();
  application = await world.register({ redirectUris: [REGISTERED, 'http://localhost:4000/cb', 'https://app.example/q?tenant=a%2Fb'] });
});
afterAll(() => world.close());

function request(redirectUri: string): Promise<Response> {
  return world.request(authorizePath(world, { client_id: application.clientId, redirect_uri: redirectUri, scope: 'unknown' }));
}

describe('a redirect URI at /oauth/authorize', () => {
  it.each([
    ['B01', 'https://app.example/cb/'],
    ['B01', 'https://app.example/cb?x=1'],
    ['B01', 'https://app.example/cb#f'],
    ['B01', 'https://app.example/CB'],
    ['B01', 'https://app.example/cb/../evil'],
    ['B01', 'https://app.example/cb%2f..%2fevil'],
    ['B01', 'https://app.example/cb;x'],
    ['B01', 'https://app.example/cb//'],
    ['B02', 'https://app.example.evil.com/cb'],
    ['B02', 'https://evil.com/app.example/cb'],
    ['B02', 'https://app.example@evil.com/cb'],
    ['B02', 'https://evil.com#@app.example/cb'],
    ['B02', 'https://evil.com\\@app.example/cb'],
    ['B03', 'http://app.example/cb'],
    ['B03', '//app.example/cb'],
    ['B03', 'app.example/cb'],
    ['B03', 'https://app.example:8443/cb'],
    ['B03', 'https://app.example:443/cb'],
    ['B03', 'https://APP.example/cb'],
    ['B03', 'https://app.examplе/cb'],
    ['B03', 'https://xn--app-example/cb'],
    ['B03', 'https://app.example./cb'],
    ['B04', 'javascript:alert(1)'],
    ['B04', 'data:text/html,x'],
    ['B04', 'vbscript:x'],
    ['B04', 'file:///etc/passwd'],
    ['B04', 'blob:https://app.example/cb'],
    ['B05', 'https://app.example/cb%252e%252e'],
    ['B05', 'https://app.example/..;/cb'],
    ['B05', 'https://app.example/%5ccb'],
    ['B05', 'https://app.example/%63b'],
    ['B05', 'https://app.example/q?tenant=a/b'],
    ['B06', 'https://app.example/cb?code=ATTACKER'],
    ['B06', 'https://app.example/cb&code=ATTACKER'],
    ['B08', 'http://localhost:4001/cb'],
    ['B08', 'http://127.0.0.1:4000/cb'],
    ['B08', 'https://*.example/cb'],
    ['B13', 'https://app.example/cb\r\nSet-Cookie: a=b'],
    ['B13', 'https://app.example/cb\t'],
    ['B13', 'https://app.example/cb\0'],
    ['B13', 'https://app.example/cb\u2028'],
    ['B13', ' https://app.example/cb'],
  ])('%s: %j is refused on a page, and nothing is redirected there', async (_case, redirectUri) => {
    const response = await request(redirectUri);
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    expect(textOf(await response.text())).toContain('redirect_uri');
  });

  it('B01: is compared byte by byte: no other text passes', async () => {
    const near = fc
      .tuple(fc.nat(REGISTERED.length), fc.nat(2), fc.string({ unit: 'binary', maxLength: 3 }))
      .map(([at, drop, put]) => (REGISTERED.slice(0, at) + put + REGISTERED.slice(at + drop)).toWellFormed())
      .filter((text) => text !== REGISTERED);
    await fc.assert(
      fc.asyncProperty(near, async (redirectUri) => {
        const response = await request(redirectUri);
        expect([response.status, response.headers.get('location')]).toEqual([400, null]);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['both alike', REGISTERED, REGISTERED],
    ['the registered one first', REGISTERED, 'https://evil.example/cb'],
    ['the registered one last', 'https://evil.example/cb', REGISTERED],
    ['the second empty', REGISTERED, ''],
  ])('B07: two, %s, are refused on a page', async (_what, first, second) => {
    const path = `${authorizePath(world, { client_id: application.clientId, redirect_uri: first })}&redirect_uri=${encodeURIComponent(second)}`;
    const response = await world.request(path);
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });

  it('B08: of this computer passes with the port it was registered with, and with no other', async () => {
    expect((await request('http://localhost:4000/cb')).headers.get('location')).toMatch(/^http:\/\/localhost:4000\/cb\?error=/);
    for (const other of ['http://localhost/cb', 'http://localhost:4000/', 'http://[::1]:4000/cb']) {
      expect((await request(other)).status).toBe(400);
    }
  });

  it.each([
    ['one', [REGISTERED]],
    ['several', [REGISTERED, 'https://app.example/second']],
    ['none', []],
  ])('B09: is needed where %s are registered: none is filled in', async (_what, redirectUris) => {
    const { clientId } = await world.register({ redirectUris });
    const response = await world.request(authorizePath(world, { client_id: clientId, redirect_uri: undefined }));
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });

  it.each([
    { response_type: 'token' },
    { scope: 'unknown' },
    { prompt: 'none' },
    { request_uri: 'https://evil.example/jar' },
    { code_challenge: 'short' },
    { provider_name: 'nobody' },
    { state: 's'.repeat(5000) },
  ])('B11: that is not registered is sent no error, whatever else is wrong (%j)', async (wrong: Record<string, string>) => {
    const evil = { client_id: application.clientId, redirect_uri: 'https://evil.example/cb', ...wrong };
    const response = await world.request(authorizePath(world, evil));
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });

  it('B11: is not told of what is wrong by the page either: the address that is refused is not on it', async () => {
    const response = await request('https://evil.example/cb?"><script>');
    expect(await response.text()).not.toContain('evil.example');
  });

  it('B06: keeps its own query, and one code is in the answer', async () => {
    const mine = { client_id: application.clientId, redirect_uri: 'https://app.example/q?tenant=a%2Fb' };
    const { url } = await authorize(world, mine);
    expect(url.href).toMatch('https://app.example/q?tenant=a%2Fb&code=');
    expect(url.searchParams.getAll('code')).toHaveLength(1);
    const server = createPartnerServer(world, application);
    expect((await server.redeem(url.searchParams.get('code') ?? '', { redirect_uri: mine.redirect_uri })).status).toBe(200);
  });

  it('B12: cannot be led elsewhere by a parameter of another name', async () => {
    for (const name of ['return_to', 'next', 'avoid_linking', 'redirect']) {
      for (const value of ['//evil.example', '/\\evil.example', 'https:evil.example', '\t//evil.example']) {
        const path = authorizePath(world, { client_id: application.clientId, redirect_uri: REGISTERED, scope: 'unknown', [name]: value });
        expect((await world.request(path)).headers.get('location')).toMatch(/^https:\/\/app\.example\/cb\?error=invalid_scope/);
      }
    }
  });
});

describe('a redirect URI at registration', () => {
  it.each([
    ['B02', 'https://user@app.example/cb', 'no user name'],
    ['B03', 'http://app.example/cb', 'this computer only'],
    ['B03', 'https://APP.example/cb', 'normal form'],
    ['B03', 'https://app.examplе/cb', 'visible ASCII'],
    ['B03', '/cb', 'an absolute address'],
    ['B04', 'javascript:alert(1)', 'expected https'],
    ['B04', 'data:text/html,x', 'expected https'],
    ['B04', 'vbscript:x', 'expected https'],
    ['B04', 'file:///etc/passwd', 'expected https'],
    ['B04', 'blob:https://app.example/x', 'expected https'],
    ['B05', 'https://app.example/a/../cb', 'normal form'],
    ['B05', 'https://app.example/a/%2e%2e/cb', 'normal form'],
    ['B06', 'https://app.example/cb?code=ATTACKER', 'no "code" parameter'],
    ['B06', 'https://app.example/cb?state=x', 'no "state" parameter'],
    ['B06', 'https://app.example/cb?error=x', 'no "error" parameter'],
    ['B06', 'https://app.example/cb?%63ode=x', 'no "code" parameter'],
    ['B06', 'https://app.example/cb#f', 'no fragment'],
    ['B08', 'https://*.example/cb', 'wildcards'],
    ['B13', 'https://app.example/cb\n', 'visible ASCII'],
    ['B13', 'https://app.example/cb\r\nx', 'visible ASCII'],
    ['B13', 'https://app.example/cb\u2028', 'visible ASCII'],
  ])('%s: %j is refused: %s', async (_case, redirectUri, why) => {
    const registering = world.register({ redirectUris: [redirectUri] });
    await expect(registering).rejects.toMatchObject({ code: 'redirect_uri_invalid', message: expect.stringContaining(why) });
  });
});
