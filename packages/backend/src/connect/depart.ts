import type { AccessMode, SessionState } from '@calendar-connect/protocol';
import type { Backend, ConfiguredService } from '../backend.ts';
import { newCodeVerifier } from '../oauth/pkce.ts';
import type { ProviderClient } from '../providers/provider.ts';
import type { Application } from '../storage/questions/applications.ts';
import type { Session, TripInteraction } from '../storage/session-row.ts';
import { ID_PREFIX, issueToken } from '../vault/issued-token.ts';
import { newSecret } from '../vault/secrets.ts';
import type { SealContext } from '../vault/vault.ts';
import { ConnectError } from './connect-error.ts';
import { isOffered, NO_PROVIDER, offerOf } from './offer.ts';
import { stateOf } from './session-status.ts';
import { isWaiting, waitingOf } from './wait-for-admin.ts';

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'conferencing' | 'clients' | 'changes' | 'publicUrl' | 'now'>;

/** What the person chose: a service to go to, or to be asked by none. */
export type Choice = ServiceChoice | NoAccessChoice;

/** Somewhere to go to. */
export interface ServiceChoice {
  readonly provider: ConfiguredService;
  readonly accessMode: AccessMode;
}

/** To go nowhere: the person proves a mail address on our own page. */
export interface NoAccessChoice {
  readonly provider: undefined;
  readonly accessMode: 'no_access';
}

/** The id of the provider that was chosen, as a session remembers it. */
export function providerIdOf({ provider }: Choice): string {
  return provider?.id ?? NO_PROVIDER;
}

/** A session in one of these may choose anew: whoever closed the window opens it again, or changes their mind. */
const CHOOSING_STATES: readonly SessionState[] = ['created', 'at_provider', 'needs_credentials'];

/**
 * Reads what the person chose and holds it against what the session offers.
 *
 * @throws ConnectError `session_ended`, `provider_not_offered`
 */
export function readChoice(
  deps: Pick<Backend, 'providers' | 'conferencing' | 'mailer' | 'now'>,
  at: { readonly session: Session; readonly application: Application },
  chosen: { readonly provider: string | undefined; readonly accessMode: string | undefined },
): Choice {
  const state = stateOf(at.session, deps.now());
  const waits = isWaiting(at.session, deps.now());
  if (!CHOOSING_STATES.includes(state) && !waits) throw new ConnectError('session_ended', `The session has ended as ${state}.`);
  if (at.session.purpose === 'conferencing') return conferencingChoice(deps, chosen.provider);
  const offer = offerOf(deps, at.application, at.session);
  if (!isOffered(offer, chosen.provider ?? '', chosen.accessMode ?? '')) {
    throw new ConnectError('provider_not_offered', 'provider, access_mode: expected one of those that the application offers');
  }
  if (chosen.accessMode === 'no_access' && !waits) return { provider: undefined, accessMode: chosen.accessMode };
  const provider = deps.providers.get(chosen.provider ?? '');
  if (provider === undefined) throw new ConnectError('provider_not_offered', 'provider: expected one of those that the application offers');
  if (waits && !isSameChoice(at.session, { provider: provider.id, accessMode: chosen.accessMode })) {
    throw new ConnectError('invalid_request', 'provider, access_mode: expected those the session waits for; cancel it to choose others');
  }
  // isOffered has just found it among the access modes.
  return { provider, accessMode: chosen.accessMode as AccessMode };
}

function conferencingChoice({ conferencing }: Pick<Backend, 'conferencing'>, id: string | undefined): ServiceChoice {
  const provider = conferencing.get(id ?? '');
  if (provider === undefined) throw new ConnectError('provider_not_offered', 'provider: expected a conferencing service that is set up');
  return { provider, accessMode: 'full' };
}

function isSameChoice(session: Session, choice: { readonly provider: string; readonly accessMode: string | undefined }): boolean {
  return session.provider === choice.provider && session.accessMode === choice.accessMode;
}

/** What a person takes along to the provider. */
interface Baggage {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/**
 * Binds a trip to the provider to its session and its browser, and answers with the address to go to. A window that is opened again for
 * the same choice goes on with the same trip, so that it does not matter in which of the two the person ends.
 *
 * @throws ConnectError `session_ended`
 */
export async function depart(deps: Deps, trip: Trip): Promise<URL> {
  const { choice } = trip;
  const connect = await choice.provider.connect();
  const waiting = isWaiting(trip.session, deps.now()) ? await waitingOf(deps, trip.session) : undefined;
  const interaction = trip.interaction ?? (waiting === undefined ? 'choose' : 'continue');
  const client = await clientFor(deps, trip, waiting !== undefined);
  const baggage =
    (await rejoin(deps, trip, { interaction, clientId: client.id })) ??
    (await setOut(deps, trip, { interaction, clientId: client.id, keepsWaiting: waiting !== undefined }));
  return connect.authorizationUrl(client, {
    redirectUri: callbackOf(deps, choice.provider.id),
    mode: choice.accessMode,
    loginHint: waiting?.approval.email?.includes('@') === true ? waiting.approval.email : undefined,
    interaction,
    ...baggage,
  });
}

/** Who goes where: the browser has just proven to be the session's. */
export interface Trip {
  readonly session: Session;
  readonly choice: ServiceChoice;
  readonly browserHash: string;
  /**
   * Default: `choose`, and `continue` where it waits for an administrator. Such a session may try `none`, which only looks whether it could go on;
   * one that has just been to the provider is sent there once more by `continue`.
   */
  readonly interaction?: 'continue' | 'none';
}

/** An administrator's yes is for one client alone: who waits for it goes on with that one. */
async function clientFor({ clients }: Deps, { session, choice }: Trip, waits: boolean): Promise<ProviderClient> {
  const kept = waits && session.providerClientId !== undefined ? await clients.byId(choice.provider, session.providerClientId) : undefined;
  return kept ?? clients.forApplication(choice.provider, session.applicationId);
}

interface Way {
  readonly interaction: TripInteraction;
  /** Our id of the client that is used. */
  readonly clientId: string;
}

async function rejoin(deps: Deps, { session, choice, browserHash }: Trip, way: Way): Promise<Baggage | undefined> {
  const { providerStateHash: stateHash, providerStateSealed, providerVerifierSealed, providerNonce: nonce } = session;
  if (
    !isSameChoice(session, { provider: choice.provider.id, accessMode: choice.accessMode }) ||
    !stateHash ||
    !providerStateSealed ||
    !providerVerifierSealed ||
    !nonce
  )
    return undefined;
  if (session.providerClientId !== way.clientId || session.tripInteraction !== way.interaction) return undefined;
  const dataKey = await deps.store.findDataKey(session.applicationId);
  if (!(await deps.store.rejoinTrip({ id: session.id, stateHash, browserHash }))) return undefined;
  return {
    state: deps.vault.open(dataKey, statePlace(session), providerStateSealed),
    nonce,
    codeVerifier: deps.vault.open(dataKey, verifierPlace(session), providerVerifierSealed),
  };
}

async function setOut(
  deps: Deps,
  { session, choice, browserHash }: Trip,
  { clientId, ...how }: Way & { readonly keepsWaiting: boolean },
): Promise<Baggage> {
  // The state names its session by row id; the rest of it is the secret that the callback compares.
  const state = issueToken(ID_PREFIX.session, deps.now(), session.id);
  const baggage = { state: state.text, nonce: newSecret(), codeVerifier: newCodeVerifier() };
  const dataKey = await deps.store.findDataKey(session.applicationId);
  const departed = await deps.store.departToProvider({
    id: session.id,
    provider: choice.provider.id,
    accessMode: choice.accessMode,
    providerClientId: clientId,
    browserHash,
    ...how,
    nowMs: deps.now(),
    providerStateHash: state.secretHash,
    providerStateSealed: deps.vault.seal(dataKey, statePlace(session), baggage.state),
    providerNonce: baggage.nonce,
    providerVerifierSealed: deps.vault.seal(dataKey, verifierPlace(session), baggage.codeVerifier),
  });
  if (!departed) throw new ConnectError('session_ended', 'The session has ended.');
  deps.changes.announce(session.id);
  return baggage;
}

/** Where a session's PKCE verifier is sealed for. */
export function verifierPlace(session: Session): SealContext {
  return { purpose: 'session.provider_verifier/1', rowId: session.id, applicationId: session.applicationId };
}

function statePlace(session: Session): SealContext {
  return { purpose: 'session.state/1', rowId: session.id, applicationId: session.applicationId };
}

/** Our callback at a provider: one address each, so that an answer of one provider is never taken for another's (RFC 9700 §4.4). */
export function callbackOf(deps: Pick<Backend, 'publicUrl'>, providerId: string): string {
  return deps.publicUrl.at(`/connect/callback/${providerId}`);
}
