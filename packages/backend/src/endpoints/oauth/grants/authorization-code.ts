import { ACCESS_TOKEN_LIFE_SECONDS, redeemForTokens } from '../../../accounts/redeem.ts';
import type { Backend } from '../../../backend.ts';
import { field } from '../../request-body.ts';
import type { Grant } from '../token.ts';
import { TokenError } from '../token-error.ts';

/**
 * `grant_type=authorization_code`: for the code of any door, and for receipts
 * ([RFC 6749 §4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3), [RFC 7636 §4.5](https://www.rfc-editor.org/rfc/rfc7636#section-4.5)).
 * A `refresh_token` that one SDK adds to every request is ignored.
 */
export function authorizationCode(deps: Pick<Backend, 'store' | 'vault' | 'work' | 'now'>): Grant {
  return {
    grantType: 'authorization_code',
    async handle(application, fields) {
      const code = field(fields, 'code');
      if (code === undefined) throw new TokenError('invalid_request', 'code: expected');
      const tokens = await redeemForTokens(deps, {
        code,
        applicationId: application.id,
        codeVerifier: field(fields, 'code_verifier'),
        redirectUri: statedRedirectUri(fields),
      });
      if (tokens === undefined) {
        throw new TokenError(
          'invalid_grant',
          'code: unknown, expired or already used, or redirect_uri or code_verifier are not those it was made for',
        );
      }
      return {
        token_type: 'bearer',
        access_token: tokens.accessToken,
        expires_in: ACCESS_TOKEN_LIFE_SECONDS,
        refresh_token: tokens.refreshToken,
        scope: tokens.scope,
        account_id: tokens.accountId,
        sub: tokens.accountId,
        linking_profile: {
          provider_name: tokens.profile.providerName,
          provider_service: tokens.profile.providerService,
          profile_id: tokens.profile.id,
          profile_name: tokens.profile.name,
        },
      };
    },
  };
}

/** `callback_url` is the other name of `redirect_uri` that the partner API knows; either may be used for either kind of code. */
function statedRedirectUri(fields: ReadonlyMap<string, string>): string | undefined {
  const redirectUri = field(fields, 'redirect_uri');
  const callbackUrl = field(fields, 'callback_url');
  if (redirectUri !== undefined && callbackUrl !== undefined && redirectUri !== callbackUrl) {
    throw new TokenError('invalid_request', 'redirect_uri, callback_url: expected one of them, or both alike');
  }
  return redirectUri ?? callbackUrl;
}
