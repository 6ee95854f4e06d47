import type { MiddlewareHandler } from 'hono';
import type { Backend } from '../backend.ts';
import { isLoopbackHost } from '../loopback-host.ts';

/**
 * A year. Not `includeSubDomains`: the hosts below ours are not ours to speak for, above all where the backend is mounted in somebody's
 * own site. Not `preload`, for the same reason.
 */
const HSTS = 'max-age=31536000';

/**
 * Tells browsers to come by https only, on every answer, where the public URL is https. Not for names of this computer: every other
 * program at `localhost` would be cut off with ours; `undefined` there.
 *
 * @see [RFC 6797 §7.1](https://www.rfc-editor.org/rfc/rfc6797#section-7.1)
 */
export function strictTransportSecurity({ publicUrl }: Pick<Backend, 'publicUrl'>): MiddlewareHandler | undefined {
  const { protocol, hostname } = new URL(publicUrl.issuer);
  if (protocol !== 'https:' || isLoopbackHost(hostname)) return undefined;
  return async function strictTransportSecurity(c, next) {
    await next();
    c.res.headers.set('Strict-Transport-Security', HSTS);
  };
}
