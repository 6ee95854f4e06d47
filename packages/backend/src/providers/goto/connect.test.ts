import { describe, expect, it } from 'vitest';
import { CLIENT, CREDENTIAL, EXCHANGE, oauth2Tests, type Script, scriptedService } from '../oauth2/oauth2.contract.ts';
import { SCRIPTED_GOTO } from './scripted-goto.contract.ts';

oauth2Tests('goto', SCRIPTED_GOTO);

const REVOKE = '/oauth/revoke';

describe('goto', () => {
  it('asks for no scopes: what the client is registered with is granted', async () => {
    const connect = await scriptedService(SCRIPTED_GOTO).service.connect();
    const url = connect.authorizationUrl(CLIENT, { ...EXCHANGE, state: 's', loginHint: undefined, interaction: 'choose' });
    expect(url.searchParams.has('scope')).toBe(false);
  });

  it.each([
    [{ id: 8_439_885 }, { subject: '8439885', name: '8439885', email: undefined }],
    [
      { id: '1', userName: 'jane', displayName: 'Jane' },
      { subject: '1', name: 'Jane', email: undefined },
    ],
    [
      { id: '1', userName: 'jane@example.com' },
      { subject: '1', name: 'jane@example.com', email: 'jane@example.com' },
    ],
  ])('knows the person %j by the key', async (user, identity) => {
    const script: Record<string, Script> = { [SCRIPTED_GOTO.identityPath]: () => Response.json(user) };
    const connect = await scriptedService(SCRIPTED_GOTO, script).service.connect();
    expect(await connect.exchange(CLIENT, EXCHANGE)).toMatchObject({ identity });
  });

  it('reads the example of a refresh, which has no token type', async () => {
    const example = { access_token: 'new-very-secret', expires_in: 3600, scope: 'collab:', principal: 'jane@example.com' };
    const connect = await scriptedService(SCRIPTED_GOTO, { [SCRIPTED_GOTO.tokenPath]: () => Response.json(example) }).service.connect();
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'refreshed', credential: { grantedScopes: ['collab:'] } });
  });

  it('revokes the refresh token, as RFC 7009 has it, and not in the address', async () => {
    const { service, asked } = scriptedService(SCRIPTED_GOTO, { [REVOKE]: () => new Response(null) });
    expect(await (await service.connect()).revoke(CLIENT, CREDENTIAL)).toEqual({ outcome: 'revoked' });
    expect(asked).toMatchObject([{ form: { token: CREDENTIAL.refreshToken, token_type_hint: 'refresh_token' } }]);
    expect([asked[0]?.url.search, asked[0]?.headers.get('authorization')]).toEqual(['', expect.stringMatching(/^Basic /)]);
  });

  it('does not claim success for a bad day', async () => {
    const { service } = scriptedService(SCRIPTED_GOTO, { [REVOKE]: () => new Response('', { status: 503 }) });
    expect(await (await service.connect()).revoke(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'unavailable' });
  });
});
