import type { Handler } from 'hono';
import { revokeAuthorization } from '../../accounts/revoke.ts';
import type { Backend } from '../../backend.ts';
import { field, readFields } from '../request-body.ts';
import { requireClient } from './client-authentication.ts';
import { forbidCaching, TokenError } from './token-error.ts';

/**
 * `POST /oauth/token/revoke` ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)): ends the whole authorization of a token, or of the account
 * `sub`. 200 with an empty body, also for what is unknown. `refresh_token` counts as `token`, because one SDK sends only that.
 */
export function revoke(deps: Pick<Backend, 'store' | 'knownApplications' | 'limits' | 'trustedProxies' | 'work' | 'now'>): Handler {
  return async function revoke(c) {
    const fields = await readFields(c);
    const application = await requireClient(deps, c, fields);
    const sub = field(fields, 'sub');
    const token = field(fields, 'token') ?? (sub === undefined ? field(fields, 'refresh_token') : undefined);
    if (token === undefined && sub === undefined) throw new TokenError('invalid_request', 'token, sub: expected one of them');
    await revokeAuthorization(deps, { applicationId: application.id, token, sub });
    // The provider is told behind this answer: it must not keep a revocation from standing here.
    deps.work.nudge();
    forbidCaching(c);
    return c.body(null, 200);
  };
}
