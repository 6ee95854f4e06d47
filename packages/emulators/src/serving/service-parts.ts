import { createAuthorizationCodes, type AuthorizationCodes } from '../oauth/authorization-codes.ts';
import { createRegisteredClients, type RegisteredClient, type RegisteredClients } from '../oauth/registered-clients.ts';
import { createTokenPairs, type TokenLifetimes, type TokenPairs } from '../oauth/token-pairs.ts';
import { createAccounts, DEFAULT_ACCOUNTS, type Account, type Accounts } from './accounts.ts';
import { createFaults, type Faults } from './faults.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import type { ServiceFault } from './service-faults.ts';
import { createSwitchboard, type Switchboard } from './switchboard.ts';
import { toOrigin } from './to-origin.ts';

/** What every conferencing service does differently on a bad day. */
export interface ServiceSwitches {
  /** `Cross-Origin-Opener-Policy` on everything that a browser gets of the sign-in; `true` stands for `same-origin`. */
  readonly crossOriginOpenerPolicy: boolean | string;
  /** The person's administrator does not allow the app: the service's own page, and no callback. */
  readonly appBlocked: boolean;
  /** Refreshing is refused, as after the person took the consent back. */
  readonly denyRefresh: boolean;
}

/** The switches of a service that was given none. */
export const DEFAULT_SERVICE_SWITCHES: ServiceSwitches = { crossOriginOpenerPolicy: false, appBlocked: false, denyRefresh: false };

/** Somebody with an account, to start with. */
export interface ServiceUserSeed<S extends ServiceSwitches> extends Account {
  /** Switches for this person alone. */
  readonly switches?: Partial<S>;
}

/** How an emulator of a conferencing service begins. */
export interface ServiceOptions<S extends ServiceSwitches> {
  /** The OAuth apps that are registered. */
  readonly clients: readonly RegisteredClient[];
  /** Where browsers find the emulator: an origin. The default is `http://127.0.0.1`. */
  readonly publicUrl?: string;
  /** Where servers find the emulator: an origin. The default is `publicUrl`. */
  readonly serverUrl?: string;
  /** The people with accounts; the default is Amira and Jonas. */
  readonly users?: readonly ServiceUserSeed<S>[];
  readonly switches?: Partial<S>;
  readonly faults?: readonly ServiceFault[];
  /** The emulator's clock, in milliseconds since 1970. The default is the computer's. */
  readonly now?: () => number;
}

/** Everything an emulator of a conferencing service is made of. Handlers take the parts they use. */
export interface ServiceParts<S extends ServiceSwitches = ServiceSwitches> {
  readonly publicUrl: string;
  readonly serverUrl: string;
  readonly now: () => number;
  readonly clients: RegisteredClients;
  readonly accounts: Accounts;
  readonly codes: AuthorizationCodes;
  readonly tokens: TokenPairs;
  readonly switches: Switchboard<S>;
  readonly faults: Faults<ServiceFault>;
  readonly requests: RequestLog;
}

/** What differs between services here. */
export interface ServiceDefaults<S extends ServiceSwitches> extends TokenLifetimes {
  readonly codeSeconds: number;
  readonly switches: S;
}

/**
 * Puts the parts together.
 * @throws TypeError for an option that cannot be.
 */
export function createServiceParts<S extends ServiceSwitches>(options: ServiceOptions<S>, defaults: ServiceDefaults<S>): ServiceParts<S> {
  const now = options.now ?? Date.now;
  const publicUrl = toOrigin('publicUrl', options.publicUrl ?? 'http://127.0.0.1');
  const users: readonly ServiceUserSeed<S>[] = options.users ?? DEFAULT_ACCOUNTS;
  return {
    publicUrl,
    serverUrl: toOrigin('serverUrl', options.serverUrl ?? publicUrl),
    now,
    clients: createRegisteredClients(options.clients),
    accounts: createAccounts(users),
    codes: createAuthorizationCodes(now, defaults.codeSeconds),
    tokens: createTokenPairs(now, defaults),
    switches: createSwitchboard({
      defaults: defaults.switches,
      everybody: options.switches ?? {},
      perUser: new Map(users.map((user) => [user.email, user.switches ?? {}])),
    }),
    faults: createFaults<ServiceFault>(options.faults ?? []),
    requests: createRequestLog(),
  };
}
