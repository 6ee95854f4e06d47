import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Credential, RefreshOutcome, RevokeOutcome } from '../provider.ts';
import { NO_ANSWERS } from '../no-answers.contract.ts';
import { CLIENT, holdsNoSecret, NOW_MS, type Script, scriptedGoogle } from './scripted-google.contract.ts';

const CREDENTIAL: Credential = {
  accessToken: 'ya29.old-very-secret',
  accessTokenExpiresAtMs: NOW_MS - 1,
  refreshToken: '1//refresh-very-secret',
  grantedScopes: ['openid', 'email'],
  endsAtMs: NOW_MS + 1_000_000,
};
const REFRESHED = {
  access_token: 'ya29.new-very-secret',
  expires_in: 3599,
  token_type: 'Bearer',
  scope: 'openid https://www.googleapis.com/auth/userinfo.email',
};

async function refreshWith(token: Script): Promise<RefreshOutcome> {
  const connect = await scriptedGoogle({ '/token': token }).provider.connect();
  return connect.refresh(CLIENT, CREDENTIAL);
}

async function revokeWith(revocation: Script): Promise<RevokeOutcome> {
  const connect = await scriptedGoogle({ '/revoke': revocation }).provider.connect();
  return connect.revoke(CLIENT, CREDENTIAL);
}

describe('a refresh at google', () => {
  it('gives a new access token and keeps everything else', async () => {
    const scripted = scriptedGoogle({ '/token': () => Response.json(REFRESHED) });
    expect(await (await scripted.provider.connect()).refresh(CLIENT, CREDENTIAL)).toEqual({
      outcome: 'refreshed',
      credential: { ...CREDENTIAL, accessToken: 'ya29.new-very-secret', accessTokenExpiresAtMs: NOW_MS + 3_599_000 },
    });
    expect(scripted.asked).toMatchObject([
      {
        method: 'POST',
        form: {
          grant_type: 'refresh_token',
          refresh_token: CREDENTIAL.refreshToken,
          client_id: CLIENT.clientId,
          client_secret: CLIENT.clientSecret,
        },
      },
    ]);
  });

  it('keeps a refresh token that comes along, and what else is new', async () => {
    const answer = { ...REFRESHED, refresh_token: '1//rotated', scope: 'openid', refresh_token_expires_in: 60 };
    expect(await refreshWith(() => Response.json(answer))).toMatchObject({
      credential: { refreshToken: '1//rotated', grantedScopes: ['openid'], endsAtMs: NOW_MS + 60_000 },
    });
  });

  it.each([
    [{ error: 'invalid_grant', error_description: 'Token has been expired or revoked.' }, 400],
    [{ error: 'invalid_grant', error_subtype: 'invalid_rapt', error_description: 'reauth related error' }, 400],
    [{ error: 'admin_policy_enforced' }, 400],
  ])('finds the grant dead for %j', async (body, status) => {
    const outcome = await refreshWith(() => Response.json(body, { status }));
    expect(outcome).toMatchObject({ outcome: 'rejected', operatorHint: expect.stringContaining(`Google answered ${body.error}`) });
  });

  it.each([
    ['invalid_client', 401],
    ['unauthorized_client', 401],
    ['deleted_client', 401],
    ['invalid_request', 400],
    ['something_new', 400],
  ])('disconnects nobody for %s', async (error, status) => {
    const outcome = await refreshWith(() => Response.json({ error }, { status }));
    expect(outcome).toMatchObject({ outcome: 'unavailable', operatorHint: expect.stringContaining(error) });
    expect(holdsNoSecret(outcome)).toBe(true);
  });

  it.each(Object.entries(NO_ANSWERS))('disconnects nobody for %s', async (_, token) => {
    const outcome = await refreshWith(token);
    expect(outcome.outcome).toBe('unavailable');
    expect(holdsNoSecret(outcome)).toBe(true);
  });

  it.each([
    ['120', 120_000],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
    ['1000000000', 3_600_000],
    ['whenever', undefined],
  ])('passes on that it shall wait: %s', async (value, retryAfterMs) => {
    const answer = await refreshWith(() => new Response('', { status: 429, headers: { 'retry-after': value } }));
    expect(answer).toMatchObject({ outcome: 'unavailable', retryAfterMs });
  });

  it('is final only for the two errors that are', async () => {
    const code = fc.oneof(fc.string(), fc.constantFrom('invalid_grant', 'admin_policy_enforced', 'invalid_client'));
    await fc.assert(
      fc.asyncProperty(code, fc.constantFrom(200, 400, 401, 403, 404, 429, 500, 503), async (error, status) => {
        const outcome = await refreshWith(() => Response.json({ error }, { status }));
        const final = ['invalid_grant', 'admin_policy_enforced'].includes(error) && [400, 401, 403, 404].includes(status);
        expect(outcome.outcome).toBe(final ? 'rejected' : 'unavailable');
      }),
      { numRuns: 50 },
    );
  });
});

describe('a revocation at google', () => {
  it('sends the refresh token, and not in the address', async () => {
    const scripted = scriptedGoogle();
    expect(await (await scripted.provider.connect()).revoke(CLIENT, CREDENTIAL)).toEqual({ outcome: 'revoked' });
    expect(scripted.asked).toMatchObject([{ method: 'POST', form: { token: CREDENTIAL.refreshToken } }]);
    expect(scripted.asked[0]?.url.search).toBe('');
  });

  it('says what was gone before', async () => {
    const answer = { error: 'invalid_token', error_description: 'Token expired or revoked' };
    expect(await revokeWith(() => Response.json(answer, { status: 400 }))).toEqual({ outcome: 'already_gone' });
  });

  it('takes an empty 200 for done', async () => {
    expect(await revokeWith(() => new Response(null))).toEqual({ outcome: 'revoked' });
  });

  it.each(['HTML with 200', 'HTML with 400', 'a redirect', '503', 'a broken connection', 'no answer at all'])(
    'does not claim success for %s',
    async (name) => {
      expect((await revokeWith(NO_ANSWERS[name] as Script)).outcome).toBe('unavailable');
    },
  );

  it('passes on that it shall wait', async () => {
    expect(await revokeWith(() => new Response('', { status: 503, headers: { 'retry-after': '9' } }))).toMatchObject({
      retryAfterMs: 9_000,
    });
  });
});
