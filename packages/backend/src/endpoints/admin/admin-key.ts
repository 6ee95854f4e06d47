import type { Context, MiddlewareHandler } from 'hono';
import type { Backend } from '../../backend.ts';
import { RateLimited } from '../../limits/rate-limited.ts';
import { ID_PREFIX } from '../../vault/issued-token.ts';
import { equalHash, hashSecret, newId } from '../../vault/secrets.ts';
import { clientKey } from '../client-address.ts';

type Deps = Pick<Backend, 'store' | 'limits' | 'trustedProxies' | 'now'> & { readonly adminKeyHash: string };

/** Any visible characters: unlike our own tokens, the operator chose this one. */
const BEARER = /^bearer ([\x21-\x7e]+)$/i;

/** In the place of an application's id: wrong keys count together. */
const ADMIN = 'admin';

/**
 * Lets pass who shows the admin key as `Authorization: Bearer`. No answer has CORS headers: the key belongs on a server.
 *
 * Wrong ones are limited as wrong client secrets are: from an address with too many they are not even looked at any longer, unless the right
 * one came from it within a day, and no more of them are written into the audit trail.
 */
export function requireAdminKey(deps: Deps): MiddlewareHandler {
  return async function requireAdminKey(c, next) {
    const key = BEARER.exec(c.req.header('authorization') ?? '')?.[1];
    if (key === undefined) return unauthorized(c, 'Bearer');
    const attempt = { applicationId: ADMIN, address: clientKey(deps, c) };
    const waitMs = deps.limits.adminKeys.waitMs(attempt);
    if (waitMs > 0) throw new RateLimited(waitMs);
    if (!equalHash(hashSecret(key), deps.adminKeyHash)) {
      const limitedMs = deps.limits.adminKeys.failed({ ...attempt, isKnownApplication: true });
      if (limitedMs > 0) throw new RateLimited(limitedMs);
      await deps.store.recordAudit({ id: newId(ID_PREFIX.auditEvent, deps.now()), event: 'admin_key_wrong', detail: attempt.address });
      return unauthorized(c, 'Bearer error="invalid_token"');
    }
    deps.limits.adminKeys.succeeded(attempt);
    await next();
    return undefined;
  };
}

/** 401 with an empty body ([RFC 6750 §3](https://www.rfc-editor.org/rfc/rfc6750#section-3)). */
function unauthorized(c: Context, challenge: string): Response {
  c.header('WWW-Authenticate', challenge);
  c.header('Cache-Control', 'no-store');
  return c.body(null, 401);
}
