import { describe, expect, test } from 'vitest';
import {
  AMIRA,
  CLIENT_ID,
  createMicrosoftUnderTest,
  FREE_BUSY,
  FULL,
  JONAS,
  LEA,
  REDIRECT_URI,
} from '../../../test/microsoft-under-test.ts';

const DAY_MS = 86_400_000;
const EWS = 'https://outlook.office365.com/EWS.AccessAsUser.All';

function codeOf(body: Record<string, unknown>): unknown {
  return (body['error_codes'] as number[] | undefined)?.[0];
}

describe('a refresh token', () => {
  test('gives a new one with every use, and the old one works on', async () => {
    const { tokens, token } = createMicrosoftUnderTest();
    const first = await tokens(LEA);
    const refresh = { grant_type: 'refresh_token', refresh_token: first['refresh_token'] ?? '' };

    const second = await token(refresh);
    const third = await token(refresh);

    expect(second.status).toBe(200);
    expect(second.body['refresh_token']).not.toBe(first['refresh_token']);
    expect(second.body['scope']).toBe(first['scope']);
    expect(second.body).toHaveProperty('id_token');
    expect(third.status).toBe(200);
    expect(third.body['refresh_token']).not.toBe(second.body['refresh_token']);
    expect((await token({ ...refresh, refresh_token: String(second.body['refresh_token']) })).status).toBe(200);
  });

  test('lives for ninety days, and the ones it gives for ninety more', async () => {
    let now = Date.now();
    const { tokens, token } = createMicrosoftUnderTest({ now: () => now });
    const refresh = (refreshToken: unknown) => token({ grant_type: 'refresh_token', refresh_token: String(refreshToken) });
    const first = (await tokens(LEA))['refresh_token'];
    now += 89 * DAY_MS;
    const second = (await refresh(first)).body['refresh_token'];
    now += DAY_MS;

    const dead = await refresh(first);
    expect(dead.body).toMatchObject({ error: 'invalid_grant', error_codes: [700082] });
    expect(dead.body['error_description']).toContain('was inactive for 90.00:00:00');
    now += 88 * DAY_MS;
    expect((await refresh(second)).status).toBe(200);
  });

  test('ends when sessions are revoked, by the person through Graph too; access tokens live on', async () => {
    const { tokens, token, control, calling } = createMicrosoftUnderTest();
    const refresh = { grant_type: 'refresh_token', refresh_token: (await tokens(LEA))['refresh_token'] ?? '' };
    const graph = await calling(LEA, 'User.Read User.RevokeSessions.All');
    expect(control.liveRefreshTokens(LEA)).toBe(2);

    expect((await graph('POST', '/me/revokeSignInSessions')).body['value']).toBe(true);

    const { body } = await token(refresh);
    expect(body).toMatchObject({ error: 'invalid_grant', suberror: 'bad_token', error_codes: [50173] });
    expect(control.liveRefreshTokens(LEA)).toBe(0);
    expect((await graph('GET', '/me')).status).toBe(200);
  });

  test('is refused once the app was removed, and says that consent is missing', async () => {
    const { tokens, token, control } = createMicrosoftUnderTest();
    const refresh = { grant_type: 'refresh_token', refresh_token: (await tokens(LEA))['refresh_token'] ?? '' };

    control.removeApp('studio.example', CLIENT_ID);

    expect((await token(refresh)).body).toMatchObject({ error: 'invalid_grant', suberror: 'consent_required', error_codes: [65001] });
  });

  test('is refused when the person takes back consent, unless the organisation consented', async () => {
    const { tokens, token, control } = createMicrosoftUnderTest();
    const refresh = { grant_type: 'refresh_token', refresh_token: (await tokens(LEA))['refresh_token'] ?? '' };

    control.withdrawConsent(LEA, CLIENT_ID);
    expect(codeOf((await token(refresh)).body)).toBe(65001);
    control.approve({ tenant: 'studio.example', clientId: CLIENT_ID });
    expect((await token(refresh)).status).toBe(200);
  });

  test('is refused while the app is disabled or the person’s switch says so', async () => {
    const { tokens, token, control } = createMicrosoftUnderTest();
    const refresh = { grant_type: 'refresh_token', refresh_token: (await tokens(LEA))['refresh_token'] ?? '' };

    control.setAppEnabled('studio.example', CLIENT_ID, false);
    expect((await token(refresh)).body).toMatchObject({ error: 'unauthorized_client', error_codes: [7000112] });
    control.setAppEnabled('studio.example', CLIENT_ID, true);
    control.setFor(LEA, { tokenError: 50057 });
    expect(codeOf((await token(refresh)).body)).toBe(50057);
    control.reset();
    expect((await token(refresh)).status).toBe(200);
  });

  test('under Conditional Access answers with a claims challenge', async () => {
    const { tokens, token, control } = createMicrosoftUnderTest();
    const refresh = { grant_type: 'refresh_token', refresh_token: (await tokens(LEA))['refresh_token'] ?? '' };
    control.setFor(LEA, { tokenError: 50076 });

    const { body } = await token(refresh);

    expect(body).toMatchObject({ error: 'interaction_required', suberror: 'basic_action', error_codes: [50076] });
    expect(JSON.parse(String(body['claims']))).toHaveProperty('access_token.capolids.essential', true);
  });

  test('gives a token for another API that was consented to, for one at a time', async () => {
    const { connect, exchange, token, callWith } = createMicrosoftUnderTest();
    const code = (await connect(LEA, { scope: `${FULL} ${EWS}` })).location?.searchParams.get('code');
    const first = (await exchange(code, { scope: FULL })).body;
    const refresh = { grant_type: 'refresh_token', refresh_token: String(first['refresh_token']) };

    const forEws = (await token({ ...refresh, scope: EWS })).body;
    expect(forEws['scope']).toBe(`openid email profile ${EWS}`);
    const refused = await callWith(String(forEws['access_token']))('GET', '/me');
    expect(refused.body.error).toMatchObject({ code: 'InvalidAuthenticationToken', message: expect.stringContaining('audience') });
    expect((await token(refresh)).body['scope']).toBe('openid email profile User.Read Calendars.ReadWrite');
    expect(codeOf((await token({ ...refresh, scope: `User.Read ${EWS}` })).body)).toBe(28000);
  });

  test('does not give what was not consented to', async () => {
    const { tokens, token } = createMicrosoftUnderTest();
    const refresh = { grant_type: 'refresh_token', refresh_token: (await tokens(LEA, { scope: FREE_BUSY }))['refresh_token'] ?? '' };

    expect(codeOf((await token({ ...refresh, scope: 'Calendars.ReadWrite' })).body)).toBe(65001);
  });

  test('is refused when it is unknown, another client’s, or used where the account cannot sign in', async () => {
    const { tokens, token, control } = createMicrosoftUnderTest();
    const other = { clientId: '22222222-2222-4333-8444-555555555555', clientSecret: 'other', redirectUris: [REDIRECT_URI] };
    control.addClient(other);
    const lea = { grant_type: 'refresh_token', refresh_token: (await tokens(LEA))['refresh_token'] ?? '' };
    const jonas = { grant_type: 'refresh_token', refresh_token: (await tokens(JONAS))['refresh_token'] ?? '' };

    expect((await token({ ...lea, refresh_token: 'unknown' })).body).toMatchObject({ error: 'invalid_grant', error_codes: [9002313] });
    expect(codeOf((await token({ ...lea, client_id: other.clientId, client_secret: other.clientSecret })).body)).toBe(70000);
    expect(codeOf((await token(lea, 'council.example')).body)).toBe(50020);
    expect((await token(lea, 'studio.example')).status).toBe(200);
    expect(codeOf((await token(jonas, 'organizations')).body)).toBe(500208);
    expect((await token(jonas, 'consumers')).status).toBe(200);
  });

  test('can be made as old as ninety days without use', async () => {
    const { tokens, token, control } = createMicrosoftUnderTest();
    control.approve({ tenant: 'partner.example', clientId: CLIENT_ID });
    const refresh = { grant_type: 'refresh_token', refresh_token: (await tokens(AMIRA))['refresh_token'] ?? '' };

    control.expireRefreshTokens(AMIRA);

    expect(codeOf((await token(refresh)).body)).toBe(700082);
    expect(control.liveRefreshTokens(AMIRA)).toBe(0);
  });
});
