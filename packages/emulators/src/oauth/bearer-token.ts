import type { Context } from 'hono';

/** Returns the token of an `Authorization: Bearer` header. @see [RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1) */
export function bearerToken(c: Context): string | undefined {
  return /^Bearer (.+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
}
