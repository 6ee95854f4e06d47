import type { SessionChanges } from './connect/session-changes.ts';
import type { Log } from './log.ts';
import type { Provider, ProviderClient } from './providers/provider.ts';
import type { PublicUrl } from './public-url.ts';
import type { Store } from './storage/store.ts';
import type { Vault } from './vault/vault.ts';

/** A provider, with our id of the operator's client at it. */
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
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
