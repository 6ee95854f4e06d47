import { refreshAccess } from '../../../accounts/refresh.ts';
import { ACCESS_TOKEN_LIFE_SECONDS } from '../../../accounts/redeem.ts';
import type { Backend } from '../../../backend.ts';
import { field } from '../../request-body.ts';
import type { Grant } from '../token.ts';
import { TokenError } from '../token-error.ts';

/** `grant_type=refresh_token` ([RFC 6749 §6](https://www.rfc-editor.org/rfc/rfc6749#section-6)). The refresh token stays the same. */
export function refreshToken(deps: Pick<Backend, 'store' | 'now'>): Grant {
  return {
    grantType: 'refresh_token',
    async handle(application, fields) {
      const given = field(fields, 'refresh_token');
      if (given === undefined) throw new TokenError('invalid_request', 'refresh_token: expected');
      const isWithin = isWithinScope(field(fields, 'scope'));
      const access = await refreshAccess(deps, { refreshToken: given, applicationId: application.id, isWithin });
      if (access === undefined) throw new TokenError('invalid_grant', 'refresh_token: unknown or revoked. The person has to connect again');
      if (!access.issued) throw new TokenError('invalid_scope', 'scope: expected nothing beyond what was granted');
      return {
        token_type: 'bearer',
        access_token: access.accessToken,
        expires_in: ACCESS_TOKEN_LIFE_SECONDS,
        refresh_token: given,
        scope: access.scope,
        account_id: access.accountId,
        sub: access.accountId,
      };
    },
  };
}

function isWithinScope(asked: string | undefined): (granted: string) => boolean {
  return (granted) => {
    if (asked === undefined) return true;
    const has = new Set(granted.split(' '));
    return asked.split(' ').every((name) => name === '' || has.has(name));
  };
}
