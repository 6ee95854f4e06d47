import type { Context, Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { depart, readChoice, type Trip } from '../../connect/depart.ts';
import { waitForChange } from '../../connect/poll-session.ts';
import { stateOf, versionOf } from '../../connect/session-status.ts';
import {
  adminPartOf,
  approvalLink,
  domainOf,
  isWaiting,
  nameOrganisation,
  nextProbeMs,
  type Naming,
  waitingOf,
  WAITING_LIFE_MS,
} from '../../connect/wait-for-admin.ts';
import { staleFormPage } from '../../pages/end-page.ts';
import { onwardPage } from '../../pages/onward-page.ts';
import { answerPage } from '../../pages/page.ts';
import { waitingElsewherePage } from '../../pages/waiting-elsewhere-page.ts';
import { waitingPage, type WaitingView } from '../../pages/waiting-page.ts';
import type { AdminApproval } from '../../storage/admin-approval-row.ts';
import type { Waiting } from '../../storage/questions/admin-approvals.ts';
import type { Session } from '../../storage/session-row.ts';
import { hashSecret, newSecret } from '../../vault/secrets.ts';
import { isSameBrowser, keepTied } from '../browser-cookie.ts';
import { clientKey } from '../client-address.ts';
import { answerJson } from '../json-answer.ts';
import { field, readFields } from '../request-body.ts';

/** How long one question of the page waits for news. Longer than this, proxies on the way cut a silent connection. */
const WAIT_MS = 25_000;

type Deps = Pick<
  Backend,
  'store' | 'vault' | 'providers' | 'changes' | 'limits' | 'trustedProxies' | 'work' | 'mailer' | 'publicUrl' | 'log' | 'now'
>;

/** `GET /connect/waiting/{id}`: the page on which a person waits for their administrator, in the browser that was turned away. */
export function waitingRoom(deps: Deps): Handler {
  return async function waitingRoom(c) {
    if (c.req.method === 'HEAD') return c.body(null, 200);
    const session = await ownSession(deps, c);
    return session === undefined ? showElsewhere(deps, c) : showRoom(deps, c, { session });
  };
}

/**
 * `GET /connect/waiting/{id}/status?after=version`: what the page is to do next, as soon as there is something. `probe` says that it is time to
 * look at the provider whether somebody allowed it there: an approval given in the provider's own console is told to nobody.
 */
export function waitingStatus(deps: Deps): Handler {
  return async function waitingStatus(c) {
    const known = await ownSession(deps, c);
    if (known === undefined) return answerJson(c, { version: 0, next: 'reload' });
    const after = Number(c.req.query('after') ?? -1);
    const waiting = await waitingOf(deps, known);
    const probeInMs = waiting === undefined ? WAIT_MS : Math.max(0, probeAtMs(waiting) - deps.now());
    const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(Math.min(WAIT_MS, probeInMs))]);
    const session = stateOf(known, deps.now()) === 'waiting_for_admin' ? await waitForChange(deps, known, { after, signal }) : known;
    return answerJson(c, { version: versionOf(session, deps.now()), next: nextOf(deps, { session, after, waiting }) });
  };
}

function nextOf(
  deps: Deps,
  { session, after, waiting }: { session: Session; after: number; waiting: Waiting | undefined },
): 'wait' | 'go' | 'probe' | 'reload' {
  const state = stateOf(session, deps.now());
  if (state === 'approved') return 'go';
  if (state !== 'waiting_for_admin' || versionOf(session, deps.now()) > after) return 'reload';
  return waiting !== undefined && probeAtMs(waiting) <= deps.now() ? 'probe' : 'wait';
}

/** Nobody is sent to a provider that does not know yet whom to look for. */
function probeAtMs({ approval }: Waiting): number {
  return approval.organisation === undefined ? Infinity : approval.probeNotBeforeMs;
}

/** `POST /connect/waiting/{id}`: the page's forms. */
export function waitingForm(deps: Deps): Handler {
  return async function waitingForm(c) {
    const fields = await readFields(c);
    const shown = await ownSession(deps, c);
    if (shown === undefined) return answerPage(c, staleFormPage());
    const ticket = field(fields, 'ticket');
    const session = ticket === undefined ? undefined : await deps.store.takeTicket({ id: shown.id, ticketHash: hashSecret(ticket) });
    // Sent twice, or from a page that another window has overtaken: what stands now is shown again.
    if (session === undefined || !isWaiting(session, deps.now())) return c.redirect(roomOf(deps, shown), 303);
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
        return c.redirect(roomOf(deps, session), 303);
    }
  };
}

async function takeEmail(deps: Deps, c: Context, { session, email }: { session: Session; email: string }): Promise<Response> {
  deps.limits.countLookup(clientKey(deps, c));
  const waiting = await waitingOf(deps, session);
  if (waiting === undefined) return c.redirect(roomOf(deps, session), 303);
  const naming = await nameOrganisation(deps, waiting, email);
  if (naming === 'named') return c.redirect(roomOf(deps, session), 303);
  return showRoom(deps, c, { session, typed: { problem: naming, email } });
}

/** Looks at the provider without showing anything, where it is time and no other page of this person's does. */
async function probe(deps: Deps, c: Context, session: Session): Promise<Response> {
  const waiting = await waitingOf(deps, session);
  const nowMs = deps.now();
  const taken =
    waiting !== undefined &&
    (await deps.store.takeProbe({
      id: waiting.approval.id,
      nowMs,
      nextNotBeforeMs: nowMs + nextProbeMs(waiting.approval.probes + 1),
    }));
  return taken ? goOn(deps, c, { session, interaction: 'none' }) : c.redirect(roomOf(deps, session), 303);
}

async function goOn(
  deps: Deps,
  c: Context,
  { session, interaction }: { session: Session; interaction: NonNullable<Trip['interaction']> },
): Promise<Response> {
  const application = await applicationOf(deps, session);
  const choice = readChoice(deps, { session, application }, { provider: session.provider, accessMode: session.accessMode });
  const url = await depart(deps, { session, choice, browserHash: session.browserHash ?? '', interaction });
  return answerPage(c, onwardPage({ to: url.href, name: choice.provider.name }));
}

async function giveUp(deps: Deps, c: Context, session: Session): Promise<Response> {
  await deps.store.endSession({ id: session.id, state: 'declined', nowMs: deps.now() });
  deps.changes.announce(session.id);
  const to = deps.publicUrl.at(`/connect/relay/${session.id}`);
  // From the relay a redirect goes on to the partner, which must not be the answer to a form: see `onwardPage`.
  if (session.door === 'poll') return c.redirect(to, 303);
  return answerPage(c, onwardPage({ to, name: (await applicationOf(deps, session)).name }));
}

/** What was typed last, and what was wrong with it. */
interface Typed {
  readonly problem: Exclude<Naming, 'named'>;
  readonly email: string;
}

async function showRoom(deps: Deps, c: Context, { session, typed }: { session: Session; typed?: Typed }): Promise<Response> {
  const waiting = await waitingOf(deps, session);
  if (waiting === undefined || !isWaiting(session, deps.now())) return c.redirect(deps.publicUrl.at(`/connect/relay/${session.id}`), 303);
  const ticket = newSecret();
  await deps.store.rememberWaitingPage({ id: session.id, ticketHash: hashSecret(ticket) });
  // The cookie lasts as long as the waiting: the person may close the browser and come back by this address.
  keepTied(c, deps.publicUrl, { id: session.id, lifeSeconds: WAITING_LIFE_MS / 1000 });
  return answerPage(c, waitingPage({ ...(await viewOf(deps, waiting)), ticket, ...problemOf(waiting.approval, typed) }));
}

async function viewOf(deps: Deps, { session, approval }: Waiting): Promise<Omit<WaitingView, 'ticket'>> {
  const { provider } = adminPartOf(deps, approval);
  const application = await applicationOf(deps, session);
  const address = roomOf(deps, session);
  return {
    application: application.name,
    mailed: application.mailsApprovals && deps.mailer !== undefined,
    provider: provider.name,
    accessMode: approval.accessMode,
    scopes: provider.modes[approval.accessMode]?.scopes ?? [],
    organisation: approval.organisation === undefined ? undefined : domainOf(approval.email ?? ''),
    email: approval.email,
    approvalUrl: await approvalLink(deps, approval),
    state: stateOf(session, deps.now()) === 'approved' ? 'approved' : 'waiting',
    declined: approval.state === 'declined',
    requestedAtMs: approval.createdAtMs,
    action: address,
    statusUrl: `${address}/status`,
    version: versionOf(session, deps.now()),
    // A page that came here by itself shows the same; of the others the person has it in another window.
    backTo: session.door === 'return' ? session.redirectUri : undefined,
  };
}

/** What the page says is wrong: with what was typed, or that an administrator said yes and the provider still says no. */
function problemOf(approval: AdminApproval, typed: Typed | undefined): Partial<Pick<WaitingView, 'problem' | 'email'>> {
  if (typed !== undefined) return typed;
  return approval.state === 'waiting' && approval.decidedAtMs !== undefined ? { problem: 'not_approved_yet' } : {};
}

/** Somebody opened the address in another browser: they learn where it goes on, and nothing that only the person who waits should know. */
async function showElsewhere(deps: Deps, c: Context): Promise<Response> {
  const session = await deps.store.findSession(c.req.param('id') ?? '');
  if (session === undefined || !isWaiting(session, deps.now())) return answerPage(c, staleFormPage());
  const application = await applicationOf(deps, session);
  const approved = stateOf(session, deps.now()) === 'approved';
  return answerPage(c, waitingElsewherePage({ application: application.name, origin: session.origin, approved }));
}

/** The session, where this browser goes through it. */
async function ownSession(deps: Deps, c: Context): Promise<Session | undefined> {
  c.header('Cache-Control', 'no-store');
  c.header('Referrer-Policy', 'same-origin');
  const session = await deps.store.findSession(c.req.param('id') ?? '');
  return session !== undefined && isSameBrowser(c, deps.publicUrl, session) ? session : undefined;
}

function roomOf(deps: Deps, session: Session): string {
  return deps.publicUrl.at(`/connect/waiting/${session.id}`);
}
