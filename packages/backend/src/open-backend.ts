import { createKnownApplications } from './accounts/known-applications.ts';
import type { Backend, ConfiguredProvider } from './backend.ts';
import { createLimits } from './limits/limits.ts';
import { createSessionChanges } from './connect/session-changes.ts';
import { logToStandardError } from './log.ts';
import { createMailer } from './mail/mailer.ts';
import { type CalendarConnectOptions, validateOptions } from './options.ts';
import { createNetwork, type Network } from './outbound/network.ts';
import { parsePublicUrl } from './public-url.ts';
import type { Provider } from './providers/provider.ts';
import { allMigrations } from './storage/migrations/all.ts';
import { migrate } from './storage/migrations.ts';
import { createStore, type Store } from './storage/store.ts';
import { parseTrustedProxies } from './trusted-proxies.ts';
import { ID_PREFIX } from './vault/issued-token.ts';
import { createKeyring, parseKeys } from './vault/keyring.ts';
import { newId } from './vault/secrets.ts';
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
  return {
    publicUrl,
    store,
    vault,
    providers: await registerProviders({ store, network, now }, options.providers),
    changes: createSessionChanges({ store, now }),
    work: createWork({ store, log, now }),
    limits: createLimits(now),
    knownApplications: createKnownApplications(now),
    network,
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

async function registerProviders(
  { store, network, now }: { store: Store; network: Network; now: () => number },
  providers: readonly Provider[],
): Promise<Map<string, ConfiguredProvider>> {
  const configured = new Map<string, ConfiguredProvider>();
  for (const provider of providers) {
    const id = await store.ensureOperatorClient({
      candidateId: newId(ID_PREFIX.providerClient, now()),
      provider: provider.id,
      clientId: provider.client.clientId,
    });
    const parts = { connect: () => provider.connect(network), calendar: () => provider.calendar(network) };
    configured.set(provider.id, { ...provider, ...parts, operatorClient: { id, ...provider.client } });
  }
  return configured;
}
