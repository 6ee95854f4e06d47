import type { Context } from 'hono';
import type { ServiceParts } from '../serving/service-parts.ts';
import type { ClientCredentials } from './basic-credentials.ts';
import { redeemCode, TokenRefused, type TokenRefusal } from './redeem.ts';
import type { RegisteredClient } from './registered-clients.ts';
import type { RefreshRule, TokenGrant, TokenPair } from './token-pairs.ts';

/** What a service's token endpoint does in its own way. */
export interface TokenWays {
  /** Reads the parameters. */
  readonly read: (c: Context) => Promise<URLSearchParams>;
  readonly credentials: (c: Context, form: URLSearchParams) => ClientCredentials | undefined;
  /** What refreshing does to this person's refresh token. */
  readonly refreshRule: (email: string) => RefreshRule;
  /** Is told before a code's tokens are made. */
  readonly beforeIssue?: (grant: TokenGrant) => void;
  readonly answer: (c: Context, pair: TokenPair, by: 'code' | 'refresh') => Response;
  readonly refuse: (c: Context, refusal: TokenRefusal) => Response;
}

type TokenDeps = Pick<ServiceParts, 'clients' | 'codes' | 'tokens' | 'switches'>;

/** The token endpoint of a conferencing service: codes and refresh tokens, for clients with a secret. */
export function serviceToken(deps: TokenDeps, ways: TokenWays): (c: Context) => Promise<Response> {
  return async function answerToken(c) {
    c.header('Cache-Control', 'no-store');
    const form = await ways.read(c);
    try {
      const { pair, by } = giveTokens(form, clientOf(ways.credentials(c, form), deps), { deps, ways });
      return ways.answer(c, pair, by);
    } catch (error) {
      if (error instanceof TokenRefused) return ways.refuse(c, error.refusal);
      throw error;
    }
  };
}

/** Finds the client. @throws TokenRefused for none, an unknown one, or another secret. */
export function clientOf(credentials: ClientCredentials | undefined, { clients }: Pick<ServiceParts, 'clients'>): RegisteredClient {
  const client = credentials === undefined ? undefined : clients.authenticate(credentials.clientId, credentials.clientSecret);
  if (client === undefined) throw new TokenRefused('bad_client');
  return client;
}

function giveTokens(
  form: URLSearchParams,
  client: RegisteredClient,
  { deps, ways }: { deps: TokenDeps; ways: TokenWays },
): { pair: TokenPair; by: 'code' | 'refresh' } {
  switch (form.get('grant_type')) {
    case null:
      throw new TokenRefused('missing_grant_type');
    case 'authorization_code': {
      const { clientId, email, scopes } = redeemCode(form, client, deps.codes);
      ways.beforeIssue?.({ clientId, email, scopes });
      return { pair: deps.tokens.issue({ clientId, email, scopes }), by: 'code' };
    }
    case 'refresh_token':
      return { pair: refresh(form, client, { deps, ways }), by: 'refresh' };
    default:
      throw new TokenRefused('unknown_grant_type');
  }
}

function refresh(form: URLSearchParams, client: RegisteredClient, { deps, ways }: { deps: TokenDeps; ways: TokenWays }): TokenPair {
  const token = form.get('refresh_token');
  if (token === null) throw new TokenRefused('missing_parameter');
  const email = deps.tokens.findRefreshToken(token)?.email;
  if (email === undefined || deps.switches.forUser(email).denyRefresh) throw new TokenRefused('bad_refresh_token');
  const pair = deps.tokens.refresh(token, client.clientId, ways.refreshRule(email));
  if (pair === undefined) throw new TokenRefused('bad_refresh_token');
  return pair;
}
