import { CalendarConnectError } from '../errors.ts';
import type { ConversationOptions, Conversations } from './conversation.ts';
import { createGuardedOutbound, type GuardedOutbound, type GuardedParts } from './guarded-outbound.ts';
import { createOutbound, type Outbound } from './outbound.ts';

/** What the operator says of the way out: one egress proxy and one set of authorities for everything, and what may be asked besides. */
export type NetworkOptions = ConversationOptions;

/** All doors to the network. */
export interface Network {
  /** For addresses that the operator configured, such as Google's. */
  readonly configured: Outbound;
  /** For every address that somebody typed or a partner gave. */
  readonly guarded: GuardedOutbound;
  /** The same, for servers that log a whole connection in. */
  readonly conversations: Conversations;
}

const HOST = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/** Makes the doors. @throws CalendarConnectError `option_invalid` */
export function createNetwork(options: NetworkOptions = {}, parts: GuardedParts = {}): Network {
  const { oldTlsHosts = [], ...rest } = options;
  for (const host of oldTlsHosts) {
    if (!HOST.test(host))
      throw new CalendarConnectError(
        'option_invalid',
        `oldTlsHosts: expected host names such as mail.corp.example, received ${JSON.stringify(host)}`,
      );
  }
  return {
    configured: createOutbound(rest),
    guarded: createGuardedOutbound(rest, parts),
    conversations: createLazyConversations(options, parts),
  };
}

/** TLS and the rest are loaded with the first conversation. The guarded door has checked the options. */
function createLazyConversations(options: NetworkOptions, parts: GuardedParts): Conversations {
  let made: Promise<Conversations> | undefined;
  const load = (): Promise<Conversations> => {
    made ??= import('./conversation.ts').then(({ createConversations }) => createConversations(options, parts));
    return made;
  };
  return {
    open: async (url, init) => (await load()).open(url, init),
    askPlainRedirect: async (host, path, init) => (await load()).askPlainRedirect(host, path, init),
  };
}
