import { afterEach, describe, expect, it } from 'vitest';
import { textOf } from './support/html.ts';
import { openPage } from './support/partner-page.ts';
import { authorize, createPartnerServer } from './support/partner-server.ts';
import { CALLBACK, createWorld, type World } from './support/world.ts';

let world: World;
afterEach(() => world.close());

async function cookieOfStart(): Promise<string> {
  const session = await openPage(world).mint();
  const { headers } = await session.start();
  return headers.getSetCookie().join('\n').replaceAll(session.id, 'SESSION');
}

describe('mounted under a path of somebody’s own app', () => {
  const publicUrl = 'https://partner.example/calendar';

  it('connects by element and by redirect', async () => {
    world = await createWorld({ publicUrl });
    const session = await openPage(world).mint();
    const end = await session.connect();
    expect(end.url.href).toBe(`${publicUrl}/connect/relay/${session.id}`);
    expect(textOf(end.text)).toContain('Your calendar is connected');
    const { body } = await session.exchange((await session.poll()).code);
    const server = createPartnerServer(world);
    expect((await server.redeem(body.receipt)).status).toBe(200);

    const { url } = await authorize(world);
    expect(url.searchParams.get('iss')).toBe(publicUrl);
    expect((await server.redeem(url.searchParams.get('code') ?? '', { redirect_uri: CALLBACK })).status).toBe(200);
  });

  it('has a cookie that no other host can plant, named after its own address', async () => {
    world = await createWorld({ publicUrl });
    expect(await cookieOfStart()).toMatch(
      /^__Host-cc_[0-9a-f]{8}_SESSION=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const page = openPage(world);
    const session = await page.mint();
    const first = await session.start();
    expect(first.status).toBe(200);
    expect(page.browser.cookiesFor('https://partner.example/calendar/connect/callback/google')).toContain(session.id);
    expect(page.browser.cookiesFor('https://other.example/calendar/')).toBe('');
  });

  it('answers for its metadata where RFC 8414 looks for it, and leaves the host’s own pages alone', async () => {
    world = await createWorld({ publicUrl });
    const browser = world.browser();
    const { status, text } = await browser.visit('https://partner.example/.well-known/oauth-authorization-server/calendar');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      issuer: publicUrl,
      authorization_endpoint: `${publicUrl}/oauth/authorize`,
      token_endpoint: `${publicUrl}/oauth/token`,
      revocation_endpoint: `${publicUrl}/oauth/token/revoke`,
      userinfo_endpoint: `${publicUrl}/v1/userinfo`,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    });
    expect((await browser.visit('https://partner.example/')).text).toBe('the partner’s own page');
  });
});

describe('at the root of its own host', () => {
  it('has a __Host- cookie over https', async () => {
    world = await createWorld();
    expect(await cookieOfStart()).toMatch(/^__Host-cc_SESSION=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });

  it('has a cookie that needs no https on this computer, and another one at another port', async () => {
    world = await createWorld({ publicUrl: 'http://localhost:8787' });
    const first = await cookieOfStart();
    expect(first).toMatch(/^cc_[0-9a-f]{8}_SESSION=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; SameSite=Lax$/);
    await world.close();
    world = await createWorld({ publicUrl: 'http://localhost:8788' });
    expect((await cookieOfStart()).slice(0, 11)).not.toBe(first.slice(0, 11));
  });

  it('builds no address from the Host header (K07)', async () => {
    world = await createWorld();
    const asked = (path: string) => world.connect.app.request(`http://evil.example${path}`, { headers: { host: 'evil.example' } });
    const metadata = await (await asked('/.well-known/oauth-authorization-server')).text();
    const query = new URLSearchParams({ client_id: world.application.clientId, redirect_uri: CALLBACK, response_type: 'code' });
    const chooser = await (await asked(`/oauth/authorize?${query.toString()}`)).text();
    expect(chooser).toContain(`action="${world.publicUrl}/oauth/authorize/`);
    const refused = await asked(`/oauth/authorize?${query.toString()}&scope=x`);
    expect(metadata + chooser + (refused.headers.get('location') ?? '')).not.toContain('evil.example');
  });

  it('says that it is well as long as the database answers', async () => {
    world = await createWorld();
    const well = await world.request('/healthz');
    expect([well.status, await well.json()]).toEqual([200, { status: 'ok' }]);
    await world.connect.close();
    const ill = await world.request('/healthz');
    expect([ill.status, await ill.json()]).toMatchObject([503, { error: 'server_error' }]);
  });
});
