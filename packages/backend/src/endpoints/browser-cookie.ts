import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { PublicUrl } from '../public-url.ts';
import type { Session } from '../storage/session-row.ts';
import { equalHash, hashSecret, newSecret } from '../vault/secrets.ts';

const LIFE_SECONDS = 3600;

/**
 * Gives the browser a cookie for this session, and answers with its hash.
 *
 * A new one each time: on the cross-site form that opens a popup the browser holds back the one it has, so that its absence means nothing.
 */
export function tieToBrowser(c: Context, publicUrl: PublicUrl, sessionId: string): string {
  const value = newSecret();
  const { name, options } = publicUrl.sessionCookie(sessionId);
  setCookie(c, name, value, { ...options, maxAge: LIFE_SECONDS });
  return hashSecret(value);
}

/** Lets the cookie of a session live longer, in the browser that has it. */
export function keepTied(c: Context, publicUrl: PublicUrl, { id, lifeSeconds }: { id: string; lifeSeconds: number }): void {
  const { name, options } = publicUrl.sessionCookie(id);
  const value = getCookie(c, name);
  if (value !== undefined) setCookie(c, name, value, { ...options, maxAge: lifeSeconds });
}

/** Tells whether this is the browser that goes through the session. */
export function isSameBrowser(c: Context, publicUrl: PublicUrl, session: Pick<Session, 'id' | 'browserHash'>): boolean {
  const value = getCookie(c, publicUrl.sessionCookie(session.id).name);
  return value !== undefined && session.browserHash !== undefined && equalHash(session.browserHash, hashSecret(value));
}
