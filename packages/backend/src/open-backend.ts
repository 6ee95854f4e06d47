import { createKnownApplications } from './accounts/known-applications.ts';
import { createProviderClients } from './accounts/provider-clients.ts';
import type { Backend, ConfiguredConferencing, ConfiguredProvider } from './backend.ts';
import { createLimits } from './limits/limits.ts';
import { createSessionChanges } from './connect/session-changes.ts';
import { logToStandardError } from './log.ts';
import { createMailer } from './mail/mailer.ts';
import { type CalendarConnectOptions, validateOptions } from './options.ts';
import { createNetwork, type Network } from './outbound/network.ts';
import { parsePublicUrl } from './public-url.ts';
import type { OAuthService, ProviderClient } from './providers/provider.ts';
import { allMigrations } from './storage/migrations/all.ts';
import { migrate } from './storage/migrations.ts';
import { createStore, type Store } from './storage/store.ts';
import { parseTrustedProxies } from './trusted-proxies.ts';
import { ID_PREFIX } from './vault/issued-token.ts';
import { createKeyring, parseKeys } from './vault/keyring.ts';
import { hashSecret, newId } from './vault/secrets.ts';
import { createVault, type Vault } from './vault/vault.ts';
import { createWork } from './work/work.ts';

/**
 * Brings up all of a backend but its routes: migrates the database, checks the key against it, and registers the operator's provider
 * clients. Whoever opens it closes its store.
 *
 * @throws CalendarConnectError `option_invalid`
 * @throws VaultError the keys are missing, malformed, or not those the database was sealed with
 * @throws StorageError the database cannot be used
 */
export async function openBackend(options: CalendarConnectOptions): Promise<Backend> {
  validateOptions(options);
  const publicUrl = parsePublicUrl(options.publicUrl);
  const trustedProxies = parseTrustedProxies(options.trustedProxies);
  const network = createNetwork(options.outbound);
  const mailer = options.mail === undefined ? undefined : createMailer(options.mail, { ca: options.outbound?.ca });
  const vault = createVault(createKeyring(typeof options.keys === 'string' ? parseKeys(options.keys) : options.keys));
  await migrate(options.database, allMigrations);
  const store = createStore(options.database);
  await checkKeys(store, vault);
  const now = options.now ?? Date.now;
  const log = options.log ?? logToStandardError;
  // All at once: in SQLite what is asked together shares a transaction. PostgreSQL answers over as many connections as the pool may have.
  const [providers, conferencing] = await Promise.all([
    configureProviders({ store, network, now }, options.providers),
    configureConferencing({ store, network, now }, options.conferencing ?? []),
  ]);
  return {
    publicUrl,
    store,
    vault,
    providers,
    conferencing,
    clients: createProviderClients({ store, vault }),
    changes: createSessionChanges({ store, now }),
    work: createWork({ store, log, now }),
    limits: createLimits(now),
    knownApplications: createKnownApplications({ store, now }),
    network,
    egressAddresses: options.egressAddresses ?? [],
    adminKeyHash: options.adminKey === undefined ? undefined : hashSecret(options.adminKey),
    mailer,
    trustedProxies,
    log,
    now,
  };
}

/** A key of the right length that is the wrong one would be noticed only when the first credential does not open. */
async function checkKeys(store: Store, vault: Vault): Promise<void> {
  vault.checkCanary(await store.ensureFact('key_canary', vault.makeCanary()));
}

interface Registering {
  readonly store: Store;
  readonly network: Network;
  readonly now: () => number;
}

async function configureProviders(
  registering: Registering,
  providers: CalendarConnectOptions['providers'],
): Promise<Map<string, ConfiguredProvider>> {
  const { network } = registering;
  const configured = providers.map(async (provider) => {
    const signIn = provider.passwordSignIn?.bind(provider);
    const parts = {
      connect: () => provider.connect(network),
      calendar: () => provider.calendar(network),
      ...(signIn === undefined ? {} : { passwordSignIn: () => signIn(network) }),
    };
    return [provider.id, { ...provider, ...parts, operatorClient: await operatorClient(registering, provider) }] as const;
  });
  return new Map(await Promise.all(configured));
}

async function configureConferencing(
  registering: Registering,
  services: NonNullable<CalendarConnectOptions['conferencing']>,
): Promise<Map<string, ConfiguredConferencing>> {
  const { network } = registering;
  const configured = services.map(async (service) => {
    const parts = { connect: () => service.connect(network), meetings: () => service.meetings(network) };
    return [service.id, { ...service, ...parts, operatorClient: await operatorClient(registering, service) }] as const;
  });
  return new Map(await Promise.all(configured));
}

/** Registers the operator's client at a service where it is met for the first time. */
async function operatorClient({ store, now }: Registering, service: OAuthService): Promise<ProviderClient> {
  const candidateId = newId(ID_PREFIX.providerClient, now());
  const id = await store.ensureOperatorClient({ candidateId, provider: service.id, clientId: service.client.clientId });
  return { id, ...service.client };
}
