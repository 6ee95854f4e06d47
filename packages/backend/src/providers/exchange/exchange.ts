import type { AccessMode } from '@calendar-connect/protocol';
import type { Network } from '../../outbound/network.ts';
import type { CalendarReader } from '../calendar-reader.ts';
import type { PasswordSignIn } from '../password-sign-in.ts';
import type { Identity, OAuthConnect, Provider } from '../provider.ts';
import { createSchemeMemory, type SchemeMemory } from './log-in/choose-scheme.ts';
import { type AccountLimits, createAccountLimits } from './log-in/account-limits.ts';
import { createLoginGate, type LoginGate } from './log-in/login-gate.ts';
import { EXCHANGE_MODES } from './manifest.ts';
import { completeExchangeOptions, type ExchangeOptions, type ExchangeSettings } from './options.ts';
import { createServerMoves, lookForServer, type ServerMoves } from './server-moves.ts';

export type { ExchangeOptions } from './options.ts';

/**
 * Exchange on servers of an organisation's own, from 2007 SP1 to Subscription Edition, by Exchange Web Services.
 *
 * People sign in with their password on a page of the backend's; nothing is registered anywhere.
 *
 * @example
 * const provider = exchange();
 */
export function exchange(options: ExchangeOptions = {}): Provider {
  let connect: Promise<OAuthConnect> | undefined;
  let signIn: Promise<PasswordSignIn> | undefined;
  let calendar: Promise<CalendarReader> | undefined;
  // One of each for all parts: a host that offers NTLM gets no password by Basic from any of them, and none sends again what another saw refused.
  const shared: SharedMemory = {
    schemes: createSchemeMemory([], options.now),
    logins: createLoginGate(options.now),
    limits: createAccountLimits(options.now),
    moves: createServerMoves(options.now),
  };
  const settings = async (network: Network | undefined) => ({ ...(await completeExchangeOptions(options, network)), ...shared });
  return {
    id: 'exchange',
    name: 'Exchange',
    modes: EXCHANGE_MODES,
    // There is no client: whoever has the password is let in.
    client: { clientId: '', clientSecret: '' },
    // A password cannot be narrowed; what is shared less is no longer asked for.
    narrowing: { how: 'kept', keptAt: [] },
    providerName: nameOf,
    providerService: nameOf,
    providerProtocol: () => 'exchange_web_services',
    connect(network) {
      connect ??= Promise.all([import('./connect.ts'), settings(network)]).then(([part, made]) => part.createExchangeConnect(made));
      connect.catch(() => (connect = undefined));
      return connect;
    },
    passwordSignIn(network) {
      signIn ??= Promise.all([import('./sign-in/sign-in.ts'), settings(network)]).then(([part, made]) => part.createExchangeSignIn(made));
      signIn.catch(() => (signIn = undefined));
      return signIn;
    },
    calendar(network) {
      calendar ??= loadCalendar(settings(network));
      calendar.catch(() => (calendar = undefined));
      return calendar;
    },
  };
}

/** Partners tell the access mode by it. That of free/busy is our choice: no public name is known. */
function nameOf(_identity: Identity, mode: AccessMode): string {
  return mode === 'free_busy' ? 'exchange_free_busy' : 'exchange';
}

/** What all parts of the provider know together. */
interface SharedMemory {
  readonly schemes: SchemeMemory;
  readonly logins: LoginGate;
  readonly limits: AccountLimits;
  readonly moves: ServerMoves;
}

async function loadCalendar(completing: Promise<ExchangeSettings & SharedMemory>): Promise<CalendarReader> {
  const [{ createExchangeCalendar }, { createAccountConnection }, settings] = await Promise.all([
    import('./calendar.ts'),
    import('./log-in/account-connection.ts'),
    completing,
  ]);
  const { now, limits, moves } = settings;
  return createExchangeCalendar({
    openAccount: (account) => createAccountConnection(account, settings),
    now,
    limits,
    moved: { moves, look: (account) => lookForServer(settings, account) },
  });
}
