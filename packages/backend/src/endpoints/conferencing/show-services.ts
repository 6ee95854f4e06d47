import type { Context, Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { stateOf } from '../../connect/session-status.ts';
import { conferencingLinkOverPage } from '../../pages/conferencing-end-pages.ts';
import { answerPage } from '../../pages/page.ts';
import type { Session } from '../../storage/session-row.ts';
import { hashSecret, newSecret } from '../../vault/secrets.ts';
import { isSameBrowser, tieToBrowser } from '../browser-cookie.ts';
import { askPerson, conferencingSession } from './conferencing-session.ts';

type Deps = Pick<Backend, 'store' | 'conferencing' | 'changes' | 'publicUrl' | 'now'>;

/**
 * `GET /conferencing_services/{id}`: where an application sends the person of an account to connect a conferencing service.
 *
 * Its ticket opens it once and ties it to that browser, and leaves the address bar by a redirect. Whoever got the link from somebody else would
 * connect their own login to that person's account, so nothing goes on before they have read whose account it is and clicked.
 */
export function showServices(deps: Deps): Handler {
  return async function showServices(c) {
    c.header('Cache-Control', 'no-store');
    c.header('Referrer-Policy', 'no-referrer');
    // Asking what is here, or guessing that the person will come here, must not use the ticket up.
    if (/prefetch|prerender/.test(c.req.header('sec-purpose') ?? '')) return c.body(null, 503);
    if (c.req.method === 'HEAD') return c.body(null, 200);
    const session = await conferencingSession(deps, c);
    if (session === undefined) return answerPage(c, conferencingLinkOverPage());
    const here = deps.publicUrl.at(`/conferencing_services/${session.id}`);
    if (isSameBrowser(c, deps.publicUrl, session)) {
      if (c.req.query('ticket') !== undefined) return c.redirect(here, 302);
      return isChoosing(session, deps.now()) ? askPerson(deps, c, { session }) : c.redirect(`${here}/end`, 302);
    }
    if (!(await takeOver(deps, c, session))) return answerPage(c, conferencingLinkOverPage());
    return c.redirect(here, 302);
  };
}

function isChoosing(session: Session, nowMs: number): boolean {
  const state = stateOf(session, nowMs);
  // Back from the service by the browser's button, the person may choose anew; what is being settled has to be waited for.
  return state === 'created' || (state === 'at_provider' && session.arrivedAtMs === undefined);
}

/** Ties the session to this browser, for its ticket. Answers whether it is the first that came with it, and in time. */
async function takeOver(deps: Deps, c: Context, session: Session): Promise<boolean> {
  const ticket = c.req.query('ticket');
  if (ticket === undefined || session.browserHash !== undefined || stateOf(session, deps.now()) !== 'created') return false;
  const taken = await deps.store.takeTicket({ id: session.id, ticketHash: hashSecret(ticket) });
  if (taken === undefined) return false;
  const browserHash = tieToBrowser(c, deps.publicUrl, session.id);
  // The page that comes next makes a ticket of its own.
  await deps.store.rememberPage({ id: session.id, browserHash, ticketHash: hashSecret(newSecret()) });
  return true;
}
