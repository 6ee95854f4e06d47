import type { FailureReason } from '@calendar-connect/protocol';
import type { Backend, ConfiguredService } from '../backend.ts';
import { writeCalendars } from '../accounts/calendar-list.ts';
import { describeError } from '../log.ts';
import { calendarsPlace, consentCredentialPlace, credentialPlace, writeCredential } from '../accounts/sealed-places.ts';
import type { ProviderCalendar } from '../providers/calendar-reader.ts';
import type { CallbackReading, Credential, ExchangeOutcome, Identity, ProviderClient } from '../providers/provider.ts';
import { giveBackWork } from '../storage/give-back-work.ts';
import type { Session } from '../storage/session-row.ts';
import { ID_PREFIX } from '../vault/issued-token.ts';
import { newId } from '../vault/secrets.ts';
import { callbackOf, verifierPlace } from './depart.ts';
import { endWhatWasShared } from './narrow.ts';
import { NO_PROVIDER } from './offer.ts';
import { isWaiting, waitForAdmin } from './wait-for-admin.ts';

/** How long a connection waits for its code to be redeemed before it is given back to the provider. */
export const PENDING_LIFE_SECONDS = 3600;

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'conferencing' | 'clients' | 'changes' | 'work' | 'publicUrl' | 'log' | 'now'>;

/** A session whose trip came back, in the browser that set out, with a state that was not used before. */
export interface Arrival {
  readonly session: Session;
  readonly provider: ConfiguredService;
  /** The client that it set out with. */
  readonly client: ProviderClient;
  readonly query: URLSearchParams;
}

/** A session whose person has just shown on our own page who they are. */
export type OwnPageArrival = Omit<Arrival, 'query'>;

/** `ended`: the trip came to its end. `ask_again`: the person has to consent once more, now that what they shared before is ended. */
export type Arrived = 'ended' | 'ask_again';

/** Takes what the provider sent back to its end: a pending connection, or the reason why there is none. */
export async function arrive(deps: Deps, arrival: Arrival): Promise<Arrived> {
  const connect = await arrival.provider.connect();
  const reading = connect.readCallback(arrival.query);
  const arrived = await settle(deps, arrival, reading.outcome === 'code' ? await exchange(deps, arrival, reading.code) : reading);
  deps.changes.announce(arrival.session.id);
  return arrived;
}

async function exchange(deps: Deps, { session, provider, client }: Arrival, code: string): Promise<ExchangeOutcome> {
  const connect = await provider.connect();
  const dataKey = await deps.store.findDataKey(session.applicationId);
  if (session.providerVerifierSealed === undefined || session.providerNonce === undefined || session.accessMode === undefined) {
    throw new Error(`session ${session.id} is at its provider without what it set out with`);
  }
  return connect.exchange(client, {
    redirectUri: callbackOf(deps, provider.id),
    mode: session.accessMode,
    code,
    nonce: session.providerNonce,
    codeVerifier: deps.vault.open(dataKey, verifierPlace(session), session.providerVerifierSealed),
  });
}

/** Ends what came back and could not be taken to its end, for a reason that nobody foresaw. Who waits for an administrator goes on waiting. */
export async function breakOff(deps: Deps, { session }: Pick<Arrival, 'session'>): Promise<void> {
  if (isWaiting(session, deps.now())) await waitForAdmin(deps, session);
  else await deps.store.endSession({ id: session.id, state: 'failed', reason: 'provider_unavailable', nowMs: deps.now() });
  deps.changes.announce(session.id);
}

/** What came of a trip. */
type TripOutcome = ExchangeOutcome | Exclude<CallbackReading, { outcome: 'code' }>;

async function settle(deps: Deps, arrival: Arrival, outcome: TripOutcome): Promise<Arrived> {
  if (outcome.outcome === 'connected') return keepOrGiveBack(deps, arrival, outcome);
  await settleWithout(deps, arrival, outcome);
  return 'ended';
}

async function settleWithout(deps: Deps, arrival: Arrival, outcome: Exclude<TripOutcome, { outcome: 'connected' }>): Promise<void> {
  if (isWaiting(arrival.session, deps.now()) && changesNothing(arrival.session, outcome)) {
    return keepWaiting(deps, arrival, outcome);
  }
  switch (outcome.outcome) {
    case 'declined':
      await deps.store.endSession({ id: arrival.session.id, state: 'declined', nowMs: deps.now() });
      return;
    case 'admin_approval_needed':
      return turnAway(deps, arrival, outcome);
    case 'interaction_required':
      return fail(deps, arrival, { ...outcome, reason: 'sign_in_required' });
    case 'scopes_missing':
      await fail(deps, arrival, { reason: 'scopes_missing', missing: outcome.missing, operatorHint: 'a permission box was left unticked' });
      return giveBackLater(deps, arrival, outcome);
    case 'failed':
      return fail(deps, arrival, outcome);
    default:
      return outcome satisfies never;
  }
}

/** The person may not allow it. Where an administrator can be asked, the session waits for them. */
async function turnAway(deps: Deps, arrival: Arrival, turnedAway: { readonly operatorHint: string }): Promise<void> {
  const { session, provider } = arrival;
  if (deps.providers.get(provider.id)?.adminApproval === undefined) {
    return fail(deps, arrival, { reason: 'admin_policy_enforced', operatorHint: turnedAway.operatorHint });
  }
  const waiting = await waitForAdmin(deps, session);
  if (waiting?.isNew !== true) return;
  deps.log({
    level: 'info',
    event: 'waiting_for_admin',
    session: session.id,
    application: session.applicationId,
    provider: provider.id,
    hint: turnedAway.operatorHint,
  });
}

/** What a session that waits for an administrator survives: all that a look at the provider finds which nobody asked for, and what the person cannot help. */
function changesNothing({ tripInteraction }: Session, outcome: TripOutcome): boolean {
  if (tripInteraction === 'none' || outcome.outcome === 'interaction_required') return true;
  return outcome.outcome === 'failed' && (outcome.reason === 'provider_unavailable' || outcome.reason === 'provider_misconfigured');
}

async function keepWaiting(deps: Deps, arrival: Arrival, outcome: Exclude<TripOutcome, { outcome: 'connected' }>): Promise<void> {
  if (outcome.outcome === 'failed') logFailure(deps, arrival, outcome);
  if (outcome.outcome === 'scopes_missing') await giveBackLater(deps, arrival, outcome);
  await waitForAdmin(deps, arrival.session);
}

interface Failure {
  readonly reason: FailureReason;
  readonly code?: string;
  readonly missing?: readonly string[];
  readonly operatorHint: string;
}

function logFailure(deps: Deps, { session, provider }: Pick<Arrival, 'session' | 'provider'>, failure: Failure): void {
  deps.log({
    level: failure.reason === 'provider_misconfigured' ? 'error' : 'warn',
    event: `connect_${failure.reason}`,
    session: session.id,
    application: session.applicationId,
    provider: provider.id,
    hint: failure.operatorHint,
  });
}

async function fail(deps: Deps, at: Pick<Arrival, 'session' | 'provider'>, failure: Failure): Promise<void> {
  logFailure(deps, at, failure);
  const { session } = at;
  await deps.store.endSession({
    id: session.id,
    state: 'failed',
    reason: failure.reason,
    ...(failure.code === undefined ? {} : { code: failure.code }),
    ...(failure.missing === undefined ? {} : { missingScopes: failure.missing }),
    nowMs: deps.now(),
  });
}

/** Keeps what somebody has signed in to on our own page, or ends the session with the reason why not. */
export async function arriveOnOwnPage(deps: Deps, arrival: OwnPageArrival, connected: Connected): Promise<void> {
  if (await isWrongLogin(deps, arrival, connected.identity)) {
    await fail(deps, arrival, { reason: 'wrong_account', operatorHint: 'the session is for another login' });
  } else {
    await keepPending(deps, { ...arrival, onOwnPage: true }, connected);
  }
  deps.changes.announce(arrival.session.id);
}

/** What was granted and, to our surprise, cannot be kept is not left behind at the provider. */
async function keepOrGiveBack(deps: Deps, arrival: Arrival, connected: Connected): Promise<Arrived> {
  try {
    return await keep(deps, arrival, connected);
  } catch (error) {
    await giveBackLater(deps, arrival, connected);
    throw error;
  }
}

type Connected = Pick<Extract<ExchangeOutcome, { outcome: 'connected' }>, 'identity' | 'credential'>;

async function keep(deps: Deps, arrival: Arrival, connected: Connected): Promise<Arrived> {
  if (await isWrongLogin(deps, arrival, connected.identity)) {
    await fail(deps, arrival, { reason: 'wrong_account', operatorHint: 'the session is for another login' });
    await giveBackLater(deps, arrival, connected);
    return 'ended';
  }
  const { accessMode = 'full' } = arrival.session;
  const narrowed = await endWhatWasShared(deps, { ...arrival, ...connected, accessMode });
  if (narrowed === 'ended') return 'ask_again';
  if (narrowed === 'unavailable') {
    // What was granted just now hangs together with what stands, so neither is given back.
    await fail(deps, arrival, { reason: 'provider_unavailable', operatorHint: 'what was shared before could not be ended' });
    return 'ended';
  }
  await keepPending(deps, arrival, connected);
  return 'ended';
}

/** A session that is to change one connection takes no other login. Where that connection had none of a provider, any will do. */
async function isWrongLogin({ store }: Deps, { session, provider }: OwnPageArrival, { subject }: Identity): Promise<boolean> {
  if (session.forProfile === undefined) return false;
  const profile = await store.findProfileOf({ id: session.forProfile, applicationId: session.applicationId });
  if (profile === undefined) return true;
  return profile.provider !== NO_PROVIDER && (profile.provider !== provider.id || profile.subject !== subject);
}

async function keepPending(deps: Deps, arrival: OwnPageArrival & { readonly onOwnPage?: boolean }, connected: Connected): Promise<void> {
  const { session, provider, client, onOwnPage = false } = arrival;
  const mode = session.accessMode;
  const known = mode && provider.modes[mode];
  if (mode === undefined || known === undefined)
    throw new Error(`session ${session.id} came back in an access mode that ${provider.id} lacks`);
  const calendars = await calendarsOf(deps, arrival, connected.credential);
  if (calendars === 'no_mailbox') {
    await fail(deps, { session, provider }, { reason: 'no_mailbox', operatorHint: 'the login has no mailbox that the provider can reach' });
    return giveBackLater(deps, arrival, connected);
  }
  const nowMs = deps.now();
  const accountId = newId(ID_PREFIX.account, nowMs);
  const { connectSession, connectConferencing } = deps.store;
  const settled = await (session.purpose === 'conferencing' ? connectConferencing : connectSession)({
    sessionId: session.id,
    provider: provider.id,
    providerClientId: client.id,
    subject: connected.identity.subject,
    accessMode: mode,
    onOwnPage,
    providerName: provider.providerName(connected.identity, mode),
    providerService: provider.providerService(connected.identity, mode),
    providerProtocol: deps.providers.get(provider.id)?.providerProtocol?.(connected.credential),
    name: connected.identity.name,
    email: connected.identity.email,
    candidate: {
      accountId,
      profileId: newId(ID_PREFIX.profile, nowMs),
      grantId: newId(ID_PREFIX.grant, nowMs),
      dataKey: deps.vault.createDataKey(accountId),
    },
    seal: (dataKey, profileId) => {
      const profile = { id: profileId, applicationId: session.applicationId };
      return {
        credential: deps.vault.seal(dataKey, credentialPlace(profile), writeCredential(connected.credential)),
        calendars: deps.vault.seal(dataKey, calendarsPlace(profile), writeCalendars(calendars ?? [])),
      };
    },
    calendarsAtMs: calendars === undefined ? 0 : nowMs,
    nowMs,
    pendingUntilMs: nowMs + PENDING_LIFE_SECONDS * 1000,
  });
  // Cancelled while the provider was answering: what it granted is nobody's.
  if (settled === undefined) await giveBackLater(deps, arrival, connected);
}

/** The calendars as far as they can be had now. A provider that is slow to list them does not keep anybody from connecting: they are asked for again. */
async function calendarsOf(
  deps: Deps,
  { session, provider }: OwnPageArrival,
  credential: Credential,
): Promise<readonly ProviderCalendar[] | 'no_mailbox' | undefined> {
  const reader = await deps.providers.get(provider.id)?.calendar();
  // A conferencing service has none.
  if (reader === undefined) return [];
  const listed = await reader.listCalendars(credential, session.accessMode ?? 'full');
  if (listed.outcome === 'ok') return listed.value;
  if (listed.outcome === 'no_mailbox') return 'no_mailbox';
  deps.log({ level: 'warn', event: 'calendars_not_listed', session: session.id, provider: provider.id, outcome: listed.outcome });
  return undefined;
}

/** Gives back what a consent granted and nobody keeps, unless the same login has a living connection that the provider would end along with it. */
async function giveBackLater(
  deps: Deps,
  { session, provider, client }: Pick<Arrival, 'session' | 'provider' | 'client'>,
  granted: { identity: Identity | undefined; credential: Credential },
): Promise<void> {
  // Somebody's own password was not granted by anybody: it is forgotten, and stored for nothing.
  if (granted.credential.login !== undefined) return;
  const nowMs = deps.now();
  const dataKey = await deps.store.findDataKey(session.applicationId);
  const what = {
    from: 'consent',
    sessionId: session.id,
    applicationId: session.applicationId,
    provider: provider.id,
    providerClientId: client.id,
    ...(granted.identity === undefined ? {} : { subject: granted.identity.subject }),
    credentialSealed: deps.vault.seal(dataKey, consentCredentialPlace(session), writeCredential(granted.credential)),
  } as const;
  try {
    await deps.store.addWork(giveBackWork(what, nowMs));
    deps.work.nudge();
  } catch (error) {
    // Where nothing can be stored, this is the last that anybody knows of what was granted.
    deps.log({ level: 'error', event: 'give_back_not_stored', session: session.id, provider: provider.id, ...describeError(error) });
    const connect = await provider.connect();
    await connect.revoke(client, granted.credential);
  }
}
