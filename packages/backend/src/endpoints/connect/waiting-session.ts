import type { Context } from 'hono';
import type { Backend } from '../../backend.ts';
import type { Session } from '../../storage/session-row.ts';
import { isSameBrowser } from '../browser-cookie.ts';

/** The session of a waiting page, where this browser goes through it. */
export async function ownSession(deps: Pick<Backend, 'store' | 'publicUrl'>, c: Context): Promise<Session | undefined> {
  c.header('Cache-Control', 'no-store');
  const session = await deps.store.findSession(c.req.param('id') ?? '');
  return session !== undefined && isSameBrowser(c, deps.publicUrl, session) ? session : undefined;
}

/** The address of the page on which a person waits. */
export function waitingAddress(deps: Pick<Backend, 'publicUrl'>, session: Pick<Session, 'id'>): string {
  return deps.publicUrl.at(`/connect/waiting/${session.id}`);
}
