import type { Backend } from '../backend.ts';
import type { NewSession } from '../storage/questions/sessions.ts';
import type { Session } from '../storage/session-row.ts';
import { ID_PREFIX } from '../vault/issued-token.ts';
import { newId } from '../vault/secrets.ts';
import { RETRY_LIFE_SECONDS, SESSION_LIFE_SECONDS } from './mint-session.ts';

type Deps = Pick<Backend, 'store' | 'now'>;

/** What a session that connects a conferencing service is made of. */
export interface ConferencingMint {
  readonly applicationId: string;
  /** The account that the service is connected to: no other can come of it. */
  readonly accountId: string;
  /** What the application is authorized for on the account; nothing of it changes. */
  readonly scope: string;
  /** A registered one. */
  readonly redirectUri: string;
  /** The one service to connect; `undefined`: the person chooses. */
  readonly service: string | undefined;
  /** Of the ticket in its link. */
  readonly ticketHash: string;
}

/** Mints a session for an account that the application is authorized for. It ends at the redirect URI, without a code. */
export async function mintForConferencing(deps: Deps, mint: ConferencingMint): Promise<NewSession> {
  const session = draft(deps, mint);
  await deps.store.insertSession(session);
  return session;
}

/** Mints the session that takes the place of a failed one, in the browser that went through that. */
export async function mintAgain(deps: Deps, failed: Session, browserHashOf: (sessionId: string) => string): Promise<NewSession> {
  if (failed.forAccount === undefined || failed.redirectUri === undefined) throw new Error(`session ${failed.id} is for no account`);
  const { forAccount: accountId, redirectUri, applicationId, scope } = failed;
  const fresh = draft(deps, { applicationId, accountId, redirectUri, scope, service: undefined, ticketHash: undefined });
  const session: NewSession = {
    ...fresh,
    providers: failed.providers,
    browserHash: browserHashOf(fresh.id),
    retryUntilMs: failed.retryUntilMs,
    expiresAtMs: Math.min(fresh.expiresAtMs, failed.retryUntilMs),
  };
  await deps.store.insertSession(session, failed.id);
  return session;
}

function draft({ now }: Deps, mint: Omit<ConferencingMint, 'ticketHash'> & { readonly ticketHash: string | undefined }): NewSession {
  const nowMs = now();
  return {
    id: newId(ID_PREFIX.session, nowMs),
    applicationId: mint.applicationId,
    purpose: 'conferencing',
    door: 'redirect',
    forAccount: mint.accountId,
    forProfile: undefined,
    changesProfile: undefined,
    redirectUri: mint.redirectUri,
    scope: mint.scope,
    providers: mint.service === undefined ? [] : [mint.service],
    accessModes: ['full'],
    ticketHash: mint.ticketHash,
    browserHash: undefined,
    secretHash: undefined,
    claimHash: undefined,
    endUser: undefined,
    endUserName: undefined,
    origin: undefined,
    partnerState: undefined,
    codeChallenge: undefined,
    locale: undefined,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + SESSION_LIFE_SECONDS * 1000,
    retryUntilMs: nowMs + RETRY_LIFE_SECONDS * 1000,
  };
}
