import type { AccessMode } from '@calendar-connect/protocol';
import type { Backend } from '../backend.ts';
import { ConnectError } from './connect-error.ts';
import { type Choice, depart, type Trip } from './depart.ts';
import { endBeforeConsent } from './narrow.ts';
import { NO_PROVIDER } from './offer.ts';
import type { Session } from '../storage/session-row.ts';

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'conferencing' | 'clients' | 'changes' | 'publicUrl' | 'log' | 'now'>;

/** Where a person goes on, who has chosen. */
export interface Onward {
  readonly to: URL;
  /** Whose page that is; `undefined`: our own. */
  readonly name: string | undefined;
}

/**
 * Sends a session on its way: to the provider that was chosen, or to our own page where somebody signs in or proves an address.
 *
 * @throws ConnectError `session_ended`
 */
export async function goOnward(deps: Deps, trip: Omit<Trip, 'choice'> & { readonly choice: Choice }): Promise<Onward> {
  const { session, choice, browserHash } = trip;
  if (choice.provider !== undefined) {
    const { provider, accessMode } = choice;
    if (deps.providers.get(provider.id)?.passwordSignIn !== undefined) {
      await awaitOnOwnPage(deps, { session, browserHash }, { provider: provider.id, accessMode });
      return { to: new URL(deps.publicUrl.at(`/connect/credentials/${session.id}`)), name: undefined };
    }
    const client = await deps.clients.forApplication(provider, session.applicationId);
    const ended = await endBeforeConsent(deps, { session, provider, client, accessMode });
    return ended === 'unavailable' ? giveUp(deps, session) : { to: await depart(deps, { ...trip, choice }), name: provider.name };
  }
  await awaitOnOwnPage(deps, { session, browserHash }, { provider: NO_PROVIDER, accessMode: choice.accessMode });
  return { to: new URL(deps.publicUrl.at(`/connect/address/${session.id}`)), name: undefined };
}

/** Lets a session wait for what the person types on a page of ours. */
async function awaitOnOwnPage(
  deps: Deps,
  { session, browserHash }: Pick<Trip, 'session' | 'browserHash'>,
  chosen: { readonly provider: string; readonly accessMode: AccessMode },
): Promise<void> {
  const alive = await deps.store.awaitCredentials({ id: session.id, browserHash, ...chosen });
  if (!alive) throw new ConnectError('session_ended', 'The session has ended.');
  deps.changes.announce(session.id);
}

/** The provider did not answer: what is shared stays as it is, and the person is told so. */
async function giveUp(deps: Deps, session: Session): Promise<Onward> {
  await deps.store.endSession({ id: session.id, state: 'failed', reason: 'provider_unavailable', nowMs: deps.now() });
  deps.changes.announce(session.id);
  return { to: new URL(deps.publicUrl.at(`/connect/relay/${session.id}`)), name: undefined };
}
