import type { AccessMode } from '@calendar-connect/protocol';
import type { Backend, ConfiguredProvider } from '../backend.ts';
import { newCodeVerifier } from '../oauth/pkce.ts';
import type { Application } from '../storage/questions/applications.ts';
import type { Session, TripInteraction } from '../storage/session-row.ts';
import { ID_PREFIX, issueToken } from '../vault/issued-token.ts';
import { newSecret } from '../vault/secrets.ts';
import type { SealContext } from '../vault/vault.ts';
import { ConnectError } from './connect-error.ts';
import { isOffered, offerOf } from './offer.ts';
import { stateOf } from './session-status.ts';
import { isWaiting, waitingOf } from './wait-for-admin.ts';

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'changes' | 'publicUrl' | 'now'>;

/** What the person chose. */
export interface Choice {
  readonly provider: ConfiguredProvider;
  readonly accessMode: AccessMode;
}

/**
 * Reads what the person chose and holds it against what the session offers.
 *
 * @throws ConnectError `session_ended`, `provider_not_offered`
 */
export function readChoice(
  deps: Pick<Backend, 'providers' | 'now'>,
  at: { readonly session: Session; readonly application: Application },
  chosen: { readonly provider: string | undefined; readonly accessMode: string | undefined },
): Choice {
  const state = stateOf(at.session, deps.now());
  const waits = isWaiting(at.session, deps.now());
  if (state !== 'created' && state !== 'at_provider' && !waits)
    throw new ConnectError('session_ended', `The session has ended as ${state}.`);
  const offer = offerOf(at.application, deps.providers.values(), at.session);
  const provider = deps.providers.get(chosen.provider ?? '');
  if (provider === undefined || !isOffered(offer, provider.id, chosen.accessMode ?? '')) {
    throw new ConnectError('provider_not_offered', 'provider, access_mode: expected one of those that the application offers');
  }
  if (waits && !isSameChoice(at.session, { provider: provider.id, accessMode: chosen.accessMode })) {
    throw new ConnectError('invalid_request', 'provider, access_mode: expected those the session waits for; cancel it to choose others');
  }
  // isOffered has just found it among the access modes.
  return { provider, accessMode: chosen.accessMode as AccessMode };
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
  const interaction = waiting === undefined ? 'choose' : (trip.interaction ?? 'continue');
  const baggage =
    (await rejoin(deps, trip, interaction)) ?? (await setOut(deps, trip, { interaction, keepsWaiting: waiting !== undefined }));
  return connect.authorizationUrl(choice.provider.operatorClient, {
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
  readonly choice: Choice;
  readonly browserHash: string;
  /** Of a session that waits for an administrator: `none` only looks whether it could go on. The default is `continue`. */
  readonly interaction?: 'continue' | 'none';
}

async function rejoin(deps: Deps, { session, choice, browserHash }: Trip, interaction: TripInteraction): Promise<Baggage | undefined> {
  const { providerStateHash: stateHash, providerStateSealed, providerVerifierSealed, providerNonce: nonce } = session;
  if (
    !isSameChoice(session, { provider: choice.provider.id, accessMode: choice.accessMode }) ||
    !stateHash ||
    !providerStateSealed ||
    !providerVerifierSealed ||
    !nonce
  )
    return undefined;
  if (session.providerClientId !== choice.provider.operatorClient.id || session.tripInteraction !== interaction) return undefined;
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
  how: { readonly interaction: TripInteraction; readonly keepsWaiting: boolean },
): Promise<Baggage> {
  // The state names its session by row id; the rest of it is the secret that the callback compares.
  const state = issueToken(ID_PREFIX.session, deps.now(), session.id);
  const baggage = { state: state.text, nonce: newSecret(), codeVerifier: newCodeVerifier() };
  const dataKey = await deps.store.findDataKey(session.applicationId);
  const departed = await deps.store.departToProvider({
    id: session.id,
    provider: choice.provider.id,
    accessMode: choice.accessMode,
    providerClientId: choice.provider.operatorClient.id,
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
