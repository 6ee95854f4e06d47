import type { Context, Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { stateOf, versionOf } from '../../connect/session-status.ts';
import { adminPartOf, approvalLink, domainOf, isWaiting, waitingOf, WAITING_LIFE_MS } from '../../connect/wait-for-admin.ts';
import { staleFormPage } from '../../pages/end-page.ts';
import { answerPage } from '../../pages/page.ts';
import { waitingElsewherePage } from '../../pages/waiting-elsewhere-page.ts';
import { waitingPage, type WaitingView } from '../../pages/waiting-page.ts';
import type { AdminApproval } from '../../storage/admin-approval-row.ts';
import type { Waiting } from '../../storage/questions/admin-approvals.ts';
import type { Application } from '../../storage/questions/applications.ts';
import type { Session } from '../../storage/session-row.ts';
import { keepTied } from '../browser-cookie.ts';
import { lookOf } from '../look-of.ts';
import { ownSession, waitingAddress } from './waiting-session.ts';

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'mailer' | 'publicUrl' | 'now'>;

/** `GET /connect/waiting/{id}`: the page on which a person waits for their administrator, in the browser that was turned away. */
export function waitingRoom(deps: Deps): Handler {
  return async function waitingRoom(c) {
    if (c.req.method === 'HEAD') return c.body(null, 200);
    const session = await ownSession(deps, c);
    return session === undefined ? showElsewhere(deps, c) : showRoom(deps, c, { session });
  };
}

/** What was typed last, and what was wrong with it. */
interface Typed {
  readonly problem: NonNullable<WaitingView['problem']>;
  readonly email: string;
}

/** Shows the page, after a form with what was wrong in it. */
export async function showRoom(deps: Deps, c: Context, { session, typed }: { session: Session; typed?: Typed }): Promise<Response> {
  const waiting = await waitingOf(deps, session);
  if (waiting === undefined || !isWaiting(session, deps.now())) return c.redirect(deps.publicUrl.at(`/connect/relay/${session.id}`), 303);
  // The cookie lasts as long as the waiting: the person may close the browser and come back by this address.
  keepTied(c, deps.publicUrl, { id: session.id, lifeSeconds: WAITING_LIFE_MS / 1000 });
  const application = await applicationOf(deps, session);
  const view = { ...(await viewOf(deps, waiting, application)), ...(typed ?? problemOf(waiting.approval)) };
  return answerPage(c, waitingPage(view), await lookOf(deps, application));
}

async function viewOf(deps: Deps, { session, approval }: Waiting, application: Application): Promise<WaitingView> {
  const { provider } = adminPartOf(deps, approval);
  const address = waitingAddress(deps, session);
  return {
    application: application.name,
    mailed: application.mailsApprovals && deps.mailer !== undefined,
    provider: provider.name,
    accessMode: approval.accessMode,
    scopes: provider.modes[approval.accessMode]?.scopes ?? [],
    organisation: approval.email === undefined ? undefined : domainOf(approval.email),
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

/** An administrator said yes, and the provider still says no. */
function problemOf(approval: AdminApproval): Pick<WaitingView, 'problem'> {
  return approval.state === 'waiting' && approval.decidedAtMs !== undefined ? { problem: 'not_approved_yet' } : {};
}

/** Somebody opened the address in another browser: they learn where it goes on, and nothing that only the person who waits should know. */
async function showElsewhere(deps: Deps, c: Context): Promise<Response> {
  const session = await deps.store.findSession(c.req.param('id') ?? '');
  if (session === undefined || !isWaiting(session, deps.now())) return answerPage(c, staleFormPage());
  const application = await applicationOf(deps, session);
  const approved = stateOf(session, deps.now()) === 'approved';
  const page = waitingElsewherePage({ application: application.name, origin: session.origin, approved });
  return answerPage(c, page, await lookOf(deps, application));
}
