import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuthorizationRequest } from '../provider.ts';
import { CLIENT, ENDPOINTS, EXCHANGE, holdsNoSecret, scriptedGoogle } from './scripted-google.contract.ts';

const REQUEST: AuthorizationRequest = { ...EXCHANGE, state: 'state&1', loginHint: undefined, interaction: 'choose' };
const { provider } = scriptedGoogle();
const connect = await provider.connect();

describe('the authorization URL of google', () => {
  it('asks for the scopes of the mode, offline, with consent, PKCE, state and nonce', () => {
    const url = connect.authorizationUrl(CLIENT, REQUEST);
    expect(url.origin + url.pathname).toBe(ENDPOINTS.authorization);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: CLIENT.clientId,
      redirect_uri: REQUEST.redirectUri,
      response_type: 'code',
      scope: provider.modes.full?.scopes.join(' '),
      access_type: 'offline',
      include_granted_scopes: 'false',
      prompt: 'consent',
      state: 'state&1',
      nonce: 'nonce-1',
      code_challenge: createHash('sha256').update(REQUEST.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
  });

  it('holds neither secret nor verifier', () => {
    expect(holdsNoSecret(connect.authorizationUrl(CLIENT, REQUEST).href)).toBe(true);
  });

  it('passes a login hint on', () => {
    const url = connect.authorizationUrl(CLIENT, { ...REQUEST, mode: 'free_busy', loginHint: 'jane+cal@example.com' });
    expect(url.searchParams.get('login_hint')).toBe('jane+cal@example.com');
    expect(url.searchParams.get('scope')).toBe(provider.modes.free_busy?.scopes.join(' '));
  });

  it('does not exist for a mode that google cannot do', () => {
    expect(() => connect.authorizationUrl(CLIENT, { ...REQUEST, mode: 'no_access' })).toThrow('google has no access mode no_access');
  });
});

describe('the callback of google', () => {
  const read = (query: string): unknown => connect.readCallback(new URLSearchParams(query));

  it('brings a code, beside parameters that prove nothing', () => {
    expect(read(`code=4%2Fabc&state=s&scope=all&authuser=0&prompt=consent&hd=example.com&iss=${ENDPOINTS.issuer}`)).toEqual({
      outcome: 'code',
      code: '4/abc',
    });
  });

  it('says that the person declined', () => {
    expect(read('error=access_denied&state=s')).toEqual({ outcome: 'declined' });
  });

  it.each([
    ['error=admin_policy_enforced', 'admin_policy_enforced'],
    ['error=org_internal', 'provider_refused'],
    ['error=disallowed_useragent', 'provider_refused'],
    ['error=redirect_uri_mismatch', 'provider_misconfigured'],
    ['error=invalid_client', 'provider_misconfigured'],
    ['error=deleted_client', 'provider_misconfigured'],
    ['error=invalid_scope', 'provider_misconfigured'],
    ['error=server_error', 'provider_unavailable'],
    ['error=temporarily_unavailable', 'provider_unavailable'],
    ['error=something_new', 'provider_refused'],
    ['error=', 'provider_refused'],
    ['error=access_denied&code=1', 'provider_refused'],
    ['error=access_denied&error=access_denied', 'provider_refused'],
    ['code=1&code=2', 'provider_refused'],
    ['code=', 'provider_refused'],
    [`code=${'x'.repeat(1025)}`, 'provider_refused'],
    ['state=s', 'provider_refused'],
    ['code=1&iss=https%3A%2F%2Fevil.example', 'provider_refused'],
    ['error=access_denied&iss=https%3A%2F%2Fevil.example', 'provider_refused'],
  ])('fails for %s', (query, reason) => {
    expect(read(query)).toMatchObject({ outcome: 'failed', reason });
  });

  it('puts no foreign text into what the operator reads', () => {
    const reading = connect.readCallback(new URLSearchParams({ error: 'x\nlevel=fatal jane@example.com <script>' }));
    expect(JSON.stringify(reading)).not.toMatch(/\\n|@|</);
  });

  it('has a meaning whatever it says', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('code', 'error', 'iss', 'state', '__proto__'), fc.string()), (query) => {
        expect(['code', 'declined', 'failed']).toContain(connect.readCallback(new URLSearchParams(query)).outcome);
      }),
    );
  });
});
