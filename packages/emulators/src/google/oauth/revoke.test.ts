import { expect, test } from 'vitest';
import { AMIRA, createAppUnderTest, JONAS, REDIRECT_URI } from '../../../test/app-under-test.ts';

test.each(['access_token', 'refresh_token'])(
  'revoking an %s ends every token the project has of that person, and of nobody else',
  async (kind) => {
    const { tokens, token, request, control } = createAppUnderTest();
    const older = await tokens();
    const newer = await tokens({ prompt: 'consent' });
    const others = await tokens({}, { email: JONAS });

    const response = await request('/revoke', { method: 'POST', body: new URLSearchParams({ token: newer[kind] ?? '' }) });

    expect(response.status).toBe(200);
    expect((await token({ grant_type: 'refresh_token', refresh_token: older['refresh_token'] ?? '' })).body['error']).toBe('invalid_grant');
    expect((await request(`/tokeninfo?access_token=${older['access_token']}`)).status).toBe(400);
    expect(control.liveRefreshTokens(AMIRA)).toBe(0);
    expect((await token({ grant_type: 'refresh_token', refresh_token: others['refresh_token'] ?? '' })).status).toBe(200);
  },
);

test('a token is revoked for all clients of a project, and not for those of another', async () => {
  const sibling = { clientId: '123456789012-web2.apps.googleusercontent.com', clientSecret: 'GOCSPX-2', redirectUris: [REDIRECT_URI] };
  const stranger = { clientId: '999-web3.apps.googleusercontent.com', clientSecret: 'GOCSPX-3', redirectUris: [REDIRECT_URI] };
  const { connect, token, tokens, request, control } = createAppUnderTest();
  control.addClient(sibling);
  control.addClient(stranger);
  const { access_token: accessToken = '' } = await tokens();
  const refreshTokenOf = async ({ clientId, clientSecret }: typeof sibling): Promise<Record<string, string>> => {
    const asked = { client_id: clientId, code_challenge: undefined, code_challenge_method: undefined };
    const { location } = await connect(asked);
    const code = location?.searchParams.get('code') ?? '';
    const credentials = { client_id: clientId, client_secret: clientSecret };
    const { body } = await token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...credentials });
    return { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']), ...credentials };
  };
  const siblings = await refreshTokenOf(sibling);
  const strangers = await refreshTokenOf(stranger);

  await request(`/revoke?token=${accessToken}`, { method: 'POST' });

  expect((await token(siblings)).status).toBe(400);
  expect((await token(strangers)).status).toBe(200);
});

test('revoking an unknown token is refused', async () => {
  const { request } = createAppUnderTest();

  const response = await request('/revoke?token=1//0unknown', { method: 'POST' });

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: 'invalid_token' });
  expect((await request('/revoke', { method: 'POST' })).status).toBe(400);
});
