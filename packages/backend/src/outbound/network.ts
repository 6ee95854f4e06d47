import { createGuardedOutbound, type GuardedOutbound, type GuardedParts, type GuardOptions } from './guarded-outbound.ts';
import { createOutbound, type Outbound } from './outbound.ts';

/** What the operator says of the way out: one egress proxy and one set of authorities for everything, and what may be asked besides. */
export type NetworkOptions = GuardOptions;

/** Both doors to the network. */
export interface Network {
  /** For addresses that the operator configured, such as Google's. */
  readonly configured: Outbound;
  /** For every address that somebody typed or a partner gave. */
  readonly guarded: GuardedOutbound;
}

/** Makes both doors. @throws CalendarConnectError `option_invalid` */
export function createNetwork(options: NetworkOptions = {}, parts: GuardedParts = {}): Network {
  return { configured: createOutbound(options), guarded: createGuardedOutbound(options, parts) };
}
