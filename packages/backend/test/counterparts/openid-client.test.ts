import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goThroughGoogle } from '../support/consent.ts';
import { CALLBACK } from '../support/world.ts';
import { type HttpsBackend, startHttpsBackend } from './https-backend.ts';

/** How a client shows its secret: openid-client form-encodes id and secret in Basic to the letter of RFC 6749 §2.3.1. */
const AUTHENTICATION = { client_secret_basic: client.ClientSecretBasic, client_secret_post: client.ClientSecretPost };

let backend: HttpsBackend;

async function discover(authentication: client.ClientAuth): Promise<client.Configuration> {
  const options: client.DiscoveryRequestOptions = {
    algorithm: 'oauth2',
    [client.customFetch]: (url, request) => backend.fetch(url, request),
  };
  return client.discovery(backend.issuer, backend.world.application.clientId, undefined, authentication, options);
}

interface Started {
  readonly url: URL;
  readonly checks: client.AuthorizationCodeGrantChecks;
}

async function start(config: client.Configuration, more: Record<string, string> = {}): Promise<Started> {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'free_busy_write read_events',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    ...more,
  });
  return { url, checks: { pkceCodeVerifier, expectedState } };
}

/** The person goes through the chooser and Google; answers with the address of the partner's that the browser ends at. */
async function consent(url: URL, press: 'Continue' | 'Cancel' = 'Continue'): Promise<URL> {
  const browser = backend.browser();
  const chooser = await browser.visit(url);
  const next = await browser.submit(chooser, { press, choose: { access_mode: 'full' } });
  if (press === 'Continue') return (await goThroughGoogle(browser, next)).url;
  return new URL((/id="onward" href="([^"]*)"/.exec(next.text)?.[1] ?? '').replaceAll('&amp;', '&'));
}

async function connect(config: client.Configuration) {
  const { url, checks } = await start(config);
  return client.authorizationCodeGrant(config, await consent(url), checks);
}

describe.each(['', '/calendar'] as const)('openid-client, with the backend at https://localhost%s', (path) => {
  beforeAll(async () => {
    backend = await startHttpsBackend(path);
  });
  afterAll(() => backend.close());

  describe.each(Object.entries(AUTHENTICATION))('by %s', (method, authenticate) => {
    const discoverAs = (secret = backend.world.application.clientSecret) => discover(authenticate(secret));

    it('discovers the metadata by the issuer, and finds the method there', async () => {
      const metadata = (await discoverAs()).serverMetadata();
      expect(metadata.issuer).toBe(backend.world.publicUrl);
      expect(metadata.supportsPKCE()).toBe(true);
      expect(metadata.token_endpoint_auth_methods_supported).toContain(method);
      expect(metadata.revocation_endpoint_auth_methods_supported).toContain(method);
    });

    it('connects with PKCE, state and iss, refreshes, reads userinfo, revokes', async () => {
      const config = await discoverAs();
      const tokens = await connect(config);
      expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'free_busy_write read_events', expires_in: 3600 });
      expect(tokens.expiresIn()).toBeGreaterThan(3590);
      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
      expect(refreshed.access_token).not.toBe(tokens.access_token);
      const sub = tokens['sub'] as string;
      expect(await client.fetchUserInfo(config, refreshed.access_token, sub)).toMatchObject({ sub, 'cronofy.type': 'account' });
      const userinfo = new URL(config.serverMetadata().userinfo_endpoint ?? '');
      expect((await client.fetchProtectedResource(config, tokens.access_token, userinfo, 'GET')).status).toBe(200);
      await client.tokenRevocation(config, tokens.refresh_token ?? '', { token_type_hint: 'refresh_token' });
      await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
      await expect(client.fetchUserInfo(config, refreshed.access_token, sub)).rejects.toMatchObject({
        code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
        status: 401,
        cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }],
      });
    });

    it('is told of a wrong secret in the form it knows', async () => {
      const config = await discoverAs('wrong');
      const refused = client.refreshTokenGrant(config, 'x');
      await expect(refused).rejects.toMatchObject(
        method === 'client_secret_basic'
          ? { code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE', status: 401, cause: [{ scheme: 'basic' }] }
          : { code: 'OAUTH_RESPONSE_BODY_ERROR', status: 400, error: 'invalid_client' },
      );
    });

    it('is told of a code that was used, of another verifier, and of a scope that is too wide', async () => {
      const config = await discoverAs();
      const { url, checks } = await start(config);
      const callback = await consent(url);
      const stranger = { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() };
      await expect(client.authorizationCodeGrant(config, callback, stranger)).rejects.toMatchObject({ error: 'invalid_grant' });
      const tokens = await client.authorizationCodeGrant(config, callback, checks);
      await expect(client.authorizationCodeGrant(config, callback, checks)).rejects.toMatchObject({ error: 'invalid_grant' });
      const wider = client.refreshTokenGrant(config, tokens.refresh_token ?? '', { scope: 'read_write' });
      await expect(wider).rejects.toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'invalid_scope' });
    });
  });

  it('is told by redirect that the person cancelled, and of a request that cannot be', async () => {
    const config = await discover(client.None());
    const cancelled = await start(config);
    const back = await consent(cancelled.url, 'Cancel');
    await expect(client.authorizationCodeGrant(config, back, cancelled.checks)).rejects.toMatchObject({
      code: 'OAUTH_AUTHORIZATION_RESPONSE_ERROR',
      error: 'access_denied',
    });
    for (const [more, error] of [
      [{ scope: 'openid' }, 'invalid_scope'],
      [{ prompt: 'none' }, 'interaction_required'],
      [{ response_mode: 'form_post' }, 'invalid_request'],
    ] as const) {
      const wrong = await start(config, more);
      const refused = (await backend.browser().visit(wrong.url)).url;
      await expect(client.authorizationCodeGrant(config, refused, wrong.checks)).rejects.toMatchObject({ error });
    }
  });

  it('refuses an answer of another issuer or without one, and one of another attempt', async () => {
    const config = await discover(client.ClientSecretPost(backend.world.application.clientSecret));
    const { url, checks } = await start(config);
    const callback = await consent(url);
    for (const iss of ['https://evil.example', `${backend.issuer.href}/`, undefined]) {
      const mixedUp = new URL(callback);
      mixedUp.searchParams.delete('iss');
      if (iss !== undefined) mixedUp.searchParams.set('iss', iss);
      await expect(client.authorizationCodeGrant(config, mixedUp, checks)).rejects.toMatchObject({ code: 'OAUTH_INVALID_RESPONSE' });
    }
    const another = { ...checks, expectedState: client.randomState() };
    await expect(client.authorizationCodeGrant(config, callback, another)).rejects.toMatchObject({ code: 'OAUTH_INVALID_RESPONSE' });
    expect((await client.authorizationCodeGrant(config, callback, checks)).access_token).toMatch(/^[\w-]{59}$/);
  });
});
