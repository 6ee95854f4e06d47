import { describe, expect, test } from 'vitest';
import { AMIRA, CLIENT_ID, CLIENT_SECRET, createAppUnderTest, REDIRECT_URI, VERIFIER } from '../../../test/app-under-test.ts';

const MINUTE_MS = 60_000;

function exchange(code: string | null | undefined, changes: Record<string, string> = {}): Record<string, string> {
  return { grant_type: 'authorization_code', code: code ?? '', redirect_uri: REDIRECT_URI, code_verifier: VERIFIER, ...changes };
}

describe('exchanging a code', () => {
  test('gives tokens that look like Google’s', async () => {
    const { connect, token } = createAppUnderTest();
    const { location } = await connect();

    const { status, body } = await token(exchange(location?.searchParams.get('code')));

    expect(status).toBe(200);
    expect(body).toMatchObject({ expires_in: 3599, token_type: 'Bearer' });
    expect(body['access_token']).toMatch(/^ya29\.[\w-]{100,}$/);
    expect(body['refresh_token']).toMatch(/^1\/\/[\w-]{90,120}$/);
    expect(body['id_token']).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(body).not.toHaveProperty('refresh_token_expires_in');
  });

  test('works once', async () => {
    const { connect, token } = createAppUnderTest();
    const { location } = await connect();
    const form = exchange(location?.searchParams.get('code'));
    await token(form);

    expect(await token(form)).toEqual({ status: 400, body: { error: 'invalid_grant', error_description: 'Bad Request' } });
  });

  test('works for ten minutes', async () => {
    let now = Date.now();
    const { connect, token } = createAppUnderTest({ now: () => now });
    const early = await connect();
    now += 10 * MINUTE_MS - 1;
    expect((await token(exchange(early.location?.searchParams.get('code')))).status).toBe(200);

    const late = await connect();
    now += 10 * MINUTE_MS;
    expect((await token(exchange(late.location?.searchParams.get('code')))).body['error']).toBe('invalid_grant');
  });

  test.each([
    ['a code of another shape', { code: 'abc' }, 400, 'invalid_grant', 'Malformed auth code.'],
    ['an unknown code', { code: '4/0Aunknown' }, 400, 'invalid_grant', 'Bad Request'],
    ['another redirect URI', { redirect_uri: 'http://localhost:3000/other' }, 400, 'redirect_uri_mismatch', 'Bad Request'],
    ['no verifier', { code_verifier: '' }, 400, 'invalid_grant', 'Missing code verifier.'],
    ['another verifier', { code_verifier: `${VERIFIER}x` }, 400, 'invalid_grant', 'Invalid code verifier.'],
    ['a wrong secret', { client_secret: 'GOCSPX-wrong' }, 401, 'invalid_client', 'The provided client secret is invalid.'],
    ['no secret', { client_secret: '' }, 400, 'invalid_request', 'client_secret is missing.'],
    ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client', 'The OAuth client was not found.'],
    ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type', 'Invalid grant_type: password'],
  ])('refuses %s', async (_what, changes, status, error, description) => {
    const { connect, token } = createAppUnderTest();
    const { location } = await connect();

    const answer = await token(exchange(location?.searchParams.get('code'), changes));

    expect(answer).toEqual({ status, body: { error, error_description: description } });
  });

  test('refuses a verifier for a code that was asked without a challenge', async () => {
    const { connect, token } = createAppUnderTest();
    const { location } = await connect({ code_challenge: undefined, code_challenge_method: undefined });

    const { body } = await token(exchange(location?.searchParams.get('code')));

    expect(body).toEqual({ error: 'invalid_grant', error_description: 'code_verifier or verifier is not needed.' });
  });

  test('refuses the code of another client', async () => {
    const other = { clientId: '9-other.apps.googleusercontent.com', clientSecret: 'GOCSPX-other', redirectUris: [REDIRECT_URI] };
    const { connect, token, control } = createAppUnderTest();
    control.addClient(other);
    const { location } = await connect();

    const { body } = await token(
      exchange(location?.searchParams.get('code'), { client_id: other.clientId, client_secret: other.clientSecret }),
    );

    expect(body['error']).toBe('invalid_grant');
  });

  test('takes the client’s secret in a Basic header as it is, and not form-encoded', async () => {
    const { connect, request } = createAppUnderTest();
    const send = async (secret: string): Promise<number> => {
      const { location } = await connect();
      const Authorization = `Basic ${btoa(`${CLIENT_ID}:${secret}`)}`;
      const body = new URLSearchParams(exchange(location?.searchParams.get('code')));
      return (await request('/token', { method: 'POST', headers: { Authorization }, body })).status;
    };

    expect(await send(CLIENT_SECRET)).toBe(200);
    expect(await send(CLIENT_SECRET.replaceAll('-', '%2D'))).toBe(401);
  });

  test('does not read JSON', async () => {
    const { request } = createAppUnderTest();
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(exchange('4/0A')) };

    expect((await request('/token', init)).status).toBe(400);
  });
});

describe('a refresh token', () => {
  test('comes with the first offline consent, and again only with prompt=consent', async () => {
    const { tokens } = createAppUnderTest();

    expect(await tokens()).toHaveProperty('refresh_token');
    expect(await tokens()).not.toHaveProperty('refresh_token');
    expect(await tokens({ prompt: 'consent' })).toHaveProperty('refresh_token');
  });

  test('does not come without access_type=offline, and still comes with the first offline consent after that', async () => {
    const { tokens } = createAppUnderTest();

    expect(await tokens({ access_type: undefined })).not.toHaveProperty('refresh_token');
    expect(await tokens({ access_type: 'online', prompt: 'consent' })).not.toHaveProperty('refresh_token');
    expect(await tokens({ access_type: 'offline' })).toHaveProperty('refresh_token');
  });

  test('comes again after a revocation', async () => {
    const { tokens, control } = createAppUnderTest();
    await tokens();
    control.revokeAllFor(AMIRA);

    expect(await tokens()).toHaveProperty('refresh_token');
  });

  test('is missing where the switch drops it', async () => {
    const { tokens } = createAppUnderTest({ switches: { dropRefreshToken: true } });

    expect(await tokens({ prompt: 'consent' })).not.toHaveProperty('refresh_token');
  });

  test('gives new access tokens and is not replaced', async () => {
    const { tokens, token } = createAppUnderTest();
    const first = await tokens();

    const { status, body } = await token({ grant_type: 'refresh_token', refresh_token: first['refresh_token'] ?? '' });

    expect(status).toBe(200);
    expect(body).toMatchObject({ expires_in: 3599, scope: first['scope'], token_type: 'Bearer' });
    expect(body['access_token']).not.toBe(first['access_token']);
    expect(body).not.toHaveProperty('refresh_token');
  });

  test('gives fewer scopes when asked, and never more', async () => {
    const { tokens, token } = createAppUnderTest();
    const { refresh_token: refreshToken = '' } = await tokens();
    const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };

    expect((await token({ ...refresh, scope: 'openid' })).body['scope']).toBe('openid');
    expect((await token({ ...refresh, scope: 'https://www.googleapis.com/auth/calendar' })).body['error']).toBe('invalid_scope');
  });

  test('is refused when it is unknown, malformed, or another client’s', async () => {
    const { tokens, token, control } = createAppUnderTest();
    const { refresh_token: refreshToken = '' } = await tokens();
    const other = { clientId: '9-other.apps.googleusercontent.com', clientSecret: 'GOCSPX-other', redirectUris: [] };
    control.addClient(other);

    expect((await token({ grant_type: 'refresh_token', refresh_token: '1//0unknown' })).body).toEqual({
      error: 'invalid_grant',
      error_description: 'Token has been expired or revoked.',
    });
    expect((await token({ grant_type: 'refresh_token', refresh_token: 'xyz' })).body['error_description']).toBe('Bad Request');
    const theirs = {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: other.clientId,
      client_secret: other.clientSecret,
    };
    expect((await token(theirs)).status).toBe(401);
  });

  test('is refused under the switches, per person', async () => {
    const { tokens, token, control } = createAppUnderTest();
    const { refresh_token: refreshToken = '' } = await tokens();
    const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };

    control.setFor(AMIRA, { denyRefresh: true });
    expect((await token(refresh)).body['error_description']).toBe('Token has been expired or revoked.');
    control.setFor(AMIRA, { denyRefresh: false, adminPolicyEnforced: true });
    expect((await token(refresh)).body['error']).toBe('admin_policy_enforced');
    control.reset();
    expect((await token(refresh)).status).toBe(200);
  });

  test('says when it ends under time-based access, and ends then', async () => {
    let now = Date.now();
    const { tokens, token } = createAppUnderTest({ now: () => now, switches: { timeBasedAccessSeconds: 3600 } });
    const first = await tokens();
    expect(first['refresh_token_expires_in']).toBe(3600);
    const refresh = { grant_type: 'refresh_token', refresh_token: first['refresh_token'] ?? '' };

    now += 30 * MINUTE_MS;
    expect((await token(refresh)).body['refresh_token_expires_in']).toBe(1800);
    now += 30 * MINUTE_MS;
    expect((await token(refresh)).body['error']).toBe('invalid_grant');
  });

  test('ends after six months without use', async () => {
    let now = Date.now();
    const { tokens, token } = createAppUnderTest({ now: () => now });
    const refresh = { grant_type: 'refresh_token', refresh_token: (await tokens())['refresh_token'] ?? '' };

    now += 100 * 24 * 60 * MINUTE_MS;
    expect((await token(refresh)).status).toBe(200);
    now += 100 * 24 * 60 * MINUTE_MS;
    expect((await token(refresh)).status).toBe(200);
    now += 184 * 24 * 60 * MINUTE_MS;
    expect((await token(refresh)).status).toBe(400);
  });

  test('ends when a hundred newer ones of the same person and client exist', async () => {
    const { tokens, token, control } = createAppUnderTest();
    const issued: string[] = [];
    for (let count = 0; count < 101; count += 1) issued.push((await tokens({ prompt: 'consent' }))['refresh_token'] ?? '');

    const refresh = (refreshToken = '') => token({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect((await refresh(issued[0])).body['error']).toBe('invalid_grant');
    expect((await refresh(issued[1])).status).toBe(200);
    expect(control.liveRefreshTokens(AMIRA)).toBe(100);
  });
});
