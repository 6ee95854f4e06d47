import type { Backend } from '../backend.ts';
import type { Application } from '../storage/questions/applications.ts';
import type { Session } from '../storage/session-row.ts';
import { offerOf } from './offer.ts';
import { WAITING_LIFE_MS } from './wait-for-admin.ts';

/**
 * Lets the session of a person go on with what they wait for already: closed browsers, other devices and new tabs lose nothing. Only for people
 * whom the partner's server named: of nobody else is it known who they are.
 */
export async function resumeWaiting(
  deps: Pick<Backend, 'store' | 'providers' | 'mailer' | 'clients' | 'now'>,
  application: Application,
  session: Session,
): Promise<Session> {
  if (session.endUser === undefined) return session;
  const nowMs = deps.now();
  const { providers } = offerOf(deps, application, session);
  const resumed = await deps.store.resumeWaiting({
    sessionId: session.id,
    applicationId: session.applicationId,
    endUser: session.endUser,
    offered: providers.flatMap(({ id, access_modes }) =>
      access_modes.map(({ access_mode }) => ({ provider: id, accessMode: access_mode })),
    ),
    providerClientIds: await usableClients(deps, application),
    sinceMs: nowMs - WAITING_LIFE_MS,
    expiresAtMs: nowMs + WAITING_LIFE_MS,
  });
  return resumed ?? session;
}

/** Our ids of the clients that the application's connections are made with now. */
async function usableClients({ providers, clients }: Pick<Backend, 'providers' | 'clients'>, { id }: Application): Promise<string[]> {
  const used = await Promise.all([...providers.values()].map((provider) => clients.forApplication(provider, id)));
  return used.map((client) => client.id);
}
