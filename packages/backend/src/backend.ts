import type { KnownApplications } from './accounts/known-applications.ts';
import type { SessionChanges } from './connect/session-changes.ts';
import type { AddressBlock } from './address-block.ts';
import type { Limits } from './limits/limits.ts';
import type { Log } from './log.ts';
import type { Mailer } from './mail/mailer.ts';
import type { Network } from './outbound/network.ts';
import type { Provider, ProviderClient } from './providers/provider.ts';
import type { PublicUrl } from './public-url.ts';
import type { Store } from './storage/store.ts';
import type { Work } from './work/work.ts';
import type { Vault } from './vault/vault.ts';

/** A provider, with our id of the operator's client at it. Its parts know the backend's doors to the network. */
export interface ConfiguredProvider extends Provider {
  readonly operatorClient: ProviderClient;
}

/** All that the parts of a running backend share. Each names the few of these that it uses. */
export interface Backend {
  readonly publicUrl: PublicUrl;
  readonly store: Store;
  readonly vault: Vault;
  /** By provider id, in the order they are offered in. */
  readonly providers: ReadonlyMap<string, ConfiguredProvider>;
  readonly changes: SessionChanges;
  readonly work: Work;
  readonly limits: Limits;
  readonly knownApplications: KnownApplications;
  readonly network: Network;
  /** `undefined`: this backend sends no mail. */
  readonly mailer: Mailer | undefined;
  /** The proxies in front whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly AddressBlock[];
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
