import type { KnownApplications } from './accounts/known-applications.ts';
import type { SessionChanges } from './connect/session-changes.ts';
import type { AddressBlock } from './address-block.ts';
import type { Limits } from './limits/limits.ts';
import type { Log } from './log.ts';
import type { Mailer } from './mail/mailer.ts';
import type { Network } from './outbound/network.ts';
import type { ProviderClients } from './accounts/provider-clients.ts';
import type { ConferencingService, OAuthService, Provider, ProviderClient } from './providers/provider.ts';
import type { PublicUrl } from './public-url.ts';
import type { GrantFamily } from './storage/questions/give-back.ts';
import type { Store } from './storage/store.ts';
import type { Work } from './work/work.ts';
import type { Vault } from './vault/vault.ts';

/** A calendar provider or a conferencing service, with our id of the operator's client at it. Its parts know the backend's doors to the network. */
export type ConfiguredService = OAuthService & Configured;

/** A calendar provider, so. */
export type ConfiguredProvider = Provider & Configured;

/** A conferencing service, so. */
export type ConfiguredConferencing = ConferencingService & Configured;

interface Configured {
  readonly operatorClient: ProviderClient;
}

/** All that the parts of a running backend share. Each names the few of these that it uses. */
export interface Backend {
  readonly publicUrl: PublicUrl;
  readonly store: Store;
  readonly vault: Vault;
  /** By provider id, in the order they are offered in. */
  readonly providers: ReadonlyMap<string, ConfiguredProvider>;
  /** By service id. */
  readonly conferencing: ReadonlyMap<string, ConfiguredConferencing>;
  readonly clients: ProviderClients;
  readonly changes: SessionChanges;
  readonly work: Work;
  readonly limits: Limits;
  readonly knownApplications: KnownApplications;
  readonly network: Network;
  /** The addresses that the backend's requests come from, as firewalls of others see them; none: nobody has said so. */
  readonly egressAddresses: readonly string[];
  /** SHA-256 of the key for the admin API; `undefined`: there is no such API. */
  readonly adminKeyHash: string | undefined;
  /** `undefined`: this backend sends no mail. */
  readonly mailer: Mailer | undefined;
  /** The proxies in front whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly AddressBlock[];
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The calendar provider or the conferencing service of this id. */
export function serviceOf(backend: Pick<Backend, 'providers' | 'conferencing'>, id: string): ConfiguredService | undefined {
  return backend.providers.get(id) ?? backend.conferencing.get(id);
}

/** All services whose grants end together with those of this one. */
export function familyOf(backend: Pick<Backend, 'providers' | 'conferencing'>, id: string): GrantFamily {
  const service = serviceOf(backend, id);
  const family = service?.family ?? id;
  const services: readonly ConfiguredService[] = [...backend.providers.values(), ...backend.conferencing.values()];
  const related = services.filter((each) => (each.family ?? each.id) === family).map((each) => each.id);
  return { services: related.length === 0 ? [id] : related, grantGroup: (clientId) => service?.grantGroup?.(clientId) ?? clientId };
}
