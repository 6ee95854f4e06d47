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
import { hasMode, NO_PROVIDER, offerOf } from './offer.ts';
import { returnAddress } from './return-address.ts';

/** How long a person has from the first page to the end. */
export const SESSION_LIFE_SECONDS = 3600;

/** How long a page may try again with sessions that take the place of each other, counted from the first of them. */
export const RETRY_LIFE_SECONDS: number = 4 * 3600;

type Deps = Pick<Backend, 'store' | 'providers' | 'mailer' | 'now'>;

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
  for (const mode of accessModes) requireMode(deps, application, mode);
  if (offerOf(deps, application, { scope, providers, accessModes }).providers.length === 0) {
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
    purpose: 'calendar',
    forAccount: undefined,
    forProfile: undefined,
    changesProfile: undefined,
  };
}

/** A mode that is off would otherwise only be missing, and nobody would know why. */
function requireMode(deps: Deps, application: Application, mode: AccessMode): void {
  if (hasMode(deps, application, mode)) return;
  throw new ConnectError(
    'access_mode_not_offered',
    application.accessModes.includes(mode)
      ? `access_modes: ${mode} needs mail, and this backend sends none (SMTP_URL)`
      : `access_modes: ${mode} is switched off for this application; calendar-connect application set switches it on`,
  );
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
  // What follows on a connection that stands is no try any longer.
  const retryUntilMs = old === undefined || old.isRedeemed ? draft.retryUntilMs : old.retryUntilMs;
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
    forAccount: old?.forAccount,
    forProfile: old?.forProfile,
    changesProfile: old?.isRedeemed ? old.profileId : old?.changesProfile,
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

/** What a partner's server brings to mint a session. */
export interface PartnerMint extends SessionWishes {
  readonly application: Application;
  readonly endUser: EndUser;
  /** The connection to change. */
  readonly profileId: string | undefined;
}

/** Mints a session for the person whom the partner's server names; whoever holds `token` can claim it once. */
export async function mintForPartner(deps: Deps, request: PartnerMint): Promise<{ session: NewSession; token: string }> {
  const change = await connectionToChange(deps, request);
  const draft = draftSession(deps, request.application, { ...request, providers: change?.providers ?? request.providers });
  const claim = newSecret();
  const session: NewSession = {
    ...draft,
    door: 'poll',
    claimHash: hashSecret(claim),
    endUser: request.endUser.id,
    endUserName: request.endUser.name,
    forAccount: change?.accountId,
    forProfile: change?.profileId,
  };
  await deps.store.insertSession(session);
  return { session, token: `${session.id}.${claim}` };
}

/** The connection that a session is to change, and the providers that leaves: its own; or any, where it has none. */
async function connectionToChange(
  { store }: Deps,
  { application, endUser, profileId, providers = [] }: PartnerMint,
): Promise<{ profileId: string; accountId: string; providers: readonly string[] } | undefined> {
  if (profileId === undefined) return undefined;
  const profile = await store.findProfileOf({ id: profileId, applicationId: application.id });
  if (profile === undefined || profile.kind !== 'calendar' || (profile.endUser ?? endUser.id) !== endUser.id) {
    throw new ConnectError('profile_not_found', 'profile_id: expected a connected calendar of this person at this application');
  }
  const left = profile.provider === NO_PROVIDER ? providers : [profile.provider];
  const narrowed = providers.length === 0 ? left : left.filter((id) => providers.includes(id));
  return { profileId, accountId: profile.accountId, providers: narrowed };
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
