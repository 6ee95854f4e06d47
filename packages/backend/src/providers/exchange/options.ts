import { randomBytes } from 'node:crypto';
import type { Conversations } from '../../outbound/conversation.ts';
import type { Network } from '../../outbound/network.ts';
import { createServiceResolver, type ResolveServices } from '../../outbound/resolve-services.ts';

/** What the operator says about Exchange: nothing has to be said. */
export interface ExchangeOptions {
  /** How servers are reached. Default: as the backend reaches every address that somebody typed. */
  readonly conversations?: Conversations | undefined;
  /** Asks the DNS for services. Default: the name servers of this computer. */
  readonly resolveServices?: ResolveServices | undefined;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: (() => number) | undefined;
}

/** The options, completed: what every part of the provider works with. */
export interface ExchangeSettings {
  readonly conversations: Conversations;
  readonly resolveServices: ResolveServices;
  readonly now: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** Completes the options, by the backend's network where they do not name another. */
export async function completeExchangeOptions(options: ExchangeOptions, network: Network | undefined): Promise<ExchangeSettings> {
  return {
    conversations: options.conversations ?? network?.conversations ?? (await ownConversations()),
    resolveServices: options.resolveServices ?? createServiceResolver(),
    now: options.now ?? Date.now,
    randomBytes: (count) => randomBytes(count),
  };
}

async function ownConversations(): Promise<Conversations> {
  const { createNetwork } = await import('../../outbound/network.ts');
  return createNetwork().conversations;
}
