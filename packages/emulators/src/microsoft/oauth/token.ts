import type { Context } from 'hono';
import { readForm } from '../../oauth/read-form.ts';
import type { MicrosoftParts } from '../parts.ts';
import { AadstsError, bodyOf, reportOf } from './aadsts.ts';
import { checkAudience, parseAuthority, type Authority } from './authority.ts';
import { authenticateClient } from './client-authentication.ts';
import type { MicrosoftClient } from './clients.ts';
import { exchangeAuthorizationCode } from './grant-authorization-code.ts';
import { grantClientCredentials } from './grant-client-credentials.ts';
import { refreshAccessToken } from './grant-refresh-token.ts';

/** What the token endpoint answers. */
export interface TokenAnswer {
  readonly token_type: 'Bearer';
  readonly scope?: string;
  readonly expires_in: number;
  readonly ext_expires_in: number;
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
}

/** What the token endpoint uses. */
export type TokenDeps = Pick<
  MicrosoftParts,
  'clients' | 'tenants' | 'people' | 'consents' | 'codes' | 'tokens' | 'keys' | 'switches' | 'issuerOrigin' | 'now'
>;

/** A request of the token endpoint whose caller is known. */
export interface TokenRequest {
  readonly form: URLSearchParams;
  readonly client: MicrosoftClient;
  readonly authority: Authority;
}

/** `POST /{tenant}/oauth2/v2.0/token`. */
export function token(deps: TokenDeps): (c: Context) => Promise<Response> {
  return async function answerToken(c) {
    c.header('Cache-Control', 'no-store, no-cache');
    c.header('Pragma', 'no-cache');
    try {
      return c.json(giveTokens(c, await readForm(c.req.raw), deps));
    } catch (error) {
      if (error instanceof AadstsError) return answerTokenError(c, error, deps);
      throw error;
    }
  };
}

/** Answers as the token endpoint does. `client-request-id` comes back as the correlation id. */
export function answerTokenError(c: Context, error: AadstsError, { now }: Pick<TokenDeps, 'now'>): Response {
  const report = reportOf(error, { nowMs: now(), correlationId: c.req.header('client-request-id') });
  const body = bodyOf(report);
  c.header('x-ms-request-id', body.trace_id);
  if (report.entry.status === 401) c.header('WWW-Authenticate', 'Bearer realm=""');
  return c.json(body, report.entry.status ?? 400);
}

/** `GET /{tenant}/oauth2/v2.0/token`, which is refused. */
export function refuseTokenByGet(deps: Pick<TokenDeps, 'now'>): (c: Context) => Response {
  return function refuseGet(c) {
    return answerTokenError(c, new AadstsError(900561, { verbs: 'POST, OPTIONS', verb: 'GET' }), deps);
  };
}

function giveTokens(c: Context, form: URLSearchParams, deps: TokenDeps): TokenAnswer {
  const authority = parseAuthority(c.req.param('tenant') ?? '', deps.tenants);
  const grantType = form.get('grant_type');
  if (grantType === null) throw new AadstsError(900144, { name: 'grant_type' });
  const origin = c.req.header('Origin');
  // "Prevents the use of client credentials in all flows in the presence of an Origin header."
  if (origin !== undefined) throw new AadstsError(9002326, { origin });
  const client = authenticateClient({ form, authorization: c.req.header('Authorization'), authority }, deps);
  checkAudience(client, authority, deps.tenants);
  const request = { form, client, authority };
  switch (grantType) {
    case 'authorization_code':
      return exchangeAuthorizationCode(request, deps);
    case 'refresh_token':
      return refreshAccessToken(request, deps);
    case 'client_credentials':
      return grantClientCredentials(request, deps);
    default:
      throw new AadstsError(70003, { grantType });
  }
}
