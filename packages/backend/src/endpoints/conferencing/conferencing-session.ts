import type { Context } from 'hono';
import type { Backend, ConfiguredConferencing } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { withResponseParameters } from '../../oauth/addresses.ts';
import { conferencingNotWantedPage } from '../../pages/conferencing-end-pages.ts';
import { conferencingServicesPage } from '../../pages/conferencing-services-page.ts';
import { answerPage } from '../../pages/page.ts';
import type { Session } from '../../storage/session-row.ts';
import { hashSecret, newSecret } from '../../vault/secrets.ts';
import { lookOf } from '../look-of.ts';

type Deps = Pick<Backend, 'store' | 'conferencing' | 'changes' | 'publicUrl' | 'now'>;

/** The session of an address, where it connects a conferencing service. */
export async function conferencingSession({ store }: Pick<Backend, 'store'>, c: Context): Promise<Session | undefined> {
  const session = await store.findSession(c.req.param('id') ?? '');
  return session?.purpose === 'conferencing' ? session : undefined;
}

/** The services that a session lets choose from: all that are set up, or the one that the application named. */
export function servicesOf({ conferencing }: Pick<Backend, 'conferencing'>, { providers }: Session): readonly ConfiguredConferencing[] {
  return [...conferencing.values()].filter(({ id }) => providers.length === 0 || providers.includes(id));
}

/** Where a session leads back to. Whoever did not connect anything comes back with `error=access_denied`; a code there never is. */
export function wayBack({ id, redirectUri }: Session, error?: 'access_denied'): string {
  if (redirectUri === undefined) throw new Error(`session ${id} leads back to nowhere`);
  // An empty fragment keeps the one of whoever made the link to us from coming along: see `withResponseParameters`.
  return error === undefined ? `${redirectUri}#` : withResponseParameters(redirectUri, { error });
}

/** Asks the person who is at the session's browser, with a ticket that only this page has. */
export async function askPerson(
  deps: Deps,
  c: Context,
  asked: { readonly session: Session; readonly problem?: string },
): Promise<Response> {
  const { session, problem } = asked;
  const application = await applicationOf(deps, session);
  const look = await lookOf(deps, application);
  const account = await deps.store.findAccountToConnect({ id: session.forAccount ?? '', applicationId: session.applicationId });
  const services = servicesOf(deps, session);
  if (account === undefined || services.length === 0) {
    await deps.store.endSession({ id: session.id, state: 'cancelled', nowMs: deps.now() });
    return answerPage(c, conferencingNotWantedPage(application.name), look);
  }
  const ticket = newSecret();
  await deps.store.rememberPage({ id: session.id, browserHash: session.browserHash ?? '', ticketHash: hashSecret(ticket) });
  const action = deps.publicUrl.at(`/conferencing_services/${session.id}`);
  const page = conferencingServicesPage({ application: application.name, person: account.person, services, action, ticket, problem });
  return answerPage(c, page, look);
}
