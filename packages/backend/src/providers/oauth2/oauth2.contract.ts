import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_ANSWERS } from '../no-answers.contract.ts';
import type {
  AuthorizationRequest,
  ConferencingService,
  Credential,
  ExchangeOutcome,
  ExchangeRequest,
  ProviderClient,
  RefreshOutcome,
} from '../provider.ts';
import { type Asked, type Script, scriptedDoor } from '../scripted-vendor.contract.ts';
import type { ServiceOptions } from './service-options.ts';

const ROOT = 'https://vendor.example';

export const CLIENT: ProviderClient = { id: 'pcl_000000000000000000000001', clientId: 'client-1', clientSecret: 'secret/very-secret+1=' };
export const NOW_MS: number = Date.parse('2026-11-21T12:00:00Z');
export const EXCHANGE: ExchangeRequest = {
  redirectUri: 'https://connect.example/connect/callback/vendor',
  mode: 'full',
  code: 'code-very-secret',
  nonce: 'nonce-1',
  codeVerifier: 'verifier-very-secret-verifier-very-secret-0',
};
const REQUEST: AuthorizationRequest = { ...EXCHANGE, state: 'state&1', loginHint: undefined, interaction: 'choose' };

/** With what one has to ask a scripted service. */
export const CREDENTIAL: Credential = {
  accessToken: 'access-very-secret',
  accessTokenExpiresAtMs: NOW_MS + 3_600_000,
  refreshToken: 'refresh-very-secret',
  grantedScopes: [],
  endsAtMs: undefined,
};

/** A service that answers by path what a test wrote. */
export interface ScriptedService {
  readonly service: ConferencingService;
  readonly asked: Asked[];
}

/** A vendor that speaks plain OAuth 2.0, with good answers of its own making. */
export interface ScriptedVendor<E extends object> {
  readonly make: (options: ServiceOptions<E>) => ConferencingService;
  /** Addresses below `https://vendor.example`. */
  readonly endpoints: E;
  readonly tokenPath: string;
  readonly identityPath: string;
  /** As the vendor's documentation has it, access token `access-very-secret` and refresh token `refresh-very-secret`. */
  readonly tokenAnswer: object;
  readonly identityAnswer: object;
}

export { ROOT };
export type { Asked, Script };

/** Makes one, behind a real door of ours. */
export function scriptedService<E extends object>(vendor: ScriptedVendor<E>, script: Record<string, Script> = {}): ScriptedService {
  const answers: Record<string, Script> = {
    [vendor.tokenPath]: () => Response.json(vendor.tokenAnswer),
    [vendor.identityPath]: () => Response.json(vendor.identityAnswer),
    ...script,
  };
  const { outbound, asked } = scriptedDoor({ root: ROOT, script: answers, timeoutMs: 300 });
  const { clientId, clientSecret } = CLIENT;
  return { service: vendor.make({ clientId, clientSecret, endpoints: vendor.endpoints, outbound, now: () => NOW_MS }), asked };
}

/** Fails where a secret of these fixtures has come through. */
function holdsNoSecret(outcome: unknown): boolean {
  return !/very-sec|jane@/.test(JSON.stringify(outcome));
}

/** What every such vendor's part has to make of answers, good and bad. */
export function oauth2Tests<E extends object>(title: string, vendor: ScriptedVendor<E>): void {
  const connectTo = (script: Record<string, Script> = {}) => scriptedService(vendor, script).service.connect();
  const exchangeWith = async (script: Record<string, Script>): Promise<ExchangeOutcome> =>
    (await connectTo(script)).exchange(CLIENT, EXCHANGE);
  const refreshWith = async (token: Script): Promise<RefreshOutcome> =>
    (await connectTo({ [vendor.tokenPath]: token })).refresh(CLIENT, CREDENTIAL);
  const refusal =
    (error: string, status = 400): Script =>
    () =>
      Response.json({ error, error_description: 'about jane@example.com' }, { status });

  describe(`the authorization URL of ${title}`, () => {
    it('has state and an S256 challenge, and neither secret nor verifier', async () => {
      const url = (await connectTo()).authorizationUrl(CLIENT, REQUEST);
      expect(Object.fromEntries(url.searchParams)).toMatchObject({
        response_type: 'code',
        client_id: CLIENT.clientId,
        redirect_uri: REQUEST.redirectUri,
        state: 'state&1',
        code_challenge: createHash('sha256').update(REQUEST.codeVerifier).digest('base64url'),
        code_challenge_method: 'S256',
      });
      expect(holdsNoSecret(url.href)).toBe(true);
    });
  });

  describe(`the callback of ${title}`, () => {
    const read = async (query: string) => (await connectTo()).readCallback(new URLSearchParams(query));

    it('brings a code, or says that the person declined', async () => {
      expect(await read('code=4%2Fabc&state=s&more=1')).toEqual({ outcome: 'code', code: '4/abc' });
      expect(await read('error=access_denied&state=s')).toEqual({ outcome: 'declined' });
    });

    it.each([
      ['error=invalid_client', 'provider_misconfigured'],
      ['error=invalid_scope', 'provider_misconfigured'],
      ['error=invalid_request', 'provider_misconfigured'],
      ['error=server_error', 'provider_unavailable'],
      ['error=something_new', 'provider_refused'],
      ['error=', 'provider_refused'],
      ['error=access_denied&code=1', 'provider_refused'],
      ['error=access_denied&error=access_denied', 'provider_refused'],
      ['code=1&code=2', 'provider_refused'],
      ['code=', 'provider_refused'],
      [`code=${'x'.repeat(4097)}`, 'provider_refused'],
      ['state=s', 'provider_refused'],
    ])('fails for %s', async (query, reason) => {
      expect(await read(query)).toMatchObject({ outcome: 'failed', reason });
    });

    it('puts no foreign text into what the operator reads', async () => {
      const query = new URLSearchParams({ error: 'x\nlevel=fatal jane@example.com <script>' });
      expect(JSON.stringify(await read(query.toString()))).not.toMatch(/\\n|@|</);
    });
  });

  describe(`an exchange at ${title}`, () => {
    it('sends code and verifier once, and takes the identity for what the vendor says of the token', async () => {
      const scripted = scriptedService(vendor);
      const outcome = await (await scripted.service.connect()).exchange(CLIENT, EXCHANGE);
      expect(outcome).toMatchObject({
        outcome: 'connected',
        identity: { email: 'jane@example.com', name: 'jane@example.com' },
        credential: { accessToken: CREDENTIAL.accessToken, refreshToken: CREDENTIAL.refreshToken, endsAtMs: undefined },
      });
      if (outcome.outcome === 'connected') expect(outcome.credential.accessTokenExpiresAtMs).toBeGreaterThan(NOW_MS);
      expect(scripted.asked.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
        `POST ${vendor.tokenPath}`,
        `GET ${vendor.identityPath}`,
      ]);
      const [token, identity] = scripted.asked;
      expect(token?.form).toMatchObject({
        grant_type: 'authorization_code',
        code: EXCHANGE.code,
        redirect_uri: EXCHANGE.redirectUri,
        code_verifier: EXCHANGE.codeVerifier,
      });
      const basic = `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}`;
      expect([token?.headers.get('authorization'), token?.form['client_secret']]).toContain(
        token?.headers.has('authorization') === true ? basic : CLIENT.clientSecret,
      );
      expect(identity?.headers.get('authorization')).toBe(`Bearer ${CREDENTIAL.accessToken}`);
    });

    it.each([
      ['invalid_grant', 400, 'provider_refused'],
      ['invalid_client', 401, 'provider_misconfigured'],
      ['something_new', 400, 'provider_refused'],
    ])('refused with %s (%d) is %s', async (error, status, reason) => {
      const outcome = await exchangeWith({ [vendor.tokenPath]: refusal(error, status) });
      expect(outcome).toMatchObject({ outcome: 'failed', reason });
      expect(holdsNoSecret(outcome)).toBe(true);
    });

    it.each(Object.entries(NO_ANSWERS))('connects nobody by %s', async (_, answer) => {
      for (const path of [vendor.tokenPath, vendor.identityPath]) {
        const outcome = await exchangeWith({ [path]: answer });
        expect(outcome).toMatchObject({ outcome: 'failed', reason: 'provider_unavailable' });
        expect(holdsNoSecret(outcome)).toBe(true);
      }
    });

    it('connects nobody without a refresh token, or whom the vendor does not name', async () => {
      const { refresh_token: _, ...without } = vendor.tokenAnswer as Record<string, unknown>;
      expect(await exchangeWith({ [vendor.tokenPath]: () => Response.json(without) })).toMatchObject({ reason: 'no_refresh_token' });
      const forbidden: Script = () => Response.json({ code: 4711, message: 'no' }, { status: 403 });
      expect(await exchangeWith({ [vendor.identityPath]: forbidden })).toMatchObject({ reason: 'identity_unverified' });
    });

    it('says which scopes are missing, with what to give back', async () => {
      const narrow: Script = () => Response.json({ ...vendor.tokenAnswer, scope: 'other:thing' });
      const outcome = await exchangeWith({ [vendor.tokenPath]: narrow });
      const missing = scriptedService(vendor).service.modes.full?.scopes;
      expect(outcome).toMatchObject({ outcome: 'scopes_missing', missing, credential: { refreshToken: CREDENTIAL.refreshToken } });
    });
  });

  describe(`a refresh at ${title}`, () => {
    it('gives a new access token, and the refresh token that takes the place of the old where one comes', async () => {
      const rotated = { access_token: 'new-very-secret', refresh_token: 'rotated-very-secret', expires_in: 3599, token_type: 'bearer' };
      expect(await refreshWith(() => Response.json(rotated))).toEqual({
        outcome: 'refreshed',
        credential: {
          ...CREDENTIAL,
          accessToken: 'new-very-secret',
          refreshToken: 'rotated-very-secret',
          accessTokenExpiresAtMs: NOW_MS + 3_599_000,
        },
      });
      expect(await refreshWith(() => Response.json({ access_token: 'new-very-secret', expires_in: 3599 }))).toMatchObject({
        credential: { refreshToken: CREDENTIAL.refreshToken },
      });
    });

    it('tells the operator of a client that is not accepted, and disconnects nobody', async () => {
      for (const status of [400, 401]) {
        const outcome = await refreshWith(refusal('invalid_client', status));
        expect(outcome).toMatchObject({ outcome: 'unavailable', needsOperator: true });
        expect(holdsNoSecret(outcome)).toBe(true);
      }
    });

    it.each(Object.entries(NO_ANSWERS))('disconnects nobody for %s', async (_, answer) => {
      const outcome = await refreshWith(answer);
      expect(outcome.outcome).toBe('unavailable');
      expect(holdsNoSecret(outcome)).toBe(true);
    });

    it('is final for nothing but an `invalid_grant` that is a refusal', async () => {
      const error = fc.oneof(fc.string(), fc.constantFrom('invalid_grant', 'access_denied', 'invalid_client', 'invalid_request'));
      await fc.assert(
        fc.asyncProperty(error, fc.constantFrom(200, 400, 401, 403, 404, 429, 500, 503), async (name, status) => {
          const outcome = await refreshWith(() => Response.json({ error: name }, { status }));
          expect(outcome.outcome === 'rejected').toBe(name === 'invalid_grant' && [400, 401, 403, 404].includes(status));
        }),
        { numRuns: 50 },
      );
    });

    it('passes on that it shall wait', async () => {
      const answer = () => new Response('', { status: 429, headers: { 'retry-after': '30' } });
      expect(await refreshWith(answer)).toMatchObject({ outcome: 'unavailable', retryAfterMs: 30_000 });
    });
  });
}
