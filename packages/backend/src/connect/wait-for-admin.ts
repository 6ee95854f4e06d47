import type { Backend, ConfiguredProvider } from '../backend.ts';
import type { AdminApproval as AdminApprovalPart } from '../providers/admin-approval.ts';
import type { ProviderClient } from '../providers/provider.ts';
import type { AdminApproval } from '../storage/admin-approval-row.ts';
import type { Waiting } from '../storage/questions/admin-approvals.ts';
import { type Session, WAITING_STATES } from '../storage/session-row.ts';
import { ID_PREFIX, issueToken } from '../vault/issued-token.ts';
import type { SealContext } from '../vault/vault.ts';
import { isVisibleText } from '../visible-text.ts';
import { ConnectError } from './connect-error.ts';
import { stateOf } from './session-status.ts';

const DAY_MS = 24 * 3600_000;
/** Administrators take their time; and who waits must not wait for ever on a page that stopped asking. */
export const WAITING_LIFE_MS: number = 28 * DAY_MS;
/** The longest that a person waits for a try that nobody asked for, and the shortest: each is twice as late as the one before. */
const PROBE_EVERY_MS = { first: 60_000, last: 15 * 60_000 };
/** How long a person may take at the provider before nobody counts on them any longer. */
const TRIP_MS = 10 * 60_000;
/** Of a mailbox's address. [RFC 5321 §4.5.3.1.3](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3) */
const MAX_EMAIL_LENGTH = 254;

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'changes' | 'work' | 'publicUrl' | 'log' | 'now'>;

/** Tells whether a session waits for an administrator, or has just been allowed to go on. */
export function isWaiting(session: Session, nowMs: number): boolean {
  return WAITING_STATES.includes(stateOf(session, nowMs));
}

/** Lets a session that was turned away wait for an administrator. `undefined`: it ended meanwhile. */
export async function waitForAdmin(deps: Deps, session: Session): Promise<Waiting | undefined> {
  const nowMs = deps.now();
  const link = issueToken(ID_PREFIX.adminApproval, nowMs);
  const dataKey = await deps.store.findDataKey(session.applicationId);
  const waiting = await deps.store.waitForAdmin({
    sessionId: session.id,
    candidate: {
      id: link.id,
      linkHash: link.secretHash,
      linkSealed: deps.vault.seal(dataKey, linkPlace({ id: link.id, applicationId: session.applicationId }), link.text),
    },
    nowMs,
    expiresAtMs: nowMs + WAITING_LIFE_MS,
    probeNotBeforeMs: nowMs + PROBE_EVERY_MS.first,
  });
  deps.changes.announce(session.id);
  deps.work.nudge();
  return waiting;
}

/**
 * The person says that they were told they need approval: most often the provider's page ends without a callback.
 *
 * @throws ConnectError `session_ended`, `approval_not_applicable`
 */
export async function sayApprovalNeeded(deps: Deps, session: Session): Promise<Waiting> {
  const waiting = isWaiting(session, deps.now()) ? await waitingOf(deps, session) : await waitForAdmin(deps, session);
  if (waiting === undefined) throw new ConnectError('session_ended', 'The session has ended, or has not been to its provider yet.');
  return waiting;
}

/** What a waiting session waits for. */
export async function waitingOf(deps: Pick<Deps, 'store'>, session: Session): Promise<Waiting | undefined> {
  const approval = session.adminApprovalId === undefined ? undefined : await deps.store.findAdminApproval(session.adminApprovalId);
  return approval && { session, approval, isNew: false };
}

/** The organisation of an address, or why there is none to be asked. */
export type OrganisationLookup =
  | { readonly outcome: 'found'; readonly email: string; readonly organisation: string }
  | { readonly outcome: 'email_invalid' | 'personal' | 'organisation_unknown' | 'unavailable' };

/** Looks up the organisation of a work address or a domain, at the session's provider. */
export async function lookUpOrganisation(deps: Deps, session: Session, text: string): Promise<OrganisationLookup> {
  const email = text.trim();
  if (!isAddressOrDomain(email)) return { outcome: 'email_invalid' };
  const { part } = adminPartOf(deps, session);
  const found = await (await part()).findOrganisation(email);
  switch (found.outcome) {
    case 'found':
      return { outcome: 'found', email, organisation: found.organisation };
    case 'personal':
      return found;
    case 'unknown':
      return { outcome: 'organisation_unknown' };
    case 'unavailable':
      deps.log({ level: 'warn', event: 'organisation_not_found', session: session.id, hint: found.operatorHint });
      return { outcome: 'unavailable' };
    default:
      return found satisfies never;
  }
}

/** Notes which organisation it is that has to approve. */
export async function nameOrganisation(
  deps: Deps,
  { session, approval }: Waiting,
  named: Extract<OrganisationLookup, { outcome: 'found' }>,
): Promise<void> {
  await deps.store.nameOrganisation({ id: approval.id, email: named.email, organisation: named.organisation, nowMs: deps.now() });
  deps.changes.announce(session.id);
  deps.work.nudge();
}

/**
 * Whether it is time to look at the provider, without anybody asking, if somebody allowed it there. Not while the person themselves is on their
 * way there in another window, nor before it is known whom to look for.
 */
export function isProbeDue({ session, approval }: Waiting, nowMs: number): boolean {
  return probeAtMs({ session, approval }) <= nowMs;
}

/** When that will be; `Infinity`: not before something else happens. */
export function probeAtMs({ session, approval }: Pick<Waiting, 'session' | 'approval'>): number {
  if (approval.email === undefined || approval.state === 'approved' || approval.closedAtMs !== undefined) return Infinity;
  const underWayUntilMs = session.providerStateHash === undefined ? 0 : (session.departedAtMs ?? 0) + TRIP_MS;
  return Math.max(approval.probeNotBeforeMs, underWayUntilMs);
}

/**
 * The client that an approval is for: the operator's, or the application's own.
 *
 * @throws ConnectError `approval_not_applicable` where the operator uses another one by now: a yes to the old one allows nothing any longer
 */
export async function approvedClient(
  { clients }: Pick<Backend, 'clients'>,
  provider: ConfiguredProvider,
  approval: Pick<AdminApproval, 'providerClientId'>,
): Promise<ProviderClient> {
  const client = await clients.byId(provider, approval.providerClientId);
  if (client !== undefined) return client;
  throw new ConnectError(
    'approval_not_applicable',
    'The application is known to the provider by another client id since then. Start again.',
  );
}

/** The provider's ways to ask an administrator. */
export function adminPartOf(
  deps: Pick<Deps, 'providers'>,
  at: { readonly provider: string | undefined },
): { readonly provider: ConfiguredProvider; readonly part: () => Promise<AdminApprovalPart> } {
  const provider = deps.providers.get(at.provider ?? '');
  const part = provider?.adminApproval?.bind(provider);
  if (provider === undefined || part === undefined) {
    throw new ConnectError('approval_not_applicable', 'The session’s provider asks no administrator, or none was chosen yet.');
  }
  return { provider, part: () => part() };
}

/** The address of the administrator's page. Whoever has it can see what is asked, and approve only as an administrator at the provider. */
export async function approvalLink(deps: Pick<Deps, 'store' | 'vault' | 'publicUrl'>, approval: AdminApproval): Promise<string> {
  const dataKey = await deps.store.findDataKey(approval.applicationId);
  return deps.publicUrl.at(`/connect/approve/${deps.vault.open(dataKey, linkPlace(approval), approval.linkSealed)}`);
}

/** When the next try that nobody asks for is due, after this many. */
export function nextProbeMs(probes: number): number {
  return Math.min(PROBE_EVERY_MS.last, PROBE_EVERY_MS.first * 2 ** Math.min(probes, 10));
}

/** The domain of an address, or what is one already. */
export function domainOf(emailOrDomain: string): string {
  return emailOrDomain.slice(emailOrDomain.lastIndexOf('@') + 1).toLowerCase();
}

/** Only what can be an address at all: the provider's directory says whether there is such an organisation. */
function isAddressOrDomain(text: string): boolean {
  return isVisibleText(text, MAX_EMAIL_LENGTH) && /^(?:[^\s@<>"']+@)?[^\s@<>"'/?#:]+\.[^\s@<>"'/?#:]+$/u.test(text);
}

function linkPlace(approval: { id: string; applicationId: string }): SealContext {
  return { purpose: 'admin_approval.link/1', rowId: approval.id, applicationId: approval.applicationId };
}
