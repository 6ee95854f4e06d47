import type { Handler } from 'hono';
import { type Backend, serviceOf } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { type Arrival, arrive, type Arrived, breakOff } from '../../connect/arrive.ts';
import { depart, readChoice } from '../../connect/depart.ts';
import { describeError } from '../../log.ts';
import { problemPage } from '../../pages/end-page.ts';
import { answerPage, type Page } from '../../pages/page.ts';
import { ID_PREFIX, readToken } from '../../vault/issued-token.ts';
import { isSameBrowser } from '../browser-cookie.ts';
import { approvalCallback } from './approve.ts';

type Deps = Pick<
  Backend,
  'store' | 'vault' | 'providers' | 'conferencing' | 'clients' | 'mailer' | 'changes' | 'work' | 'publicUrl' | 'log' | 'now'
>;

/**
 * `GET /connect/callback/{provider}`: where a provider sends the person back to.
 *
 * The cookie is looked at before the single-use state is taken, so that a link scanner, another browser or a prerendering burns nothing.
 * The answer leads on to the relay: code and state leave the address bar, and a reload finds the result and not the code again.
 */
export function callback(deps: Deps): Handler {
  return async function callback(c) {
    c.header('Cache-Control', 'no-store');
    c.header('Referrer-Policy', 'no-referrer');
    // A browser that only guesses that the person will come here gets nothing done.
    if (/prefetch|prerender/.test(c.req.header('sec-purpose') ?? '')) return c.body(null, 503);
    if (c.req.method === 'HEAD') return c.body(null, 200);
    const query = new URL(c.req.url).searchParams;
    const state = onlyValue(query, 'state');
    const trip = state === undefined ? undefined : readToken(ID_PREFIX.session, state);
    const session = trip && (await deps.store.findSession(trip.id));
    if (state !== undefined && session === undefined) {
      return (
        (await approvalCallback(deps, c, { state, provider: c.req.param('provider') ?? '', query })) ?? answerPage(c, unknownTripPage())
      );
    }
    if (trip === undefined || session === undefined) return answerPage(c, unknownTripPage());
    if (!isSameBrowser(c, deps.publicUrl, session)) return answerPage(c, otherBrowserPage());
    const provider = serviceOf(deps, c.req.param('provider') ?? '');
    if (provider === undefined || provider.id !== session.provider) return answerPage(c, unknownTripPage());
    const client = session.providerClientId === undefined ? undefined : await deps.clients.byId(provider, session.providerClientId);
    if (client === undefined) return answerPage(c, unknownTripPage());
    const taken = await deps.store.takeProviderState({ id: session.id, stateHash: trip.secretHash, nowMs: deps.now() });
    const arrived = taken && (await arriveOrFail(deps, { session: taken, provider, client, query }));
    return c.redirect(deps.publicUrl.at(`/connect/${arrived === 'ask_again' ? 'again' : 'relay'}/${session.id}`), 303);
  };
}

/** Whatever surprises us on the way back, the session ends with a reason, and the person is not left in doubt. */
async function arriveOrFail(deps: Deps, arrival: Arrival): Promise<Arrived> {
  try {
    const arrived = await arrive(deps, arrival);
    if (arrived === 'ask_again') await setOutAgain(deps, arrival);
    return arrived;
  } catch (error) {
    deps.log({
      level: 'error',
      event: 'arrival_failed',
      session: arrival.session.id,
      ...describeError(error),
    });
    await breakOff(deps, arrival);
    return 'ended';
  }
}

/** The same choice, in the same browser. */
async function setOutAgain(deps: Deps, { session }: Arrival): Promise<void> {
  const application = await applicationOf(deps, session);
  const choice = readChoice(deps, { session, application }, { provider: session.provider, accessMode: session.accessMode });
  if (choice.provider === undefined) throw new Error(`session ${session.id} came back from a provider that it was not sent to`);
  await depart(deps, { session, choice, browserHash: session.browserHash ?? '', interaction: 'continue' });
}

function onlyValue(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}

function unknownTripPage(): Page {
  return problemPage({
    title: 'This link is not, or no longer, valid',
    what: 'It belongs to no attempt to connect a calendar that we know of. Nothing was connected.',
    todo: 'Close this window and start again from where you came from.',
    status: 400,
    hideQuery: true,
  });
}

function otherBrowserPage(): Page {
  return problemPage({
    title: 'This link belongs to another browser',
    what: 'Somebody began to connect a calendar in another browser, or cookies are switched off in this one. Nothing was connected.',
    todo: 'If a link was sent to you, do not use it, and pass nothing on from this page. Otherwise allow cookies for this site, close this window and start again.',
    status: 403,
    // The provider's code is in it, and whoever set out in the other browser could go on with it.
    hideQuery: true,
  });
}
