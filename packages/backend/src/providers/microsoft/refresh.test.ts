import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_ANSWERS } from '../no-answers.contract.ts';
import type { Credential, RefreshOutcome } from '../provider.ts';
import { CLIENT, holdsNoSecret, NOW_MS, refusal, type Script, scriptedMicrosoft, TOKEN } from './scripted-microsoft.contract.ts';

const CREDENTIAL: Credential = {
  accessToken: 'EwB.old-very-secret',
  accessTokenExpiresAtMs: NOW_MS - 1,
  refreshToken: 'M.refresh-very-secret',
  grantedScopes: ['User.Read', 'Calendars.ReadWrite', 'offline_access'],
  endsAtMs: undefined,
};
const REFRESHED = {
  access_token: 'EwB.new-very-secret',
  refresh_token: 'M.rotated-very-secret',
  expires_in: 4000,
  token_type: 'Bearer',
  scope: 'User.Read Calendars.ReadWrite',
};

async function refreshWith(token: Script): Promise<RefreshOutcome> {
  const connect = await scriptedMicrosoft({ [TOKEN]: token }).provider.connect();
  return connect.refresh(CLIENT, CREDENTIAL);
}

describe('a refresh at microsoft', () => {
  it('gives a new access token and the refresh token that takes the place of the old', async () => {
    const scripted = scriptedMicrosoft({ [TOKEN]: () => Response.json(REFRESHED) });
    expect(await (await scripted.provider.connect()).refresh(CLIENT, CREDENTIAL)).toEqual({
      outcome: 'refreshed',
      credential: {
        ...CREDENTIAL,
        accessToken: 'EwB.new-very-secret',
        refreshToken: 'M.rotated-very-secret',
        accessTokenExpiresAtMs: NOW_MS + 4_000_000,
      },
    });
    expect(scripted.asked).toMatchObject([
      { method: 'POST', form: { grant_type: 'refresh_token', refresh_token: CREDENTIAL.refreshToken, client_id: CLIENT.clientId } },
    ]);
    expect(Object.keys(scripted.asked[0]?.form ?? {})).not.toContain('scope');
  });

  it('keeps the old refresh token where none comes', async () => {
    expect(await refreshWith(() => Response.json({ ...REFRESHED, refresh_token: undefined, scope: undefined }))).toMatchObject({
      credential: { refreshToken: CREDENTIAL.refreshToken, grantedScopes: CREDENTIAL.grantedScopes },
    });
  });

  it('ends a connection for `invalid_grant` only, whatever the code', async () => {
    const dead = refusal(700_082, 'invalid_grant');
    expect(await refreshWith(() => Response.json(dead, { status: 400 }))).toMatchObject({ outcome: 'rejected' });
    expect(await refreshWith(() => Response.json({ ...dead, error: 'invalid_request' }, { status: 400 }))).toMatchObject({
      outcome: 'interaction_required',
    });
  });

  it('tells the operator of a client that is not accepted, and disconnects nobody', async () => {
    for (const code of [7_000_215, 7_000_222, 700_016]) {
      // Even with the error that would end a grant.
      for (const error of ['invalid_client', 'invalid_grant']) {
        const outcome = await refreshWith(() => Response.json(refusal(code, error), { status: 401 }));
        expect(outcome).toMatchObject({
          outcome: 'unavailable',
          needsOperator: true,
          operatorHint: expect.stringContaining(`AADSTS${code}`),
        });
        expect(holdsNoSecret(outcome)).toBe(true);
      }
    }
  });

  it('leaves Microsoft alone for ten minutes after a loop, or for as long as it says', async () => {
    const loop = refusal(50_196, 'invalid_grant');
    expect(await refreshWith(() => Response.json(loop, { status: 400 }))).toMatchObject({ outcome: 'unavailable', retryAfterMs: 600_000 });
    const headers = { 'retry-after': '30' };
    expect(await refreshWith(() => Response.json(loop, { status: 400, headers }))).toMatchObject({ retryAfterMs: 30_000 });
  });

  it.each([429, 503])('passes on that it shall wait (%d)', async (status) => {
    const answer = () => Response.json(refusal(90_033, 'temporarily_unavailable'), { status, headers: { 'retry-after': '120' } });
    const outcome = await refreshWith(answer);
    expect(outcome).toEqual({ outcome: 'unavailable', retryAfterMs: 120_000, operatorHint: expect.stringContaining('AADSTS90033') });
  });

  it.each(Object.entries(NO_ANSWERS))('disconnects nobody for %s', async (_, token) => {
    const outcome = await refreshWith(token);
    expect(outcome.outcome).toBe('unavailable');
    expect(holdsNoSecret(outcome)).toBe(true);
  });

  it('is final for nothing but an `invalid_grant` that is a refusal', async () => {
    const error = fc.oneof(fc.string(), fc.constantFrom('invalid_grant', 'access_denied', 'invalid_client', 'interaction_required'));
    await fc.assert(
      fc.asyncProperty(error, fc.constantFrom(200, 400, 401, 403, 404, 429, 500, 503), async (name, status) => {
        const outcome = await refreshWith(() => Response.json({ error: name }, { status }));
        expect(outcome.outcome === 'rejected').toBe(name === 'invalid_grant' && [400, 401, 403, 404].includes(status));
      }),
      { numRuns: 50 },
    );
  });

  it('has no way to revoke, and does not pretend to', async () => {
    const scripted = scriptedMicrosoft();
    expect(await (await scripted.provider.connect()).revoke(CLIENT, CREDENTIAL)).toEqual({ outcome: 'unsupported' });
    expect(scripted.asked).toEqual([]);
  });
});
