import { homePrincipal, type MicrosoftUser } from '../directory/people.ts';
import { AadstsError } from './aadsts.ts';
import { principalAt } from './authority.ts';
import { appValues } from './authorization-request.ts';
import { required } from './grant-authorization-code.ts';
import { issueTokens } from './issue-tokens.ts';
import type { TokenAnswer, TokenDeps, TokenRequest } from './token.ts';
import type { RefreshToken } from './tokens.ts';

/**
 * Gives new tokens for a refresh token. "Refresh tokens replace themselves with a fresh token upon every use. The Microsoft identity
 * platform doesn't revoke old refresh tokens when used to fetch new access tokens."
 * @throws AadstsError as Microsoft refuses.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/refresh-tokens}
 */
export function refreshAccessToken(request: TokenRequest, deps: TokenDeps): TokenAnswer {
  const { form, client, authority } = request;
  const found = deps.tokens.findRefreshToken(required(form, 'refresh_token'));
  if (found === undefined) throw new AadstsError(9002313);
  if (found.clientId !== client.clientId) throw new AadstsError(70000);
  const user = deps.people.find(found.email);
  if (user === undefined) throw new AadstsError(50034, appValues(client));
  checkIsLive(found, user);
  const { tokenError } = deps.switches.forUser(user.email);
  const issued = iso(found.issuedMs);
  if (tokenError !== undefined) throw new AadstsError(tokenError, { ...appValues(client), issued });
  const tenant = deps.tenants.find(found.tenantId);
  if (tenant?.disabledClients.has(client.clientId) === true) throw new AadstsError(7000112, appValues(client));
  // At common or organizations a token stays with the organisation that issued it; at a tenant's own address it changes to that one.
  const home = authority.kind === 'tenant' ? principalAt(user, authority, { people: deps.people, client }) : homeOf(user, found, deps);
  if (authority.kind !== 'tenant') principalAt(user, authority, { people: deps.people, client });
  return issueTokens(request, { ...found, principal: home, nonce: undefined }, deps);
}

function homeOf(user: MicrosoftUser, { tenantId }: RefreshToken, { people }: Pick<TokenDeps, 'people'>): ReturnType<typeof homePrincipal> {
  return people.principalIn(user, tenantId) ?? homePrincipal(user);
}

function checkIsLive(token: RefreshToken, user: MicrosoftUser): void {
  const issued = iso(token.issuedMs);
  if (token.isExpired) throw new AadstsError(700082, { issued });
  if (token.issuedMs < user.sessionsValidFromMs) throw new AadstsError(50173, { issued, validFrom: iso(user.sessionsValidFromMs) });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
