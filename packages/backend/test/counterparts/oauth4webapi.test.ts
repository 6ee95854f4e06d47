import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorize, authorizePath } from '../support/partner-server.ts';
import { CALLBACK } from '../support/world.ts';
import { type HttpsBackend, type SentRequest, startHttpsBackend } from './https-backend.ts';

const AUTHENTICATION = { client_secret_basic: oauth.ClientSecretBasic, client_secret_post: oauth.ClientSecretPost };

let backend: HttpsBackend;
let as: oauth.AuthorizationServer;
let client: oauth.Client;

/** How every request is sent: over https, without any of the library's flags that make it accept less. */
function over(): { [oauth.customFetch]: (url: string, request: SentRequest) => Promise<Response> } {
  return { [oauth.customFetch]: (url, request) => backend.fetch(url, request) };
}

async function discover(): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(backend.issuer, { algorithm: 'oauth2', ...over() });
  return oauth.processDiscoveryResponse(backend.issuer, response);
}

interface Attempt {
  readonly callback: URL;
  readonly state: string;
  readonly verifier: string;
}

/** The person consents; the browser ends at the partner's callback. */
async function attempt(): Promise<Attempt> {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const challenge = { code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
  const { url } = await authorize(backend.world, { state, ...challenge }, { browser: backend.browser() });
  return { callback: url, state, verifier };
}

async function exchange(authenticate: oauth.ClientAuth, { callback, state, verifier }: Attempt): Promise<oauth.TokenEndpointResponse> {
  const parameters = oauth.validateAuthResponse(as, client, callback, state);
  const response = await oauth.authorizationCodeGrantRequest(as, client, authenticate, parameters, CALLBACK, verifier, over());
  return oauth.processAuthorizationCodeResponse(as, client, response);
}

async function refresh(authenticate: oauth.ClientAuth, refreshToken: string): Promise<oauth.TokenEndpointResponse> {
  return oauth.processRefreshTokenResponse(
    as,
    client,
    await oauth.refreshTokenGrantRequest(as, client, authenticate, refreshToken, over()),
  );
}

describe.each(['', '/calendar'] as const)('oauth4webapi, with the backend at https://localhost%s', (path) => {
  beforeAll(async () => {
    backend = await startHttpsBackend(path);
    as = await discover();
    client = { client_id: backend.world.application.clientId };
  });
  afterAll(() => backend.close());

  describe.each(Object.entries(AUTHENTICATION))('by %s', (method, authenticateWith) => {
    const authenticate = (secret = backend.world.application.clientSecret) => authenticateWith(secret);

    it('connects, refreshes, reads userinfo and revokes, each answer by the letter', async () => {
      const tokens = await exchange(authenticate(), await attempt());
      expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'free_busy_write', expires_in: 3600 });
      const again = await refresh(authenticate(), tokens.refresh_token ?? '');
      const sub = tokens['sub'] as string;
      const info = await oauth.userInfoRequest(as, client, again.access_token, over());
      expect(await oauth.processUserInfoResponse(as, client, sub, info)).toMatchObject({ sub });
      const resource = new URL(as.userinfo_endpoint ?? '');
      const asked = await oauth.protectedResourceRequest(tokens.access_token, 'GET', resource, undefined, undefined, over());
      expect(asked.status).toBe(200);
      const revoked = await oauth.revocationRequest(as, client, authenticate(), tokens.access_token, over());
      expect(await oauth.processRevocationResponse(revoked)).toBeUndefined();
      await expect(refresh(authenticate(), tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
      const dead = oauth.protectedResourceRequest(tokens.access_token, 'GET', resource, undefined, undefined, over());
      await expect(dead).rejects.toMatchObject({ cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }] });
    });

    it('revokes what nobody knows without an error, as RFC 7009 wants', async () => {
      const revoked = await oauth.revocationRequest(as, client, authenticate(), 'unknown', over());
      expect(await oauth.processRevocationResponse(revoked)).toBeUndefined();
    });

    it('is told of a wrong secret: by a challenge where it used the header, by the body otherwise', async () => {
      const refused = refresh(authenticate('wrong'), 'x');
      await expect(refused).rejects.toMatchObject(
        method === 'client_secret_basic' ? { status: 401, cause: [{ scheme: 'basic' }] } : { status: 400, error: 'invalid_client' },
      );
      const revoking = oauth.processRevocationResponse(await oauth.revocationRequest(as, client, authenticate('wrong'), 'x', over()));
      await expect(revoking).rejects.toMatchObject({ status: method === 'client_secret_basic' ? 401 : 400 });
    });

    it('is told of another verifier and of a code that was used', async () => {
      const first = await attempt();
      const stranger = { ...first, verifier: oauth.generateRandomCodeVerifier() };
      await expect(exchange(authenticate(), stranger)).rejects.toMatchObject({ error: 'invalid_grant' });
      await exchange(authenticate(), first);
      await expect(exchange(authenticate(), first)).rejects.toMatchObject({ error: 'invalid_grant' });
    });
  });

  it('is not taken in by an answer of another issuer, or of another attempt', async () => {
    const { callback, state } = await attempt();
    const mixedUp = new URL(callback);
    mixedUp.searchParams.set('iss', 'https://evil.example');
    expect(() => oauth.validateAuthResponse(as, client, mixedUp, state)).toThrow('unexpected "iss"');
    expect(() => oauth.validateAuthResponse(as, client, callback, oauth.generateRandomState())).toThrow('unexpected "state"');
    expect(() => oauth.validateAuthResponse(as, client, callback, state)).not.toThrow();
  });

  describe('the metadata', () => {
    it('names all there is, and nothing that is not', () => {
      const at = (endpoint: string) => `${backend.world.publicUrl}${endpoint}`;
      const { scopes_supported, ...rest } = as;
      expect(rest).toEqual({
        issuer: backend.world.publicUrl,
        authorization_endpoint: at('/oauth/authorize'),
        token_endpoint: at('/oauth/token'),
        revocation_endpoint: at('/oauth/token/revoke'),
        userinfo_endpoint: at('/v1/userinfo'),
        response_types_supported: ['code'],
        response_modes_supported: ['query'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
        revocation_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
        authorization_response_iss_parameter_supported: true,
        request_parameter_supported: false,
        request_uri_parameter_supported: false,
        ui_locales_supported: ['en'],
      });
      expect(scopes_supported).toContain('free_busy_write');
    });

    it('names endpoints that answer, by the method that is theirs', async () => {
      for (const [endpoint, method, status] of [
        [as.authorization_endpoint, 'GET', 400],
        [as.token_endpoint, 'POST', 415],
        [as.revocation_endpoint, 'POST', 415],
        [as.userinfo_endpoint, 'GET', 401],
      ] as const) {
        expect((await backend.fetch(endpoint ?? '', { method })).status).toBe(status);
      }
    });

    it('names scopes that can all be asked for', async () => {
      for (const scope of as.scopes_supported ?? []) {
        expect((await backend.world.request(authorizePath(backend.world, { scope }))).status).toBe(200);
      }
    });

    it('is no other issuer’s', async () => {
      const response = await oauth.discoveryRequest(backend.issuer, { algorithm: 'oauth2', ...over() });
      await expect(oauth.processDiscoveryResponse(new URL('https://localhost:1'), response)).rejects.toThrow('"issuer"');
    });
  });
});

it('is not discovered at an issuer whose certificate is not trusted: https here is real', async () => {
  const other = await startHttpsBackend('');
  await expect(backend.fetch(`${other.issuer.href}.well-known/oauth-authorization-server`, {})).rejects.toThrow(
    /self[- ]signed|certificate/,
  );
  await other.close();
});
