import { describe, expect, test } from 'vitest';
import {
  AMIRA,
  CLIENT_ID,
  CLIENT_SECRET,
  createMicrosoftUnderTest,
  FREE_BUSY,
  FULL,
  JONAS,
  LEA,
  REDIRECT_URI,
  VERIFIER,
} from '../../../test/microsoft-under-test.ts';

const MINUTE_MS = 60_000;
const GRAPH = 'https://graph.microsoft.com';
const EWS = 'https://outlook.office365.com/EWS.AccessAsUser.All';

function codeOf(body: Record<string, unknown>): unknown {
  return (body['error_codes'] as number[] | undefined)?.[0];
}

describe('exchanging a code', () => {
  test('gives tokens that look like Microsoft’s', async () => {
    const { connect, exchange } = createMicrosoftUnderTest();
    const { location } = await connect(LEA);

    const { status, body, headers } = await exchange(location?.searchParams.get('code'));

    expect(status).toBe(200);
    expect(headers.get('Cache-Control')).toContain('no-store');
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'openid email profile User.Read Calendars.ReadWrite' });
    expect(body['expires_in']).toBe(body['ext_expires_in']);
    expect(body['expires_in']).toBeGreaterThanOrEqual(3599);
    expect(body['expires_in']).toBeLessThanOrEqual(5399);
    expect(body['access_token']).toMatch(/^eyJ0/);
    expect(body['refresh_token']).toMatch(/^1\.AXoA/);
    expect(body['id_token']).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  test('gives a personal account’s their own look', async () => {
    const { tokens } = createMicrosoftUnderTest();

    const body = await tokens(JONAS);

    expect(body['access_token']).toMatch(/^EwB/);
    expect(body['refresh_token']).toMatch(/^M\.C532/);
    expect(body['expires_in']).toBe(3600);
  });

  test('gives no refresh token without offline_access or under the switch, and no ID token without openid', async () => {
    const { tokens, control } = createMicrosoftUnderTest();

    expect(await tokens(LEA, { scope: 'openid User.Read' })).not.toHaveProperty('refresh_token');
    expect(await tokens(LEA, { scope: 'offline_access User.Read' })).not.toHaveProperty('id_token');
    control.setFor(LEA, { dropRefreshToken: true });
    expect(await tokens(LEA)).not.toHaveProperty('refresh_token');
  });

  test('answers with scopes as the request spelt them, and with those of earlier consents', async () => {
    const { tokens } = createMicrosoftUnderTest();

    expect((await tokens(LEA, { scope: `openid ${GRAPH}/User.Read ${GRAPH}/Calendars.ReadBasic` }))['scope']).toBe(
      `openid ${GRAPH}/User.Read ${GRAPH}/Calendars.ReadBasic`,
    );
    expect((await tokens(LEA, { scope: 'openid calendars.readwrite' }))['scope']).toBe(
      'openid User.Read Calendars.ReadBasic Calendars.ReadWrite',
    );
  });

  test('works once, and a second time says that it was redeemed', async () => {
    const { connect, exchange } = createMicrosoftUnderTest();
    const code = (await connect(LEA)).location?.searchParams.get('code');
    await exchange(code);

    const { status, body } = await exchange(code);

    expect(status).toBe(400);
    expect(body['error']).toBe('invalid_grant');
    expect(codeOf(body)).toBe(54005);
  });

  test('works for ten minutes', async () => {
    let now = Date.now();
    const { connect, exchange } = createMicrosoftUnderTest({ now: () => now });
    const early = (await connect(LEA)).location?.searchParams.get('code');
    now += 10 * MINUTE_MS - 1;
    expect((await exchange(early)).status).toBe(200);
    const late = (await connect(LEA)).location?.searchParams.get('code');
    now += 10 * MINUTE_MS;
    expect(codeOf((await exchange(late)).body)).toBe(70008);
  });

  test.each([
    ['no code', { code: '' }, 400, 'invalid_request', 900144],
    ['an unknown code', { code: '1.AXoAunknown' }, 400, 'invalid_grant', 9002313],
    ['no redirect URI', { redirect_uri: '' }, 400, 'invalid_request', 900144],
    ['another redirect URI', { redirect_uri: 'https://connect.example/other' }, 401, 'invalid_client', 500112],
    ['another verifier', { code_verifier: `${VERIFIER}x` }, 400, 'invalid_grant', 501481],
    ['no verifier', { code_verifier: '' }, 400, 'invalid_grant', 501481],
    ['several resources', { scope: `${GRAPH}/User.Read ${EWS}` }, 400, 'invalid_request', 28000],
    ['a permission nobody consented to', { scope: 'Calendars.Read' }, 400, 'invalid_grant', 65001],
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    ['no secret', { client_secret: '' }, 401, 'invalid_client', 7000218],
    ['an assertion', { client_assertion: 'x.y.z' }, 401, 'invalid_client', 700027],
    ['no client', { client_id: '' }, 400, 'invalid_request', 900144],
    ['an unknown client', { client_id: '99999999-2222-4333-8444-555555555555' }, 400, 'unauthorized_client', 700016],
    ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
  ])('refuses %s', async (_what, changes, status, error, code) => {
    const { connect, exchange } = createMicrosoftUnderTest();
    const { location } = await connect(LEA);

    const answer = await exchange(location?.searchParams.get('code'), changes);

    expect([answer.status, answer.body['error'], codeOf(answer.body)]).toEqual([status, error, code]);
  });

  test('is refused elsewhere than where the code was asked for', async () => {
    const { connect, exchange, tenantId } = createMicrosoftUnderTest();
    const atCommon = (await connect(LEA)).location?.searchParams.get('code');
    const tenant = tenantId('studio.example');

    const { body } = await exchange(atCommon, {}, tenant);
    expect([body['error'], codeOf(body)]).toEqual(['invalid_grant', 700005]);
    expect((await exchange(atCommon, {}, 'common')).status).toBe(200);
    const atDomain = (await connect(LEA, {}, 'studio.example')).location?.searchParams.get('code');
    expect(codeOf((await exchange(atDomain, {}, 'partner.example')).body)).toBe(700005);
    expect((await exchange(atDomain, {}, tenant)).status).toBe(200);
  });

  test('of several resources has to say which one it wants', async () => {
    const { connect, exchange } = createMicrosoftUnderTest();
    const code = (await connect(LEA, { scope: `openid User.Read ${EWS}` })).location?.searchParams.get('code');

    expect(codeOf((await exchange(code)).body)).toBe(28003);
    expect((await exchange(code, { scope: EWS })).body['scope']).toBe(`openid ${EWS}`);
  });

  test('refuses the code of another client, and a verifier that nobody announced', async () => {
    const other = { clientId: '22222222-2222-4333-8444-555555555555', clientSecret: 'other', redirectUris: [REDIRECT_URI] };
    const { connect, exchange, control } = createMicrosoftUnderTest();
    control.addClient(other);
    const code = (await connect(LEA)).location?.searchParams.get('code');
    const plain = (await connect(LEA, { code_challenge: undefined, code_challenge_method: undefined })).location?.searchParams.get('code');

    expect(codeOf((await exchange(code, { client_id: other.clientId, client_secret: other.clientSecret })).body)).toBe(70000);
    expect(codeOf((await exchange(plain)).body)).toBe(501481);
  });
});

describe('the token endpoint', () => {
  test('writes errors with ids and a timestamp, and repeats the caller’s id', async () => {
    const { token } = createMicrosoftUnderTest({ now: () => Date.UTC(2026, 10, 21, 9, 30, 5) });
    const correlationId = '0a5b7c1e-0000-4000-8000-123456789abc';

    const { body, status } = await token({ grant_type: 'refresh_token', refresh_token: 'x', client_secret: 'wrong' }, 'common', {
      'client-request-id': correlationId,
    });

    expect(status).toBe(401);
    expect(body).toMatchObject({
      error: 'invalid_client',
      error_codes: [7000215],
      timestamp: '2026-11-21 09:30:05Z',
      correlation_id: correlationId,
      error_uri: 'https://login.microsoftonline.com/error?code=7000215',
    });
    expect(body['error_description']).toBe(
      `AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${CLIENT_ID}'. Trace ID: ${String(body['trace_id'])} Correlation ID: ${correlationId} Timestamp: 2026-11-21 09:30:05Z`,
    );
    expect(JSON.stringify(body)).not.toContain('wrong');
  });

  test('takes the secret in a Basic header, form-encoded', async () => {
    const { connect, request } = createMicrosoftUnderTest();
    const send = async (secret: string): Promise<number> => {
      const { location } = await connect(LEA);
      const code = location?.searchParams.get('code') ?? '';
      const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER });
      const headers = { Authorization: `Basic ${btoa(`${CLIENT_ID}:${secret}`)}` };
      return (await request('/common/oauth2/v2.0/token', { method: 'POST', headers, body })).status;
    };

    expect(await send(encodeURIComponent(CLIENT_SECRET))).toBe(200);
    // A plus sign that is not encoded means a space.
    expect(await send(CLIENT_SECRET)).toBe(401);
  });

  test('refuses a secret that has expired', async () => {
    const client = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUris: [REDIRECT_URI], secretExpiresMs: Date.now() - 1 };
    const { token } = createMicrosoftUnderTest({ clients: [client] });

    const { status, body } = await token({ grant_type: 'refresh_token', refresh_token: 'x' });

    expect([status, body['error'], codeOf(body)]).toEqual([401, 'invalid_client', 7000222]);
  });

  test('refuses browsers, GET, JSON and unknown tenants', async () => {
    const { token, request } = createMicrosoftUnderTest();
    const refresh = { grant_type: 'refresh_token', refresh_token: 'x' };

    expect(codeOf((await token(refresh, 'common', { Origin: 'https://shop.example' })).body)).toBe(9002326);
    expect(codeOf((await token(refresh, 'nowhere.example')).body)).toBe(90002);
    const get = await request('/common/oauth2/v2.0/token');
    expect(codeOf((await get.json()) as Record<string, unknown>)).toBe(900561);
    const json = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(refresh) };
    const posted = await request('/common/oauth2/v2.0/token', json);
    expect(codeOf((await posted.json()) as Record<string, unknown>)).toBe(900144);
  });
});

describe('an app that acts for itself', () => {
  const scope = `${GRAPH}/.default`;
  const ask = { grant_type: 'client_credentials', scope };

  test('gets a token where it is known, which proves nobody’s consent', async () => {
    const { token, control, connect } = createMicrosoftUnderTest();

    expect(codeOf((await token(ask, 'partner.example')).body)).toBe(700016);
    control.approve({ tenant: 'partner.example', clientId: CLIENT_ID, scopes: ['User.Read'], roles: [] });
    const { status, body } = await token(ask, 'partner.example');
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('refresh_token');
    expect(body).not.toHaveProperty('scope');
    expect((await connect(AMIRA)).text).toContain('Need admin approval');
  });

  test.each([
    ['common', ask, 'invalid_request', 9001023],
    ['consumers', ask, 'invalid_request', 9001023],
    ['partner.example', { ...ask, scope: 'Calendars.Read' }, 'invalid_scope', 1002012],
    ['partner.example', { ...ask, scope: 'https://nowhere.example/.default' }, 'invalid_resource', 500011],
    ['partner.example', { grant_type: 'client_credentials' }, 'invalid_request', 900144],
  ])('is refused at %s with %o', async (tenant, form, error, code) => {
    const { token } = createMicrosoftUnderTest();

    const { body } = await token(form, tenant);

    expect([body['error'], codeOf(body)]).toEqual([error, code]);
  });
});

test('the free/busy mode’s scopes come back as they were asked', async () => {
  const { tokens } = createMicrosoftUnderTest();

  expect((await tokens(LEA, { scope: FREE_BUSY }))['scope']).toBe('openid email profile User.Read Calendars.ReadBasic');
  expect((await tokens(JONAS, { scope: FULL }))['scope']).toBe('openid email profile User.Read Calendars.ReadWrite');
});
