import { describe, expect, it } from 'vitest';
import { CLIENT, CREDENTIAL, EXCHANGE, oauth2Tests, type Script, scriptedService } from '../oauth2/oauth2.contract.ts';
import { SCRIPTED_WEBEX } from './scripted-webex.contract.ts';

oauth2Tests('webex', SCRIPTED_WEBEX);

/** As Webex' front door wraps what its sign-in service said. */
function wrapped(said: string): Script {
  const message = `POST failed: HTTP/1.1 400 Bad Request (url = https://idbroker.example/idb/oauth2/v1/access_token, request/response TrackingId = ROUTER_1, error = '${said}')`;
  return () => Response.json({ message, errors: [{ description: message }], trackingId: 'ROUTER_1' }, { status: 400 });
}

describe('webex', () => {
  const connectTo = (script: Record<string, Script> = {}) => scriptedService(SCRIPTED_WEBEX, script).service.connect();

  it('asks for its scopes, and knows the person and the organisation by their ids', async () => {
    const connect = await connectTo();
    const url = connect.authorizationUrl(CLIENT, { ...EXCHANGE, state: 's', loginHint: undefined, interaction: 'choose' });
    expect(url.searchParams.get('scope')).toBe('spark:people_read meeting:schedules_write');
    expect(await connect.exchange(CLIENT, EXCHANGE)).toMatchObject({
      identity: { subject: 'Y2lzY29zcGFyazovL3VzL1BFT1BMRS8x', organisation: 'Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8x' },
    });
  });

  it('reads a refusal in plain words', async () => {
    const message = 'The refresh token provided is expired, revoked, malformed, or invalid.';
    const token: Script = () => Response.json({ message, errors: [{ description: message }], trackingId: 'ROUTER_1' }, { status: 400 });
    const connect = await connectTo({ [SCRIPTED_WEBEX.tokenPath]: token });
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: 'rejected' });
  });

  it.each([
    ['invalid code.', 'provider_refused', 'rejected'],
    ['The refresh token provided is expired, revoked, malformed, or invalid.', 'provider_refused', 'rejected'],
    ['Invalid Redirect URI. Contact the person that provided the link.', 'provider_misconfigured', 'unavailable'],
    ['Invalid client secret.', 'provider_misconfigured', 'unavailable'],
    ['Something new.', 'provider_refused', 'unavailable'],
  ])('reads a wrapped refusal: %s', async (said, exchanged, refreshed) => {
    const connect = await connectTo({ [SCRIPTED_WEBEX.tokenPath]: wrapped(said) });
    expect(await connect.exchange(CLIENT, EXCHANGE)).toMatchObject({ outcome: 'failed', reason: exchanged });
    expect(await connect.refresh(CLIENT, CREDENTIAL)).toMatchObject({ outcome: refreshed });
  });

  it('has no way to revoke, and does not pretend to', async () => {
    const { service, asked } = scriptedService(SCRIPTED_WEBEX);
    expect(await (await service.connect()).revoke(CLIENT, CREDENTIAL)).toEqual({ outcome: 'unsupported' });
    expect(asked).toEqual([]);
  });
});
