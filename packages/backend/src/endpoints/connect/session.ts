import type { SessionStatus } from '@calendar-connect/protocol';
import type { Context, Handler } from 'hono';
import { answerJson } from '../json-answer.ts';
import { authenticateApplication } from '../../accounts/authenticate-application.ts';
import type { Backend } from '../../backend.ts';
import { ConnectError } from '../../connect/connect-error.ts';
import { failureSentences } from '../../connect/failure-sentences.ts';
import { codeFor, waitForChange } from '../../connect/poll-session.ts';
import { sessionBySecret, stateOf, versionOf } from '../../connect/session-status.ts';
import { isWaiting, waitingOf } from '../../connect/wait-for-admin.ts';
import type { Session } from '../../storage/session-row.ts';
import { equalHash, hashSecret } from '../../vault/secrets.ts';
import { clientKey } from '../client-address.ts';
import { type ConnectEnv } from '../cors.ts';
import { basicCredentials, bearerToken } from '../credentials.ts';
import { approvalStatus } from './approval-status.ts';

/** Longer than this, proxies on the way cut a silent connection. */
const MAX_WAIT_SECONDS = 25;

type Deps = Pick<
  Backend,
  'store' | 'vault' | 'providers' | 'changes' | 'knownApplications' | 'limits' | 'trustedProxies' | 'publicUrl' | 'now'
>;

type StatusDeps = Pick<Backend, 'store' | 'vault' | 'providers' | 'publicUrl' | 'now'>;

/** `GET /connect/sessions/{id}`: to the holder of the session's secret a long poll that ends in the code; to the partner's server how it stands. */
export function readSession(deps: Deps): Handler<ConnectEnv> {
  return async function readSession(c) {
    const id = c.req.param('id') ?? '';
    const ofPartner = await partnersSession(deps, c, id);
    if (ofPartner !== undefined) {
      const lastTry = (await deps.store.findLastTry(id)) ?? ofPartner;
      return answerJson(c, { ...(await partnerStatus(deps, lastTry)), id });
    }
    const known = await sessionBySecret(deps.store, { id, secret: bearerToken(c) ?? '', ...ofApplication(c) });
    const session = await waitForChange(deps, known, { after: wholeNumber(c, 'after'), signal: waitSignal(c) });
    // Whoever went away gets no code: minting one would kill the code that their next poll was given meanwhile.
    // The code of a session that is to come back in an address comes by no other way: whoever sent somebody else there must not get it.
    const mayHaveCode = known.door === 'poll' && !c.req.raw.signal.aborted;
    const code = mayHaveCode ? await codeFor(deps, session) : undefined;
    return answerJson(c, { ...(await pageStatus(deps, session)), ...(code === undefined ? {} : { code }) } satisfies SessionStatus);
  };
}

/** `DELETE /connect/sessions/{id}`: the only thing that cancels a session. One that has ended stays as it is. */
export function cancelSession(deps: Deps & Pick<Backend, 'work'>): Handler<ConnectEnv> {
  return async function cancelSession(c) {
    const id = c.req.param('id') ?? '';
    const session = await sessionBySecret(deps.store, { id, secret: bearerToken(c) ?? '', ...ofApplication(c) });
    const ended = await deps.store.endSession({ id: session.id, state: 'cancelled', nowMs: deps.now() });
    deps.changes.announce(session.id);
    deps.work.nudge();
    return answerJson(c, await pageStatus(deps, ended ?? session));
  };
}

function ofApplication(c: Context<ConnectEnv>): { applicationId?: string } {
  const application = c.get('application');
  return application === undefined ? {} : { applicationId: application.id };
}

/** The session, where the client secret of its application asks. */
async function partnersSession(deps: Deps, c: Context<ConnectEnv>, id: string): Promise<Session | undefined> {
  const basic = basicCredentials(c);
  const clientSecret = basic?.clientSecret ?? bearerToken(c);
  // A browser never holds a client secret, and a page that sent one must learn nothing from it.
  if (clientSecret === undefined || c.get('pageOrigin') !== undefined) return undefined;
  const session = await deps.store.findSession(id);
  const clientId = basic?.clientId ?? session?.applicationId;
  if (clientId === undefined) return undefined;
  // A page of our own origin asks without an Origin, and brings the session's secret.
  if (session?.secretHash !== undefined && equalHash(session.secretHash, hashSecret(clientSecret))) return undefined;
  const application = await authenticateApplication(deps, { clientId, clientSecret, address: clientKey(deps, c) });
  if (application === undefined && basic !== undefined) {
    throw new ConnectError('invalid_client', 'client_id, client_secret: expected those of an application');
  }
  if (application === undefined) return undefined;
  if (session?.applicationId !== application.id) throw new ConnectError('session_not_found', 'The application has no session of this id.');
  return session;
}

/** How a session stands, as its page is told. */
export async function pageStatus(deps: StatusDeps, session: Session): Promise<SessionStatus> {
  const nowMs = deps.now();
  const waiting = isWaiting(session, nowMs) ? await waitingOf(deps, session) : undefined;
  const failure = await failureSentences(deps, session);
  return {
    id: session.id,
    state: stateOf(session, nowMs),
    version: versionOf(session, nowMs),
    ...(session.failureReason === undefined ? {} : { reason: session.failureReason }),
    ...(session.failureCode === undefined ? {} : { failure_code: session.failureCode }),
    ...(failure === undefined ? {} : { failure }),
    ...(session.missingScopes === undefined ? {} : { missing_scopes: [...session.missingScopes] }),
    ...(session.provider === undefined ? {} : { provider: session.provider }),
    ...(session.accessMode === undefined ? {} : { access_mode: session.accessMode }),
    ...(waiting === undefined ? {} : { admin_approval: await approvalStatus(deps, waiting.approval) }),
  };
}

async function partnerStatus(deps: StatusDeps, session: Session): Promise<SessionStatus> {
  return {
    ...(await pageStatus(deps, session)),
    ...(session.isRedeemed && session.accountId !== undefined ? { account_id: session.accountId } : {}),
    ...(session.isRedeemed && session.profileId !== undefined ? { profile_id: session.profileId } : {}),
    ...(session.endUser === undefined
      ? {}
      : { end_user: { id: session.endUser, ...(session.endUserName === undefined ? {} : { name: session.endUserName }) } }),
  };
}

function wholeNumber(c: Context, name: string): number {
  const text = c.req.query(name);
  // Asked without `after`, the poll answers at once: every version is greater.
  if (text === undefined) return -1;
  if (!/^\d{1,9}$/.test(text)) throw new ConnectError('invalid_request', `${name}: expected a whole number`);
  return Number(text);
}

function waitSignal(c: Context): AbortSignal {
  const seconds = Math.min(MAX_WAIT_SECONDS, Math.max(0, wholeNumber(c, 'wait')));
  return AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(seconds * 1000)]);
}
