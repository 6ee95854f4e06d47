import type { Context } from 'hono';
import { CalendarRefusal } from '../../calendars/calendar-refusal.ts';
import { BodyError, readJson } from '../request-body.ts';

/**
 * The object that a call brings along. SDKs send `{}`, `[]` or nothing where there is nothing to say, and whatever content type with that.
 *
 * @throws BodyError 413 too large, 415 of another content type
 * @throws CalendarRefusal 422 for what is no JSON object: 400 is the token endpoint's alone
 */
export async function readJsonObject(c: Context): Promise<Readonly<Record<string, unknown>>> {
  if (c.req.header('content-type') === undefined && isWithoutBody(c)) return {};
  const body = await readJson(c).catch((error: unknown) => {
    if (error instanceof BodyError && error.status === 400) throw malformed();
    throw error;
  });
  if (Array.isArray(body) && body.length === 0) return {};
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw malformed();
  return body as Record<string, unknown>;
}

function isWithoutBody(c: Context): boolean {
  return c.req.raw.body === null || c.req.header('content-length') === '0';
}

function malformed(): CalendarRefusal {
  return new CalendarRefusal({
    reason: 'invalid',
    errors: { body: [{ key: 'errors.malformed', description: 'the body must be a JSON object' }] },
  });
}
