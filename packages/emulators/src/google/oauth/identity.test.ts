import { createHash, createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { AMIRA, CLIENT_ID, createAppUnderTest, type AppUnderTest, JONAS } from '../../../test/app-under-test.ts';
import type { IdTokenFault } from '../switches.ts';

function claimsOf(idToken: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(idToken?.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

async function isSigned(idToken: string | undefined, { request }: AppUnderTest): Promise<boolean> {
  const [head = '', claims = '', signature = ''] = (idToken ?? '').split('.');
  const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string };
  const { keys } = (await (await request('/oauth2/v3/certs')).json()) as { keys: (JsonWebKey & { kid: string })[] };
  const key = keys.find((candidate) => candidate.kid === kid);
  if (key === undefined) return false;
  return verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${claims}`),
    createPublicKey({ key, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  );
}

describe('the ID token', () => {
  test('has Google’s claims and is signed with a published key', async () => {
    const now = 1_790_000_000_000;
    const app = createAppUnderTest({ issuer: 'https://accounts.google.com', now: () => now });
    const { id_token: idToken, access_token: accessToken = '' } = await app.tokens({ nonce: 'n-0S6' });

    expect(await isSigned(idToken, app)).toBe(true);
    expect(claimsOf(idToken)).toEqual({
      iss: 'https://accounts.google.com',
      azp: CLIENT_ID,
      aud: CLIENT_ID,
      sub: app.control.users[0]?.sub,
      hd: 'partner.example',
      email: AMIRA,
      email_verified: true,
      at_hash: createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url'),
      nonce: 'n-0S6',
      iat: 1_790_000_000,
      exp: 1_790_003_600,
    });
  });

  test('shows the name only with profile, the address only with email, and no domain for Gmail', async () => {
    const { tokens } = createAppUnderTest();

    const openidOnly = claimsOf((await tokens({ scope: 'openid' }, { email: JONAS }))['id_token']);
    expect(openidOnly).not.toHaveProperty('email');
    expect(openidOnly).not.toHaveProperty('hd');
    const profile = claimsOf((await tokens({ scope: 'openid profile' }, { email: JONAS }))['id_token']);
    expect(profile).toMatchObject({ name: 'Jonas Weber', given_name: 'Jonas', family_name: 'Weber' });
  });

  test('is absent without an identity scope, and comes again on refresh without the nonce', async () => {
    const { tokens, token } = createAppUnderTest();
    expect(await tokens({ scope: 'https://www.googleapis.com/auth/calendar.freebusy' })).not.toHaveProperty('id_token');

    const { refresh_token: refreshToken = '' } = await tokens({ nonce: 'n', prompt: 'consent' });
    const { body } = await token({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect(claimsOf(body['id_token'] as string)).not.toHaveProperty('nonce');
  });

  test.each<[IdTokenFault, (claims: Record<string, unknown>, signed: boolean) => boolean]>([
    ['bad_signature', (_claims, signed) => !signed],
    ['wrong_audience', (claims, signed) => signed && claims['aud'] !== CLIENT_ID],
    ['wrong_issuer', (claims, signed) => signed && claims['iss'] !== 'http://127.0.0.1'],
    ['wrong_nonce', (claims, signed) => signed && claims['nonce'] !== 'n'],
    ['expired', (claims, signed) => signed && Number(claims['exp']) < Date.now() / 1000],
  ])('is wrong in one way under the fault %s', async (idTokenFault, isWrong) => {
    const app = createAppUnderTest({ switches: { idTokenFault } });

    const { id_token: idToken } = await app.tokens({ nonce: 'n' });

    expect(isWrong(claimsOf(idToken), await isSigned(idToken, app))).toBe(true);
  });
});

describe('userinfo and tokeninfo', () => {
  test('tell of the person what the scopes show', async () => {
    const { tokens, request, control } = createAppUnderTest({ now: () => 1_790_000_000_000 });
    const { access_token: accessToken = '' } = await tokens();
    const headers = { Authorization: `Bearer ${accessToken}` };
    const sub = control.users[0]?.sub;

    expect(await (await request('/v1/userinfo', { headers })).json()).toEqual({
      sub,
      email: AMIRA,
      email_verified: true,
      hd: 'partner.example',
    });
    expect(await (await request('/oauth2/v2/userinfo', { headers })).json()).toEqual({
      id: sub,
      email: AMIRA,
      verified_email: true,
      hd: 'partner.example',
    });
    expect(await (await request(`/tokeninfo?access_token=${accessToken}`)).json()).toMatchObject({
      azp: CLIENT_ID,
      aud: CLIENT_ID,
      sub,
      email: AMIRA,
      email_verified: 'true',
      expires_in: '3599',
      access_type: 'offline',
    });
  });

  test('refuse a token that is unknown, or has no identity scope', async () => {
    const { tokens, request } = createAppUnderTest();
    const { access_token: accessToken = '' } = await tokens({ scope: 'https://www.googleapis.com/auth/calendar.freebusy' });

    for (const path of ['/v1/userinfo', '/oauth2/v2/userinfo']) {
      expect((await request(path)).status).toBe(401);
      expect((await request(path, { headers: { Authorization: `Bearer ${accessToken}` } })).status).toBe(401);
    }
    const info = await request('/tokeninfo?access_token=ya29.unknown');
    expect(info.status).toBe(400);
    expect(await info.json()).toMatchObject({ error: 'invalid_token' });
    expect((await request('/tokeninfo', { method: 'POST' })).status).toBe(400);
  });
});

test('the discovery document sends browsers to the public URL and servers to the server URL, whatever Host says', async () => {
  const options = { publicUrl: 'http://google.localhost:4000', serverUrl: 'http://127.0.0.1:4000', issuer: 'https://accounts.google.com' };
  const { request } = createAppUnderTest(options);

  const document = await (await request('http://evil.example/.well-known/openid-configuration')).json();

  expect(document).toMatchObject({
    issuer: 'https://accounts.google.com',
    authorization_endpoint: 'http://google.localhost:4000/o/oauth2/v2/auth',
    token_endpoint: 'http://127.0.0.1:4000/token',
    jwks_uri: 'http://127.0.0.1:4000/oauth2/v3/certs',
  });
});
