import type { Context } from 'hono';
import type { Account } from '../serving/accounts.ts';
import type { ServiceParts } from '../serving/service-parts.ts';
import { bearerToken } from './bearer-token.ts';

/** Who calls an API, and what the token lets the app do. */
export interface ServiceCaller {
  readonly account: Account;
  readonly scopes: readonly string[];
}

/** What handlers of an API find in their context. */
export interface ServiceEnv {
  Variables: { caller: ServiceCaller };
}

/** What the token of a request turned out to be. */
export type CheckedCaller = { readonly state: 'live'; readonly caller: ServiceCaller } | { readonly state: 'none' | 'unknown' | 'expired' };

/** Looks at the access token of a request. */
export function callerOf(c: Context, { tokens, accounts }: Pick<ServiceParts, 'tokens' | 'accounts'>): CheckedCaller {
  const token = bearerToken(c);
  if (token === undefined) return { state: 'none' };
  const found = tokens.findAccessToken(token);
  const account = accounts.find(found?.email ?? '');
  if (found === undefined || account === undefined) return { state: 'unknown' };
  return found.isLive ? { state: 'live', caller: { account, scopes: found.scopes } } : { state: 'expired' };
}
