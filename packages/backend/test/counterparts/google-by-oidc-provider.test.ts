import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Provider } from '../../src/index.ts';
import { challengeOf, newCodeVerifier } from '../../src/oauth/pkce.ts';
import { createBrowser } from '../support/browser.ts';
import { onwardLink, textOf } from '../support/html.ts';
import { openPage, type PageSession, type PartnerPage } from '../support/partner-page.ts';
import { createPartnerServer } from '../support/partner-server.ts';
import { createWorld, GOOGLE_CLIENT, type World } from '../support/world.ts';
import { ADA, KEY_ID, type OidcProvider, startOidcProvider } from './oidc-provider-as-google.ts';

const PUBLIC_URL = 'https://connect.partner.example';
const CALLBACK = `${PUBLIC_URL}/connect/callback/google`;

let oidc: OidcProvider;
let provider: Provider;
let world: World;
let page: PartnerPage;

beforeAll(async () => {
  oidc = await startOidcProvider(CALLBACK);
});
afterAll(() => oidc.close());
beforeEach(async () => {
  provider = oidc.begin();
  world = await createWorld({ publicUrl: PUBLIC_URL, database: 'file', providers: () => [provider] });
  page = openPage({ ...world, browser });
});
afterEach(() => world.close());

function browser() {
  return createBrowser((url, init) => {
    if (url.origin === PUBLIC_URL) return world.request(`${url.pathname}${url.search}`, init);
    return url.origin === oidc.issuer ? fetch(url, init) : undefined;
  });
}

/** From the click to where the provider sends the browser back to, which is not visited. */
async function callbackOf(session: PageSession): Promise<URL> {
  const onward = onwardLink((await session.start({ accessMode: 'full' })).text) ?? '';
  return (await page.browser.stoppingBefore(CALLBACK).visit(onward)).url;
}

/** A session and the good answer to it. */
async function departed(): Promise<{ session: PageSession; callback: URL }> {
  const session = await page.mint();
  return { session, callback: await callbackOf(session) };
}

/** What is kept of anybody's login. */
async function credentialsKept(): Promise<number> {
  const [pending] = await world.database.execute(`select count(*) as n from pending_connections where credential_sealed <> ''`);
  const [standing] = await world.database.execute('select count(*) as n from credentials');
  return Number(pending?.['n']) + Number(standing?.['n']);
}

async function expectRefused(session: PageSession, reason: string): Promise<void> {
  expect(await session.poll()).toMatchObject({ state: 'failed', reason });
  expect(await credentialsKept()).toBe(0);
  const said = JSON.stringify(world.log);
  for (const secret of [GOOGLE_CLIENT.clientSecret, session.secret, ADA.email]) expect(said).not.toContain(secret);
  expect(said).not.toMatch(/eyJ/);
}

interface Forged {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  /** What is put behind the dot; by default a good signature of the provider's own key. */
  readonly signature?: (signed: string) => string;
}

/** Lets the token endpoint answer with another id token: its claims and header changed, and signed again. */
function forgeIdToken({ claims = {}, header = {}, signature = byKey(oidc.key.privateKey) }: Forged): void {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  oidc.tamperWith(async (url, answer) => {
    if (url.pathname !== '/token') return answer;
    const body = (await answer.json()) as { id_token: string };
    const [head = '', payload = ''] = body.id_token.split('.');
    const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
    const signed = `${encode({ ...decoded(head), ...header })}.${encode({ ...decoded(payload), ...claims })}`;
    return Response.json({ ...body, id_token: `${signed}.${signature(signed)}` });
  });
}

function byKey(key: KeyObject): (signed: string) => string {
  return (signed) => sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url');
}

/** HMAC with the public key for its secret, in the ways a careless library would take it. */
function byPublicKey(format: 'pem' | 'der' | 'jwk'): (signed: string) => string {
  const { publicKey } = oidc.key;
  const secret = {
    pem: () => publicKey.export({ type: 'spki', format: 'pem' }),
    der: () => publicKey.export({ type: 'spki', format: 'der' }),
    jwk: () => JSON.stringify(publicKey.export({ format: 'jwk' })),
  }[format]();
  return (signed) => createHmac('sha256', secret).update(signed).digest('base64url');
}

describe('our Google client at an OpenID provider that is certified', () => {
  it('connects: with a code, PKCE, nonce and the issuer in the callback', async () => {
    const { session, callback } = await departed();
    expect([...callback.searchParams.keys()].toSorted()).toEqual(['code', 'iss', 'state']);
    expect(textOf((await page.browser.visit(callback)).text)).toContain('Your calendar is connected');
    const { body } = await session.exchange((await session.poll()).code);
    const server = createPartnerServer(world);
    const { body: tokens } = await server.redeem(body.receipt);
    const info = await server.userinfo(tokens.access_token);
    expect(info.body['cronofy.data'].profiles).toMatchObject([{ provider_name: 'google', profile_calendars: [{ calendar_name: 'Ada' }] }]);
    expect([oidc.asked('/token'), await credentialsKept(), world.log]).toEqual([1, 1, []]);
  });

  it('believes an id token that only was signed again, so that what is refused below is refused for its change', async () => {
    forgeIdToken({});
    const { session, callback } = await departed();
    await page.browser.visit(callback);
    expect((await session.poll()).state).toBe('connected');
  });

  it('refreshes and revokes', async () => {
    const client = { id: 'pcl_000000000000000000000001', ...provider.client };
    const connect = await provider.connect();
    const [state, nonce, codeVerifier] = ['state', 'nonce', newCodeVerifier()];
    const request = { redirectUri: CALLBACK, mode: 'full', nonce, codeVerifier } as const;
    const asked = connect.authorizationUrl(client, { ...request, state, loginHint: undefined, interaction: 'choose' });
    expect(asked.searchParams.get('code_challenge')).toBe(challengeOf(codeVerifier));
    const { url } = await browser().stoppingBefore(CALLBACK).visit(asked);
    const reading = connect.readCallback(url.searchParams);
    if (reading.outcome !== 'code') throw new Error(`no code: ${reading.outcome}`);
    const exchanged = await connect.exchange(client, { ...request, code: reading.code });
    if (exchanged.outcome !== 'connected') throw new Error(`not connected: ${exchanged.outcome}`);
    expect(exchanged.identity).toEqual({ subject: ADA.sub, name: ADA.email, email: ADA.email, organisation: undefined });
    const refreshed = await connect.refresh(client, exchanged.credential);
    expect(refreshed).toMatchObject({ outcome: 'refreshed', credential: { grantedScopes: exchanged.credential.grantedScopes } });
    expect(await connect.revoke(client, exchanged.credential)).toEqual({ outcome: 'revoked' });
    expect(await connect.refresh(client, exchanged.credential)).toMatchObject({ outcome: 'rejected' });
  });
});

describe('with somebody between it and the provider, it refuses an id token', () => {
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const seconds = Math.floor(Date.now() / 1000);

  it.each<[string, () => Forged]>([
    ['of another issuer', () => ({ claims: { iss: 'https://evil.example' } })],
    ['of an issuer with a slash', () => ({ claims: { iss: `${oidc.issuer}/` } })],
    ['of the real Google', () => ({ claims: { iss: 'https://accounts.google.com' } })],
    ['of another attempt', () => ({ claims: { nonce: 'another' } })],
    ['without a nonce', () => ({ claims: { nonce: undefined } })],
    ['for another client', () => ({ claims: { aud: 'another' } })],
    ['for several clients', () => ({ claims: { aud: [GOOGLE_CLIENT.clientId, 'another'] } })],
    ['for nobody', () => ({ claims: { aud: [] } })],
    ['issued to another client', () => ({ claims: { azp: 'another' } })],
    ['that has expired', () => ({ claims: { iat: seconds - 1800, exp: seconds - 600 } })],
    ['that is a week old', () => ({ claims: { iat: seconds - 604_800, exp: seconds + 3600 } })],
    ['of tomorrow', () => ({ claims: { iat: seconds + 86_400, exp: seconds + 90_000 } })],
    ['of nobody', () => ({ claims: { sub: undefined } })],
    ['of alg none', () => ({ header: { alg: 'none' }, signature: () => '' })],
    ['of alg None, signed', () => ({ header: { alg: 'None' } })],
    ['of HS256 with the public key in PEM', () => ({ header: { alg: 'HS256' }, signature: byPublicKey('pem') })],
    ['of HS256 with the public key in DER', () => ({ header: { alg: 'HS256' }, signature: byPublicKey('der') })],
    ['of HS256 with the public key in JSON', () => ({ header: { alg: 'HS256' }, signature: byPublicKey('jwk') })],
    ['of HS256 with the client secret', () => ({ header: { alg: 'HS256' }, signature: (signed) => hmacOf(signed) })],
    ['of PS256 by name', () => ({ header: { alg: 'PS256' } })],
    ['of a key that is unknown', () => ({ header: { kid: 'another' }, signature: byKey(stranger.privateKey) })],
    ['of a stranger’s key under the right name', () => ({ signature: byKey(stranger.privateKey) })],
    [
      'that brings its key along',
      () => ({ header: { jwk: stranger.publicKey.export({ format: 'jwk' }) }, signature: byKey(stranger.privateKey) }),
    ],
    [
      'that names where its key lies',
      () => ({ header: { kid: 'another', jku: 'https://evil.example/jwks' }, signature: byKey(stranger.privateKey) }),
    ],
    ['without a signature', () => ({ signature: () => '' })],
    ['with a signature of zeros', () => ({ signature: () => 'A'.repeat(342) })],
  ])('%s', async (_what, forged) => {
    const { session, callback } = await departed();
    forgeIdToken(forged());
    const end = await page.browser.visit(callback);
    expect(textOf(end.text)).toContain('could not be verified');
    await expectRefused(session, 'identity_unverified');
    expect(oidc.asked('/jwks')).toBeLessThanOrEqual(1);
  });

  function hmacOf(signed: string): string {
    return createHmac('sha256', GOOGLE_CLIENT.clientSecret).update(signed).digest('base64url');
  }

  it('of another key set: one that lost the key, or whose key of the same name is a stranger’s', async () => {
    const keys = [[], [{ ...stranger.publicKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' }]];
    for (const set of keys) {
      oidc.tamperWith((url, answer) => Promise.resolve(url.pathname === '/jwks' ? Response.json({ keys: set }) : answer));
      const { session, callback } = await departed();
      await page.browser.visit(callback);
      await expectRefused(session, 'identity_unverified');
    }
  });
});

describe('with somebody between the browser and our callback', () => {
  it.each([
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example')],
    ['an issuer with a slash', (url: URL) => url.searchParams.set('iss', `${oidc.issuer}/`)],
    ['two issuers', (url: URL) => url.searchParams.append('iss', oidc.issuer)],
    ['an empty issuer', (url: URL) => url.searchParams.set('iss', '')],
    ['two codes', (url: URL) => url.searchParams.append('code', 'another')],
    ['no code', (url: URL) => url.searchParams.delete('code')],
  ])('an answer with %s is refused before any token request', async (_what, change) => {
    const { session, callback } = await departed();
    change(callback);
    await page.browser.visit(callback);
    await expectRefused(session, 'provider_refused');
    expect(oidc.asked('/token')).toBe(0);
  });

  it('a state that was used gets no second exchange, whatever code comes with it', async () => {
    const { session, callback } = await departed();
    await page.browser.visit(callback);
    const other = await departed();
    callback.searchParams.set('code', other.callback.searchParams.get('code') ?? '');
    await page.browser.visit(callback);
    expect([oidc.asked('/token'), await credentialsKept(), (await session.poll()).state]).toEqual([1, 1, 'connected']);
  });

  it('a code that was used connects nothing in another session', async () => {
    const first = await departed();
    await page.browser.visit(first.callback);
    await first.session.cancel();
    const second = await departed();
    second.callback.searchParams.set('code', first.callback.searchParams.get('code') ?? '');
    await page.browser.visit(second.callback);
    expect(await second.session.poll()).toMatchObject({ state: 'failed', reason: 'provider_refused' });
    expect(oidc.asked('/token')).toBeGreaterThanOrEqual(2);
  });

  it('an answer mixed up with that of another session is refused by PKCE, and the other session goes on', async () => {
    const [first, second] = [await departed(), await departed()];
    const mixedUp = new URL(second.callback);
    mixedUp.searchParams.set('code', first.callback.searchParams.get('code') ?? '');
    await page.browser.visit(mixedUp);
    await expectRefused(second.session, 'provider_refused');
    expect((await first.session.poll()).state).toBe('at_provider');
  });

  it('an answer to one session with the state of another is none of either where the browser is another', async () => {
    const { session, callback } = await departed();
    const end = await browser().visit(callback);
    expect([end.status, oidc.asked('/token'), (await session.poll()).state, await credentialsKept()]).toEqual([403, 0, 'at_provider', 0]);
  });
});
