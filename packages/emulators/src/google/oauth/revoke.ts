import type { Context } from 'hono';
import type { GoogleParts } from '../parts.ts';
import { readForm } from '../../oauth/read-form.ts';

/**
 * `POST /revoke`, at Google `https://oauth2.googleapis.com/revoke`. Takes an access or a refresh token, in the query or in a form,
 * and ends everything the project holds of that person.
 * @see {@link https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke}
 */
export function revoke({ grants }: Pick<GoogleParts, 'grants'>): (c: Context) => Promise<Response> {
  return async function answerRevoke(c) {
    const token = c.req.query('token') ?? (await readForm(c.req.raw)).get('token');
    if (token === null) return c.json({ error: 'invalid_request', error_description: 'Missing required parameter: token' }, 400);
    if (!grants.revoke(token)) return c.json({ error: 'invalid_token', error_description: 'Token expired or revoked' }, 400);
    return c.json({});
  };
}
