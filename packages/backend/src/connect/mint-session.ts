import { type AccessMode, isEnded } from '@calendar-connect/protocol';
import type { Backend } from '../backend.ts';
import { isS256Challenge } from '../oauth/pkce.ts';
import { scopeFor } from '../oauth/scopes.ts';
import type { Application } from '../storage/questions/applications.ts';
import type { NewSession } from '../storage/questions/sessions.ts';
import type { Session } from '../storage/session-row.ts';
import { ID_PREFIX } from '../vault/issued-token.ts';
import { equalHash, hashSecret, newId, newSecret } from '../vault/secrets.ts';
import { ConnectError } from './connect-error.ts';
import { offerOf } from './offer.ts';
import { returnAddress } from './return-address.ts';

/** How long a person has from the first page to the end. */
export const SESSION_LIFE_SECONDS = 3600;

/** How long a page may try again with sessions that take the place of each other, counted from the first of them. */
const RETRY_LIFE_SECONDS = 4 * 3600;

type Deps = Pick<Backend, 'store' | 'providers' | 'now'>;

/** What whoever asks for a session may say about what it offers. */
export interface SessionWishes {
  readonly scope?: string | undefined;
  readonly providers?: readonly string[] | undefined;
  readonly accessModes?: readonly AccessMode[] | undefined;
  readonly locale?: string | undefined;
}

/** What every new session has, whoever asked for it; the caller adds who may go on with it. */
export function draftSession(deps: Deps, application: Application, wishes: SessionWishes): Omit<NewSession, 'door'> {
  const nowMs = deps.now();
  const scope = scopeFor(application.scope, wishes.scope);
  if (scope === undefined) {
    throw new ConnectError('invalid_request', 'scope: expected space-separated scopes of the partner API, within those of the application');
  }
  const providers = wishes.providers ?? [];
  const accessModes = wishes.accessModes ?? [];
  if (offerOf(application, deps.providers.values(), { scope, providers, accessModes }).providers.length === 0) {
    throw new ConnectError(
      'provider_not_offered',
      'providers, access_modes: nothing is left of what the application offers with this scope',
    );
  }
  return {
    id: newId(ID_PREFIX.session, nowMs),
    applicationId: application.id,
    secretHash: undefined,
    claimHash: undefined,
    endUser: undefined,
    endUserName: undefined,
    origin: undefined,
    redirectUri: undefined,
    partnerState: undefined,
    codeChallenge: undefined,
    scope,
    providers,
    accessModes,
    locale: wishes.locale,
    browserHash: undefined,
    ticketHash: undefined,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + SESSION_LIFE_SECONDS * 1000,
    retryUntilMs: nowMs + RETRY_LIFE_SECONDS * 1000,
  };
}

/** What a page brings to mint a session for itself. */
export interface PageRequest extends SessionWishes {
  readonly application: Application;
  readonly origin: string;
  readonly codeChallenge: string;
  /** The ended session that the new one takes the place of, already proven by its secret. */
  readonly retryOf?: Session | undefined;
  /** Where the person comes back to, as the page gave it, and what comes back with the code; absent where the page opens a window. */
  readonly comeBack?: { readonly path: string; readonly state: string } | undefined;
}

/** A session of a page's own, and what is told to that page alone. */
export interface MintedForPage {
  readonly session: NewSession;
  readonly secret: string;
  readonly ticket: string | undefined;
}

/** Mints a session for the page that asks; the secret is given out here and nowhere else. */
export async function mintForPage(deps: Deps, request: PageRequest): Promise<MintedForPage> {
  requireChallenge(request.codeChallenge);
  const old = request.retryOf;
  const wishes = old === undefined ? request : { ...request, scope: old.scope, providers: old.providers, accessModes: old.accessModes };
  const secret = newSecret();
  const draft = draftSession(deps, request.application, wishes);
  const retryUntilMs = old?.retryUntilMs ?? draft.retryUntilMs;
  const { comeBack } = request;
  const ticket = comeBack && newSecret();
  const session: NewSession = {
    ...draft,
    door: comeBack === undefined ? 'poll' : 'return',
    redirectUri: comeBack && returnAddress(request.origin, comeBack.path),
    partnerState: comeBack?.state,
    ticketHash: ticket && hashSecret(ticket),
    retryUntilMs,
    expiresAtMs: Math.min(draft.expiresAtMs, retryUntilMs),
    secretHash: hashSecret(secret),
    endUser: old?.endUser,
    endUserName: old?.endUserName,
    origin: request.origin,
    codeChallenge: request.codeChallenge,
  };
  await deps.store.insertSession(session, old?.id);
  return { session, secret, ticket };
}

/** Whom a partner's server names, in its own terms. */
export interface EndUser {
  readonly id: string;
  readonly name: string | undefined;
}

/** Mints a session for the person whom the partner's server names; whoever holds `token` can claim it once. */
export async function mintForPartner(
  deps: Deps,
  request: SessionWishes & { readonly application: Application; readonly endUser: EndUser },
): Promise<{ session: NewSession; token: string }> {
  const draft = draftSession(deps, request.application, request);
  const claim = newSecret();
  const session: NewSession = {
    ...draft,
    door: 'poll',
    claimHash: hashSecret(claim),
    endUser: request.endUser.id,
    endUserName: request.endUser.name,
  };
  await deps.store.insertSession(session);
  return { session, token: `${session.id}.${claim}` };
}

/** What a page brings to take over a minted session. */
export interface PageClaim {
  readonly application: Application;
  readonly sessionId: string;
  /** The whole value that the partner's server got. */
  readonly token: string;
  readonly origin: string;
  readonly codeChallenge: string;
  readonly locale: string | undefined;
}

/** Gives a minted session to the page that claims it first. */
export async function claimForPage(deps: Deps, claim: PageClaim): Promise<{ session: Session; secret: string }> {
  requireChallenge(claim.codeChallenge);
  const [id, claimSecret, ...rest] = claim.token.split('.');
  const claimHash = hashSecret(claimSecret ?? '');
  const known = id === claim.sessionId && rest.length === 0 ? await deps.store.findSession(claim.sessionId) : undefined;
  if (
    known === undefined ||
    known.applicationId !== claim.application.id ||
    !equalHash(known.claimHash ?? '', claimHash) ||
    known.expiresAtMs <= deps.now()
  ) {
    throw new ConnectError(
      'session_not_found',
      'session: expected the value that the partner’s server got from POST /connect/sessions, not older than an hour',
    );
  }
  const secret = newSecret();
  const session = await deps.store.claimSession({
    id: claim.sessionId,
    claimHash,
    secretHash: hashSecret(secret),
    codeChallenge: claim.codeChallenge,
    origin: claim.origin,
    locale: claim.locale,
  });
  if (session === undefined) {
    if (isEnded(known.state)) {
      throw new ConnectError('session_ended', `session: it has ended as ${known.state}; the partner’s server has to mint a new one`);
    }
    throw new ConnectError(
      'session_already_claimed',
      'session: another page claimed it already; the partner’s server has to mint a new one',
    );
  }
  return { session, secret };
}

function requireChallenge(codeChallenge: string): void {
  if (!isS256Challenge(codeChallenge)) {
    throw new ConnectError('invalid_request', 'code_challenge: expected 43 characters of base64url, the SHA-256 of the verifier (S256)');
  }
}
