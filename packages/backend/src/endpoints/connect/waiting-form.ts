import type { Context, Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { readChoice, type Trip } from '../../connect/depart.ts';
import { goOnward } from '../../connect/onward.ts';
import { isProbeDue, isWaiting, lookUpOrganisation, nameOrganisation, nextProbeMs, waitingOf } from '../../connect/wait-for-admin.ts';
import { staleFormPage } from '../../pages/end-page.ts';
import { onwardPage } from '../../pages/onward-page.ts';
import { answerPage } from '../../pages/page.ts';
import type { Session } from '../../storage/session-row.ts';
import { clientKey } from '../client-address.ts';
import { field, readFields } from '../request-body.ts';
import { showRoom } from './waiting-room.ts';
import { ownSession, waitingAddress } from './waiting-session.ts';

type Deps = Pick<
  Backend,
  | 'store'
  | 'vault'
  | 'providers'
  | 'conferencing'
  | 'clients'
  | 'changes'
  | 'limits'
  | 'trustedProxies'
  | 'mailer'
  | 'work'
  | 'publicUrl'
  | 'log'
  | 'now'
>;

/**
 * `POST /connect/waiting/{id}`: the page's forms. Any number of windows may show the page, so no form has a ticket: the browser's cookie, which
 * other sites' forms do not bring, and the origin that browsers write on every form say that it came from ours.
 */
export function waitingForm(deps: Deps): Handler {
  return async function waitingForm(c) {
    const fields = await readFields(c);
    const session = await ownSession(deps, c);
    if (session === undefined || c.req.header('origin') !== deps.publicUrl.origin) return answerPage(c, staleFormPage());
    // Another window has overtaken it: what stands now is shown.
    if (!isWaiting(session, deps.now())) return c.redirect(waitingAddress(deps, session), 303);
    switch (field(fields, 'choice')) {
      case 'email':
        return takeEmail(deps, c, { session, email: field(fields, 'email') ?? '' });
      case 'continue':
        return goOn(deps, c, { session, interaction: 'continue' });
      case 'probe':
        return probe(deps, c, session);
      case 'cancel':
        return giveUp(deps, c, session);
      default:
        return c.redirect(waitingAddress(deps, session), 303);
    }
  };
}

async function takeEmail(deps: Deps, c: Context, { session, email }: { session: Session; email: string }): Promise<Response> {
  deps.limits.countLookup(clientKey(deps, c));
  const found = await lookUpOrganisation(deps, session, email);
  if (found.outcome !== 'found') return showRoom(deps, c, { session, typed: { problem: found.outcome, email } });
  const waiting = await waitingOf(deps, session);
  if (waiting !== undefined) await nameOrganisation(deps, waiting, found);
  return c.redirect(waitingAddress(deps, session), 303);
}

/** Looks at the provider without showing anything, where it is time and no other page of this person's does. */
async function probe(deps: Deps, c: Context, session: Session): Promise<Response> {
  const waiting = await waitingOf(deps, session);
  const nowMs = deps.now();
  const taken =
    waiting !== undefined &&
    isProbeDue(waiting, nowMs) &&
    (await deps.store.takeProbe({
      id: waiting.approval.id,
      nowMs,
      nextNotBeforeMs: nowMs + nextProbeMs(waiting.approval.probes + 1),
    }));
  return taken ? goOn(deps, c, { session, interaction: 'none' }) : c.redirect(waitingAddress(deps, session), 303);
}

async function goOn(
  deps: Deps,
  c: Context,
  { session, interaction }: { session: Session; interaction: NonNullable<Trip['interaction']> },
): Promise<Response> {
  const application = await applicationOf(deps, session);
  const choice = readChoice(deps, { session, application }, { provider: session.provider, accessMode: session.accessMode });
  const { to, name } = await goOnward(deps, { session, choice, browserHash: session.browserHash ?? '', interaction });
  return name === undefined ? c.redirect(to.href, 303) : answerPage(c, onwardPage({ to: to.href, name }));
}

async function giveUp(deps: Deps, c: Context, session: Session): Promise<Response> {
  await deps.store.endSession({ id: session.id, state: 'declined', nowMs: deps.now() });
  deps.changes.announce(session.id);
  const to = deps.publicUrl.at(`/connect/relay/${session.id}`);
  // From the relay a redirect goes on to the partner, which must not be the answer to a form: see `onwardPage`.
  if (session.door === 'poll') return c.redirect(to, 303);
  return answerPage(c, onwardPage({ to, name: (await applicationOf(deps, session)).name }));
}
