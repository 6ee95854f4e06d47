import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from './support/html.ts';
import { authorize, authorizePath, createPartnerServer } from './support/partner-server.ts';
import { createWorld, type RegisteredApplication, type World } from './support/world.ts';

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
  ])('%s: %j is refused on a page, and nothing is redirected there (B11)', async (_case, redirectUri) => {
    const response = await request(redirectUri);
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    expect(textOf(await response.text())).toContain('redirect_uri');
  });

  it('is compared byte by byte: no other text passes', async () => {
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

  it('is needed even where one is registered only (B09)', async () => {
    const single = await world.register({ redirectUris: [REGISTERED] });
    const response = await world.request(authorizePath(world, { client_id: single.clientId, redirect_uri: undefined }));
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });

  it('keeps its own query, and one code is in the answer (B06)', async () => {
    const mine = { client_id: application.clientId, redirect_uri: 'https://app.example/q?tenant=a%2Fb' };
    const { url } = await authorize(world, mine);
    expect(url.href).toMatch('https://app.example/q?tenant=a%2Fb&code=');
    expect(url.searchParams.getAll('code')).toHaveLength(1);
    const server = createPartnerServer(world, application);
    expect((await server.redeem(url.searchParams.get('code') ?? '', { redirect_uri: mine.redirect_uri })).status).toBe(200);
  });

  it('cannot be led elsewhere by a parameter of another name (B12)', async () => {
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
    ['javascript:alert(1)', 'expected https'],
    ['data:text/html,x', 'expected https'],
    ['file:///etc/passwd', 'expected https'],
    ['blob:https://app.example/x', 'expected https'],
    ['http://app.example/cb', 'this computer only'],
    ['https://app.example/cb#f', 'no fragment'],
    ['https://app.example/cb?code=ATTACKER', 'no "code" parameter'],
    ['https://app.example/cb?state=x', 'no "state" parameter'],
    ['https://user@app.example/cb', 'no user name'],
    ['https://*.example/cb', 'wildcards'],
    ['https://app.example/a/../cb', 'normal form'],
    ['https://APP.example/cb', 'normal form'],
    ['https://app.example/cb\n', 'visible ASCII'],
    ['/cb', 'an absolute address'],
  ])('%j is refused: %s (B04, B13)', async (redirectUri, why) => {
    const registering = world.register({ redirectUris: [redirectUri] });
    await expect(registering).rejects.toMatchObject({ code: 'redirect_uri_invalid', message: expect.stringContaining(why) });
  });
});
