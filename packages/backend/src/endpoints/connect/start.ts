import type { Context, Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { changedConnection } from '../../connect/changed-connection.ts';
import { type Choice, providerIdOf, readChoice } from '../../connect/depart.ts';
import { offerOf } from '../../connect/offer.ts';
import { goOnward } from '../../connect/onward.ts';
import { sessionBySecret, stateOf } from '../../connect/session-status.ts';
import { waitingOf } from '../../connect/wait-for-admin.ts';
import { confirmPage } from '../../pages/confirm-page.ts';
import { problemPage, staleFormPage } from '../../pages/end-page.ts';
import { onwardPage } from '../../pages/onward-page.ts';
import { answerPage, type Page } from '../../pages/page.ts';
import { proofPage } from '../../pages/proof-page.ts';
import type { Application } from '../../storage/questions/applications.ts';
import type { Session } from '../../storage/session-row.ts';
import { hashSecret, newSecret } from '../../vault/secrets.ts';
import { isSameBrowser, tieToBrowser } from '../browser-cookie.ts';
import { lookOf } from '../look-of.ts';
import { field, readFields } from '../request-body.ts';

type Deps = Pick<
  Backend,
  'store' | 'vault' | 'providers' | 'conferencing' | 'clients' | 'mailer' | 'changes' | 'publicUrl' | 'log' | 'now'
>;

/**
 * `POST /connect/start/{id}`: the form that opens the popup, with the session's secret, provider and access mode.
 *
 * Whoever starts a session could send its link to somebody else and collect their calendar. So the session goes on only if the browser
 * says that the form came from the session's page, or that page says so when asked; or, where the partner's server named the person,
 * if the person confirms.
 */
export function start(deps: Deps): Handler {
  return async function start(c) {
    const fields = await readFields(c);
    const session = await sessionBySecret(deps.store, { id: c.req.param('id') ?? '', secret: field(fields, 'secret') ?? '' });
    const application = await applicationOf(deps, session);
    const chosen = { provider: field(fields, 'provider'), accessMode: field(fields, 'access_mode') };
    const choice = readChoice(deps, { session, application }, chosen);
    const origin = c.req.header('origin') ?? 'null';
    // A page that says it is another one is never the page of this session, whoever is named in it.
    if (origin !== session.origin && origin !== 'null') return answerPage(c, foreignPage(application), await lookOf(deps, application));
    const browserHash = tieToBrowser(c, deps.publicUrl, session.id);
    const trip = { session, choice, browserHash };
    // A session that comes back in an address needs no more proof than `startByTicket` does, and its page is gone: nobody could be asked.
    if (session.endUser === undefined && (origin === session.origin || session.door === 'return')) return goOn(deps, c, trip);
    const ticket = await rememberPage(deps, trip);
    return answerPage(
      c,
      session.endUser === undefined
        ? askOpener(deps, { session, application, ticket })
        : await askPerson(deps, { session, application, ticket, choice }),
      await lookOf(deps, application),
    );
  };
}

/**
 * `GET /connect/start/{id}?ticket=`: starts a session of the redirect flow from a page whose policy lets no form go out, once.
 *
 * Nobody proves here who sent the browser, as nobody does to an authorization endpoint. It is no danger for the same reason: the code
 * comes back in this browser, in an address of the partner's that was fixed before, and the page there takes none that it did not ask for.
 */
export function startByTicket(deps: Deps): Handler {
  return async function startByTicket(c) {
    const ticket = c.req.query('ticket');
    if (ticket === undefined) return answerPage(c, startedElsewherePage());
    c.header('Cache-Control', 'no-store');
    c.header('Referrer-Policy', 'no-referrer');
    // Asking what is here, or guessing that the person will come here, must not use the ticket up.
    if (/prefetch|prerender/.test(c.req.header('sec-purpose') ?? '')) return c.body(null, 503);
    if (c.req.method === 'HEAD') return c.body(null, 200);
    const ticketed = { id: c.req.param('id') ?? '', ticketHash: hashSecret(ticket) };
    const known = await deps.store.findSession(ticketed.id);
    if (known?.door !== 'return') return answerPage(c, staleFormPage());
    const application = await applicationOf(deps, known);
    const chosen = { provider: c.req.query('provider'), accessMode: c.req.query('access_mode') };
    const choice = readChoice(deps, { session: known, application }, chosen);
    const session = await deps.store.takeTicket(ticketed);
    if (session === undefined) return answerPage(c, staleFormPage());
    const trip = { session, choice, browserHash: tieToBrowser(c, deps.publicUrl, session.id) };
    if (session.endUser === undefined) return goOn(deps, c, trip);
    const ticketOfPage = await rememberPage(deps, trip);
    const page = await askPerson(deps, { session, application, ticket: ticketOfPage, choice });
    return answerPage(c, page, await lookOf(deps, application));
  };
}

/** Who has chosen what, in the browser that has just proven to be the session's. */
interface Chosen {
  readonly session: Session;
  readonly choice: Choice;
  readonly browserHash: string;
}

/** Remembers the page that asks before the session goes on; answers with its one-time ticket. */
async function rememberPage(deps: Deps, { session, choice, browserHash }: Chosen): Promise<string> {
  const ticket = newSecret();
  await deps.store.rememberPage({
    id: session.id,
    browserHash,
    ticketHash: hashSecret(ticket),
    provider: providerIdOf(choice),
    accessMode: choice.accessMode,
  });
  return ticket;
}

/**
 * `POST /connect/start/{id}/confirm`: the form of the page that asked the opener or the person. Its one-time ticket and the browser's
 * cookie show that it is that page.
 */
export function confirmStart(deps: Deps): Handler {
  return async function confirmStart(c) {
    const fields = await readFields(c);
    const id = c.req.param('id') ?? '';
    const shown = await deps.store.findSession(id);
    const ticket = field(fields, 'ticket');
    if (shown === undefined || ticket === undefined || !isSameBrowser(c, deps.publicUrl, shown)) return answerPage(c, staleFormPage());
    const session = await deps.store.takeTicket({ id, ticketHash: hashSecret(ticket) });
    if (session?.browserHash === undefined) return answerPage(c, staleFormPage());
    const application = await applicationOf(deps, session);
    if (field(fields, 'choice') === 'cancel') {
      await deps.store.endSession({ id, state: 'declined', nowMs: deps.now() });
      deps.changes.announce(id);
      const to = deps.publicUrl.at(`/connect/relay/${id}`);
      // From the relay a redirect goes on to the partner, which must not be the answer to a form: see `onwardPage`.
      return session.door === 'poll' ? c.redirect(to, 303) : answerPage(c, onwardPage({ to, name: application.name }));
    }
    const choice = readChoice(deps, { session, application }, { provider: session.provider, accessMode: session.accessMode });
    return goOn(deps, c, { session, choice, browserHash: session.browserHash });
  };
}

async function goOn(deps: Deps, c: Context, trip: Chosen): Promise<Response> {
  if (await lacksOrganisation(deps, trip.session)) {
    await deps.store.tieWaiting({ id: trip.session.id, browserHash: trip.browserHash });
    return c.redirect(deps.publicUrl.at(`/connect/waiting/${trip.session.id}`), 303);
  }
  const { to, name } = await goOnward(deps, trip);
  return name === undefined ? c.redirect(to.href, 303) : answerPage(c, onwardPage({ to: to.href, name }));
}

/** Somebody who waits and has not said for which organisation is asked that first; the page that asks leads on to the provider too. */
async function lacksOrganisation(deps: Deps, session: Session): Promise<boolean> {
  if (stateOf(session, deps.now()) !== 'waiting_for_admin') return false;
  const waiting = await waitingOf(deps, session);
  return waiting !== undefined && waiting.approval.email === undefined;
}

function askOpener(deps: Deps, { session, application, ticket }: { session: Session; application: Application; ticket: string }): Page {
  return proofPage({
    sessionId: session.id,
    origin: session.origin ?? '',
    nonce: newSecret(),
    action: deps.publicUrl.at(`/connect/start/${session.id}/confirm`),
    ticket,
    application: application.name,
  });
}

async function askPerson(deps: Deps, asked: { session: Session; application: Application; ticket: string; choice: Choice }): Promise<Page> {
  const connection = await changedConnection(deps, asked.session);
  const { providers } = offerOf(deps, asked.application, asked.session);
  const provider = providers.find(({ id }) => id === connection?.provider);
  return confirmPage({
    application: asked.application.name,
    person: asked.session.endUserName ?? asked.session.endUser ?? '',
    choice: asked.choice,
    change: connection && provider && { connection, provider },
    action: deps.publicUrl.at(`/connect/start/${asked.session.id}/confirm`),
    ticket: asked.ticket,
  });
}

function foreignPage(application: Application): Page {
  return problemPage({
    title: 'This window was opened by another page',
    what: `A calendar can only be connected from a page of ${application.name} itself. Nothing was connected.`,
    todo: `Go to ${application.name} and connect your calendar there.`,
    status: 403,
  });
}

/** Somebody opened the address of a popup by itself. */
function startedElsewherePage(): Page {
  return problemPage({
    title: 'This link does not connect a calendar',
    what: 'It only works in the window that a page opens. Nothing was connected.',
    todo: 'If somebody sent it to you, close this window. Otherwise go back and press the button again.',
    status: 400,
  });
}
