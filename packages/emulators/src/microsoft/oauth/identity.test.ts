import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  AMIRA,
  CLIENT_ID,
  CLIENT_SECRET,
  createMicrosoftUnderTest,
  JONAS,
  LEA,
  REDIRECT_URI,
  type MicrosoftUnderTest,
} from '../../../test/microsoft-under-test.ts';
import { CONSUMERS_TENANT_ID } from '../directory/tenants.ts';

const ORIGIN = 'http://microsoft.test';

function claimsOf(idToken = ''): Record<string, unknown> {
  return JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

async function verifies({ request }: MicrosoftUnderTest, idToken = ''): Promise<boolean> {
  const { keys } = (await (await request('/common/discovery/v2.0/keys')).json()) as { keys: (JsonWebKey & { kid: string })[] };
  const [head = '', body = '', signature = ''] = idToken.split('.');
  const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string };
  const key = keys.find((candidate) => candidate.kid === kid);
  if (key === undefined) return false;
  return verify('RSA-SHA256', Buffer.from(`${head}.${body}`), createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url'));
}

describe('an ID token', () => {
  test('is signed with the published key, and issued by the person’s own tenant', async () => {
    const app = createMicrosoftUnderTest();
    const { id_token: idToken } = await app.tokens(LEA);
    const tenant = app.tenantId('studio.example');

    expect(await verifies(app, idToken)).toBe(true);
    expect(claimsOf(idToken)).toMatchObject({
      aud: CLIENT_ID,
      iss: `${ORIGIN}/${tenant}/v2.0`,
      tid: tenant,
      oid: expect.stringMatching(/^[\da-f-]{36}$/),
      sub: expect.stringMatching(/^[\w-]{43}$/),
      name: 'Lea Sommer',
      preferred_username: LEA,
      email: LEA,
      nonce: 'the-nonce',
      ver: '2.0',
    });
    expect(claimsOf(idToken)).not.toHaveProperty('xms_edov');
  });

  test('of a personal account is issued by the tenant of all personal accounts', async () => {
    const { tokens } = createMicrosoftUnderTest();

    const claims = claimsOf((await tokens(JONAS))['id_token']);

    expect(claims).toMatchObject({ tid: CONSUMERS_TENANT_ID, iss: `${ORIGIN}/${CONSUMERS_TENANT_ID}/v2.0`, email: JONAS });
    expect(claims['oid']).toMatch(/^00000000-0000-0000-/);
  });

  test('of a guest names the tenant visited, where the object id is another', async () => {
    const { tokens, tenantId, control } = createMicrosoftUnderTest();
    control.approve({ tenant: 'partner.example', clientId: CLIENT_ID });

    const home = claimsOf((await tokens(LEA))['id_token']);
    const visit = claimsOf((await tokens(LEA, {}, 'partner.example'))['id_token']);

    expect(visit['tid']).toBe(tenantId('partner.example'));
    expect(home['tid']).toBe(tenantId('studio.example'));
    expect(visit['oid']).not.toBe(home['oid']);
    expect(visit['preferred_username']).toBe(LEA);
  });

  test('has another subject for another app, and the same object id', async () => {
    const other = { clientId: '22222222-2222-4333-8444-555555555555', clientSecret: 'other', redirectUris: [REDIRECT_URI] };
    const { tokens, connect, exchange, control } = createMicrosoftUnderTest();
    control.addClient(other);
    const mine = claimsOf((await tokens(LEA))['id_token']);

    const code = (await connect(LEA, { client_id: other.clientId })).location?.searchParams.get('code');
    const { body } = await exchange(code, { client_id: other.clientId, client_secret: other.clientSecret });
    const theirs = claimsOf(String(body['id_token']));

    expect(theirs['oid']).toBe(mine['oid']);
    expect(theirs['sub']).not.toBe(mine['sub']);
  });

  test('says what the scopes let it say', async () => {
    const { tokens } = createMicrosoftUnderTest();

    const claims = claimsOf((await tokens(LEA, { scope: 'openid User.Read', nonce: undefined }))['id_token']);

    for (const name of ['email', 'name', 'oid', 'preferred_username', 'nonce']) expect(claims).not.toHaveProperty(name);
  });

  test('carries whatever address an administrator wrote, and xms_edov only where the app asked for it', async () => {
    const client = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUris: [REDIRECT_URI], withEmailVerifiedClaim: true };
    const { tokens, control } = createMicrosoftUnderTest({ clients: [client] });
    expect(claimsOf((await tokens(LEA))['id_token'])).toMatchObject({ email: LEA, xms_edov: true });

    control.setEmailClaim(LEA, AMIRA);

    const { tid } = claimsOf((await tokens(LEA))['id_token']);
    expect(claimsOf((await tokens(LEA))['id_token'])).toMatchObject({ email: AMIRA, xms_edov: false, preferred_username: LEA, tid });
  });

  test.each([
    ['bad_signature', {}],
    ['wrong_audience', { aud: expect.not.stringContaining(CLIENT_ID) }],
    ['wrong_issuer', { iss: expect.stringContaining('evil.example') }],
    ['issuer_of_other_tenant', { iss: expect.not.stringContaining('{tenantid}') }],
    ['unfilled_issuer', { iss: `${ORIGIN}/{tenantid}/v2.0` }],
    ['wrong_nonce', { nonce: expect.not.stringMatching(/^the-nonce$/) }],
  ] as const)('can be wrong: %s', async (idTokenFault, claims) => {
    const app = createMicrosoftUnderTest({ switches: { idTokenFault } });
    const { id_token: idToken } = await app.tokens(LEA);

    expect(claimsOf(idToken)).toMatchObject(claims);
    expect(await verifies(app, idToken)).toBe(idTokenFault !== 'bad_signature');
    if (idTokenFault === 'issuer_of_other_tenant') {
      expect(claimsOf(idToken)['iss']).not.toContain(String(claimsOf(idToken)['tid']));
    }
  });

  test('can be expired', async () => {
    const { tokens } = createMicrosoftUnderTest({ switches: { idTokenFault: 'expired' } });

    expect(Number(claimsOf((await tokens(LEA))['id_token'])['exp'])).toBeLessThan(Date.now() / 1000);
  });

  test('of a refresh has no nonce', async () => {
    const { tokens, token } = createMicrosoftUnderTest();
    const { refresh_token: refreshToken = '' } = await tokens(LEA);

    const { body } = await token({ grant_type: 'refresh_token', refresh_token: refreshToken });

    expect(claimsOf(String(body['id_token']))).not.toHaveProperty('nonce');
  });
});

describe('discovery', () => {
  test.each([
    ['common', '{tenantid}', 'common'],
    ['organizations', '{tenantid}', 'organizations'],
    ['consumers', CONSUMERS_TENANT_ID, CONSUMERS_TENANT_ID],
  ])('of %s is issued by %s', async (tenant, issuer, path) => {
    const { request } = createMicrosoftUnderTest({ serverUrl: 'http://127.0.0.1:4001' });

    const document = await (await request(`/${tenant}/v2.0/.well-known/openid-configuration`)).json();

    expect(document).toMatchObject({
      issuer: `${ORIGIN}/${issuer}/v2.0`,
      authorization_endpoint: `${ORIGIN}/${path}/oauth2/v2.0/authorize`,
      token_endpoint: `http://127.0.0.1:4001/${path}/oauth2/v2.0/token`,
      jwks_uri: `http://127.0.0.1:4001/${path}/discovery/v2.0/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
    });
    expect(document).not.toHaveProperty('revocation_endpoint');
  });

  test('of a tenant, by id or domain, names its id; the issuer’s origin can be Microsoft’s own', async () => {
    const { request, tenantId } = createMicrosoftUnderTest({ issuerOrigin: 'https://login.microsoftonline.com' });
    const id = tenantId('partner.example');

    for (const name of [id, 'partner.example']) {
      const document = await (await request(`/${name}/v2.0/.well-known/openid-configuration`)).json();
      expect(document).toMatchObject({
        issuer: `https://login.microsoftonline.com/${id}/v2.0`,
        token_endpoint: `${ORIGIN}/${id}/oauth2/v2.0/token`,
      });
    }
    const unknown = await request('/nowhere.example/v2.0/.well-known/openid-configuration');
    expect(unknown.status).toBe(400);
    expect(await unknown.json()).toMatchObject({ error_codes: [90002] });
  });

  test('the keys say which issuer they sign for', async () => {
    const { request, tenantId } = createMicrosoftUnderTest();
    const issuerAt = async (tenant: string): Promise<unknown> => {
      const { keys } = (await (await request(`/${tenant}/discovery/v2.0/keys`)).json()) as { keys: Record<string, unknown>[] };
      return keys[0]?.['issuer'];
    };

    expect(await issuerAt('common')).toBe(`${ORIGIN}/{tenantid}/v2.0`);
    expect(await issuerAt('partner.example')).toBe(`${ORIGIN}/${tenantId('partner.example')}/v2.0`);
    expect((await request('/nowhere.example/discovery/v2.0/keys')).status).toBe(400);
  });
});

test('userinfo tells who the token is of', async () => {
  const { tokens, request } = createMicrosoftUnderTest();
  const { access_token: accessToken = '', id_token: idToken } = await tokens(LEA);
  const ask = (token: string) => request('/oidc/userinfo', { headers: { Authorization: `Bearer ${token}` } });

  expect(await (await ask(accessToken)).json()).toEqual({ sub: claimsOf(idToken)['sub'], name: 'Lea Sommer', email: LEA });
  expect((await ask('unknown')).status).toBe(401);
});

test('an access token cannot be read', async () => {
  const { tokens } = createMicrosoftUnderTest();
  const [, middle = ''] = ((await tokens(LEA))['access_token'] ?? '').split('.');

  expect(() => JSON.parse(Buffer.from(middle, 'base64url').toString()) as unknown).toThrow(SyntaxError);
});
