import { verifierMatches } from '../../oauth/pkce.ts';
import { AadstsError } from './aadsts.ts';
import { appValues } from './authorization-request.ts';
import type { CodeContents } from './codes.ts';
import { issueTokens } from './issue-tokens.ts';
import type { TokenAnswer, TokenDeps, TokenRequest } from './token.ts';

/**
 * Exchanges a code for tokens.
 * @throws AadstsError as Microsoft refuses.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#redeem-a-code-for-an-access-token}
 */
export function exchangeAuthorizationCode(request: TokenRequest, deps: TokenDeps): TokenAnswer {
  const { form, client, authority } = request;
  const code = required(form, 'code');
  const redirectUri = required(form, 'redirect_uri');
  const found = deps.codes.find(code);
  if (found === undefined) throw new AadstsError(9002313);
  const { contents, state } = found;
  if (contents.authorityKey !== authority.key) throw new AadstsError(700005);
  if (contents.clientId !== client.clientId) throw new AadstsError(70000);
  if (state === 'redeemed') throw new AadstsError(54005);
  if (state === 'expired') throw new AadstsError(70008);
  if (redirectUri !== contents.redirectUri) throw new AadstsError(500112, { redirectUri, expected: contents.redirectUri });
  checkVerifier(form.get('code_verifier'), contents);
  const user = deps.people.find(contents.email);
  const principal = user === undefined ? undefined : deps.people.principalIn(user, contents.tenantId);
  if (user === undefined || principal === undefined) throw new AadstsError(50034, appValues(client));
  const { tokenError } = deps.switches.forUser(user.email);
  if (tokenError !== undefined) throw new AadstsError(tokenError, appValues(client));
  const answer = issueTokens(request, { ...contents, principal, resource: undefined }, deps);
  deps.codes.redeem(code);
  return answer;
}

/** Returns a parameter that a request must have. @throws AadstsError 900144 */
export function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') throw new AadstsError(900144, { name });
  return value;
}

/** A verifier without a challenge is refused as one that does not match; what Microsoft says of it is not documented. */
function checkVerifier(verifier: string | null, { challenge }: CodeContents): void {
  if (challenge === undefined && verifier === null) return;
  if (challenge === undefined || verifier === null || !verifierMatches(verifier, challenge)) throw new AadstsError(501481);
}
