import type { Context } from 'hono';
import type { Backend } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { ConnectError } from '../../connect/connect-error.ts';
import { hasMode, NO_PROVIDER } from '../../connect/offer.ts';
import { stateOf } from '../../connect/session-status.ts';
import { staleFormPage } from '../../pages/end-page.ts';
import { onwardPage } from '../../pages/onward-page.ts';
import { answerPage } from '../../pages/page.ts';
import type { Application } from '../../storage/questions/applications.ts';
import type { Session } from '../../storage/session-row.ts';
import { hashSecret, newSecret } from '../../vault/secrets.ts';
import { field } from '../request-body.ts';
import { ownSession } from './waiting-session.ts';

/** What the pages need on which somebody proves an address. */
export type ProvingDeps = Pick<
  Backend,
  'store' | 'vault' | 'changes' | 'work' | 'limits' | 'mailer' | 'trustedProxies' | 'publicUrl' | 'now'
>;

/** A session in which an address is being proven, in the browser that goes through it. */
export interface Proving {
  readonly session: Session;
  readonly application: Application;
}

/**
 * The session of a page on which an address is proven; or the answer instead of that page, where it is another browser's or over.
 *
 * @throws ConnectError `provider_not_offered` where the application does without the mode from now on, or the backend without mail
 */
export async function provingSession(deps: ProvingDeps, c: Context): Promise<Proving | Response> {
  const session = await ownSession(deps, c);
  if (session === undefined) return answerPage(c, staleFormPage());
  const application = await applicationOf(deps, session);
  if (stateOf(session, deps.now()) !== 'needs_credentials') return leave(deps, c, { session, application });
  // It waits for a password, on another page.
  if (session.provider !== NO_PROVIDER) return answerPage(c, staleFormPage());
  if (!hasMode(deps, application, 'no_access')) {
    throw new ConnectError('provider_not_offered', `${application.name} no longer offers to go on without calendar access.`);
  }
  return { session, application };
}

/** Leads on to the relay, which ends the popup or goes back to the partner; the latter must not be the answer to a form: see `onwardPage`. */
export async function leave(deps: Pick<Backend, 'publicUrl'>, c: Context, { session, application }: Proving): Promise<Response> {
  const to = deps.publicUrl.at(`/connect/relay/${session.id}`);
  return session.door === 'poll' ? c.redirect(to, 303) : answerPage(c, onwardPage({ to, name: application.name }));
}

/** Ends the session because the person does not want to go on. */
export async function decline(deps: ProvingDeps, c: Context, proving: Proving): Promise<Response> {
  await deps.store.endSession({ id: proving.session.id, state: 'declined', nowMs: deps.now() });
  deps.changes.announce(proving.session.id);
  return leave(deps, c, proving);
}

/** Makes the one-time ticket of the page that is about to be shown. The page that was shown before cannot be sent any longer. */
export async function newTicket(deps: ProvingDeps, { session }: Proving): Promise<string> {
  const ticket = newSecret();
  const ticketHash = hashSecret(ticket);
  await deps.store.rememberProofPage({ sessionId: session.id, browserHash: session.browserHash ?? '', ticketHash });
  return ticket;
}

/** Takes the ticket that a form brings; `false`: it was sent before, or another page was shown meanwhile. */
export async function takesTicket(deps: ProvingDeps, { session }: Proving, fields: ReadonlyMap<string, string>): Promise<boolean> {
  const ticket = field(fields, 'ticket');
  return ticket !== undefined && (await deps.store.takeTicket({ id: session.id, ticketHash: hashSecret(ticket) })) !== undefined;
}

/** A browser that asks what is here, or guesses that the person will come here, must not make the page's ticket worthless. */
export function isOnlyLooking(c: Context): boolean {
  return c.req.method === 'HEAD' || /prefetch|prerender/.test(c.req.header('sec-purpose') ?? '');
}

/** Where a person types their address. */
export function addressFormAddress(deps: Pick<Backend, 'publicUrl'>, session: Pick<Session, 'id'>): string {
  return deps.publicUrl.at(`/connect/address/${session.id}`);
}

/** Where a person types the code. */
export function codeFormAddress(deps: Pick<Backend, 'publicUrl'>, session: Pick<Session, 'id'>): string {
  return `${addressFormAddress(deps, session)}/code`;
}
