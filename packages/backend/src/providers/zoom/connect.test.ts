import { describe, expect, it } from 'vitest';
import { CLIENT, CREDENTIAL, EXCHANGE, NOW_MS, oauth2Tests, type Script, scriptedService } from '../oauth2/oauth2.contract.ts';
import type { Credential, RevokeOutcome } from '../provider.ts';
import { SCRIPTED_ZOOM } from './scripted-zoom.contract.ts';

oauth2Tests('zoom', SCRIPTED_ZOOM);

const REVOKE = '/oauth/revoke';
const { tokenPath: TOKEN } = SCRIPTED_ZOOM;
const done: Script = () => Response.json({ status: 'success' });
const invalidToken =
  (error: string): Script =>
  () =>
    Response.json({ reason: 'Invalid Token!', error }, { status: 400 });

async function revoking(script: Record<string, Script>, credential: Credential = CREDENTIAL) {
  const { service, asked } = scriptedService(SCRIPTED_ZOOM, script);
  const outcome: RevokeOutcome = await (await service.connect()).revoke(CLIENT, credential);
  return { outcome, asked };
}

describe('zoom', () => {
  it('asks for no scopes: what the app is registered with is granted', async () => {
    const connect = await scriptedService(SCRIPTED_ZOOM).service.connect();
    const url = connect.authorizationUrl(CLIENT, { ...EXCHANGE, state: 's', loginHint: undefined, interaction: 'choose' });
    expect(url.searchParams.has('scope')).toBe(false);
  });

  it('knows the person by an id and the organisation by its account', async () => {
    const connect = await scriptedService(SCRIPTED_ZOOM).service.connect();
    expect(await connect.exchange(CLIENT, EXCHANGE)).toMatchObject({
      identity: { subject: 'KDcuGIm1QgePTO8WbOqwIQ', organisation: 'q6gBJVO5TzexKYTb_I2rpg' },
    });
  });

  it.each([
    ['meeting:write user:read', []],
    ['meeting:write:admin user:read:admin', []],
    ['meeting:write:meeting:admin meeting:update:meeting:admin meeting:delete:meeting:admin user:read:user:admin', []],
    ['meeting:write:meeting user:read:user', ['meeting:update:meeting', 'meeting:delete:meeting']],
  ])('with the scopes %s misses %j', async (scope, missing) => {
    const token: Script = () => Response.json({ ...SCRIPTED_ZOOM.tokenAnswer, scope });
    const connect = await scriptedService(SCRIPTED_ZOOM, { [TOKEN]: token }).service.connect();
    const outcome = await connect.exchange(CLIENT, EXCHANGE);
    expect(outcome.outcome === 'scopes_missing' ? outcome.missing : []).toEqual(missing);
  });

  it.each(['invalid_grant', 'invalid_request'])('finds a grant dead whose token is invalid (%s)', async (error) => {
    const connect = await scriptedService(SCRIPTED_ZOOM, { [TOKEN]: invalidToken(error) }).service.connect();
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'rejected' });
  });

  it('keeps a grant whose refresh was malformed', async () => {
    const token: Script = () => Response.json({ reason: 'Missing grant type', error: 'invalid_request' }, { status: 400 });
    const connect = await scriptedService(SCRIPTED_ZOOM, { [TOKEN]: token }).service.connect();
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'unavailable' });
  });
});

describe('a revocation at zoom', () => {
  it('sends the access token, and not in the address', async () => {
    const { outcome, asked } = await revoking({ [REVOKE]: done });
    expect(outcome).toEqual({ outcome: 'revoked' });
    expect(asked).toMatchObject([{ method: 'POST', form: { token: CREDENTIAL.accessToken } }]);
    expect(asked[0]?.url.search).toBe('');
  });

  it('gets a living access token first where the old one is over', async () => {
    const old = { ...CREDENTIAL, accessTokenExpiresAtMs: NOW_MS + 1_000 };
    const token: Script = () => Response.json({ ...SCRIPTED_ZOOM.tokenAnswer, access_token: 'living-very-secret' });
    const { outcome, asked } = await revoking({ [TOKEN]: token, [REVOKE]: done }, old);
    expect(outcome).toEqual({ outcome: 'revoked' });
    expect(asked.map(({ form }) => form['token'] ?? form['refresh_token'])).toEqual([old.refreshToken, 'living-very-secret']);
    expect((await revoking({ [TOKEN]: invalidToken('invalid_grant') }, old)).outcome).toEqual({ outcome: 'already_gone' });
    expect((await revoking({ [TOKEN]: () => new Response('', { status: 503 }) }, old)).outcome).toMatchObject({ outcome: 'unavailable' });
  });

  it.each([
    ['what was gone', invalidToken('invalid_request'), 'already_gone'],
    ['an empty 200', () => new Response(null), 'revoked'],
    ['a hotel', () => new Response('<html>', { headers: { 'content-type': 'text/html' } }), 'unavailable'],
    ['a bad day', () => new Response('', { status: 503 }), 'unavailable'],
    ['another refusal', () => Response.json({ error: 'invalid_client' }, { status: 401 }), 'unavailable'],
  ] as [string, Script, string][])('knows %s', async (_, script, outcome) => {
    expect((await revoking({ [REVOKE]: script })).outcome).toMatchObject({ outcome });
  });
});
