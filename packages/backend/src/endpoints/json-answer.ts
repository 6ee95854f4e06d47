import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Answers with JSON. The charset is stated because partner SDKs were written against answers that state it. */
export function answerJson(c: Context, body: object, status: ContentfulStatusCode = 200): Response {
  return c.body(JSON.stringify(body), status, { 'Content-Type': 'application/json; charset=utf-8' });
}

const PRIVATE_JSON = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const;

/**
 * Answers a partner's server with JSON that nobody may keep ([RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).
 *
 * By a `Response` of its own: headers that are set on the context become a `Headers`, which costs 1 µs of 40. So what was set there before is
 * not in this answer.
 */
export function answerPrivateJson(body: object): Response {
  return new Response(JSON.stringify(body), { headers: PRIVATE_JSON });
}
