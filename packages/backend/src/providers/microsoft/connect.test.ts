import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuthorizationRequest } from '../provider.ts';
import { CLIENT, ENDPOINTS, EXCHANGE, holdsNoSecret, scriptedMicrosoft } from './scripted-microsoft.contract.ts';

const REQUEST: AuthorizationRequest = { ...EXCHANGE, state: 'state&1', loginHint: undefined, interaction: 'choose' };
const { provider } = scriptedMicrosoft();
const connect = await provider.connect();

describe('the authorization URL of microsoft', () => {
  it('asks for the scopes of the mode, with PKCE, state and nonce, for any account', () => {
    const url = connect.authorizationUrl(CLIENT, REQUEST);
    expect(url.origin + url.pathname).toBe(`${ENDPOINTS.authority}/common/oauth2/v2.0/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: CLIENT.clientId,
      redirect_uri: REQUEST.redirectUri,
      response_type: 'code',
      response_mode: 'query',
      scope: 'openid email profile offline_access User.Read Calendars.ReadWrite',
      prompt: 'select_account',
      state: 'state&1',
      nonce: 'nonce-1',
      code_challenge: createHash('sha256').update(REQUEST.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
  });

  it('holds neither secret nor verifier', () => {
    expect(holdsNoSecret(connect.authorizationUrl(CLIENT, REQUEST).href)).toBe(true);
  });

  it.each([
    ['choose', 'select_account'],
    ['continue', null],
    ['none', 'none'],
  ] as const)('shows no more than interaction %s allows', (interaction, prompt) => {
    const url = connect.authorizationUrl(CLIENT, { ...REQUEST, mode: 'free_busy', interaction, loginHint: 'jane+cal@example.com' });
    expect(url.searchParams.get('prompt')).toBe(prompt);
    expect(url.searchParams.get('login_hint')).toBe('jane+cal@example.com');
    expect(url.searchParams.get('scope')).toContain('Calendars.ReadBasic');
  });

  it('does not exist for a mode that microsoft cannot do', () => {
    expect(() => connect.authorizationUrl(CLIENT, { ...REQUEST, mode: 'no_access' })).toThrow('microsoft has no access mode no_access');
  });
});

describe('the callback of microsoft', () => {
  const read = (query: string): unknown => connect.readCallback(new URLSearchParams(query));

  it('brings a code, beside parameters that prove nothing', () => {
    expect(read('code=M.C1_abc&state=s&session_state=1&client_info=x')).toEqual({ outcome: 'code', code: 'M.C1_abc' });
  });

  it.each([
    'error=access_denied&state=s',
    'error=access_denied&error_description=The+user+has+denied+access',
    'error=access_denied&error_description=AADSTS65004%3A+User+declined',
    'error=consent_required&error_description=AADSTS65004%3A+User+declined',
    'error=access_denied&error_subcode=cancel&error_description=AADSTS65004%3A+User+declined',
  ])('says that the person declined: %s', (query) => {
    expect(read(query)).toEqual({ outcome: 'declined' });
  });

  it.each([
    'error=access_denied&error_subcode=cancel&state=s',
    'error=access_denied&error_subcode=cancel&error_description=AADSTS9999999%3A+unknown',
    'error=access_denied&error_description=AADSTS90094%3A+x',
    'error=access_denied&error_subcode=cancel&error_description=AADSTS90095%3A+x',
    'error=interaction_required&error_description=AADSTS65001%3A+x',
    'error=consent_required',
  ])('says that an administrator has to approve: %s', (query) => {
    expect(read(query)).toMatchObject({ outcome: 'admin_approval_needed', operatorHint: expect.stringContaining('Microsoft answered') });
  });

  it.each([
    'error=login_required',
    'error=interaction_required',
    'error=login_required&error_description=AADSTS50058%3A+x',
    'error=interaction_required&error_description=AADSTS50055%3A+x',
    'error=interaction_required&error_description=AADSTS50173%3A+x',
    'error=interaction_required&error_description=AADSTS9999999%3A+unknown',
    'error=account_selection_required',
  ])('says that the person has to be asked something: %s', (query) => {
    expect(read(query)).toMatchObject({ outcome: 'interaction_required' });
  });

  it.each([
    [50105, 'admin_policy_enforced'],
    [53003, 'admin_policy_enforced'],
    [90072, 'wrong_account'],
    [50011, 'provider_misconfigured'],
    [90033, 'provider_unavailable'],
  ])('believes AADSTS%i more than the interaction_required beside it', (code, reason) => {
    expect(read(`error=interaction_required&error_description=AADSTS${code}%3A+x`)).toMatchObject({
      outcome: 'failed',
      reason,
      code: `AADSTS${code}`,
    });
  });

  it('names a code also where we do not know what it means, and none where there is none', () => {
    expect(read('error=something_new&error_description=AADSTS9999999%3A+x')).toMatchObject({ outcome: 'failed', code: 'AADSTS9999999' });
    expect(read('error=something_new&error_description=x')).not.toHaveProperty('code');
    expect(read('error=interaction_required&error_description=x')).not.toHaveProperty('code');
  });

  it('tells 90097 from 900971, and reads no other number', () => {
    expect(read('error=access_denied&error_description=AADSTS90097%3A+x')).toMatchObject({ outcome: 'admin_approval_needed' });
    expect(read('error=invalid_request&error_description=AADSTS900971%3A+x')).toMatchObject({ reason: 'provider_misconfigured' });
    expect(read('error=access_denied&error_description=XAADSTS90094%3A+90094')).toEqual({ outcome: 'declined' });
  });

  it.each([
    ['error=server_error', 'provider_unavailable'],
    ['error=temporarily_unavailable', 'provider_unavailable'],
    ['error=unauthorized_client', 'provider_misconfigured'],
    ['error=invalid_client&error_description=AADSTS9999999%3A+unknown', 'provider_misconfigured'],
    ['error=something_new', 'provider_refused'],
    ['error=', 'provider_refused'],
    ['error=access_denied&code=1', 'provider_refused'],
    ['error=access_denied&error=access_denied', 'provider_refused'],
    ['error=access_denied&error_subcode=cancel&error_subcode=', 'provider_refused'],
    ['code=1&code=2', 'provider_refused'],
    ['code=', 'provider_refused'],
    [`code=${'x'.repeat(8193)}`, 'provider_refused'],
    ['state=s', 'provider_refused'],
  ])('fails for %s', (query, reason) => {
    expect(read(query)).toMatchObject({ outcome: 'failed', reason });
  });

  it('puts no foreign text into what the operator reads', () => {
    const query = { error: 'x\nlevel=fatal jane@example.com <script>', error_description: 'AADSTS70001: jane@example.com <script>' };
    expect(JSON.stringify(connect.readCallback(new URLSearchParams(query)))).not.toMatch(/\\n|@|</);
  });

  it.each(['AADSTS9999999', 'AADSTS', '50105', 'AADSTS50105 ', 'xAADSTS50105', 'AADSTS5e4', '__proto__'])(
    'says nothing to the person of what is no code that we know: %j',
    (code) => expect(connect.explain?.(code)).toBeUndefined(),
  );

  it('has a meaning whatever it says', () => {
    const names = fc.constantFrom('code', 'error', 'error_description', 'error_subcode', 'state', '__proto__');
    fc.assert(
      fc.property(fc.dictionary(names, fc.string()), (query) => {
        expect(['code', 'declined', 'failed']).toContain(connect.readCallback(new URLSearchParams(query)).outcome);
      }),
    );
  });
});
