import type { CalendarSeed, EventSeed } from '../mailbox/events.ts';
import type { OnlineMeetingProvider } from '../mailbox/online-meeting.ts';
import type { MicrosoftSwitches } from '../switches.ts';
import { guidOf, personalObjectIdOf } from './guid.ts';
import { CONSUMERS_TENANT_ID, type Tenants } from './tenants.ts';

/** Where somebody's mail and calendar are: Graph reaches Exchange Online alone. */
export type MailboxPlace = 'exchange_online' | 'on_premises' | 'none';

/** A person with a Microsoft account, to start with. */
export interface UserSeed {
  /** What the person types to sign in: the user principal name, or the address of a personal account. */
  readonly email: string;
  readonly name: string;
  /** The organisation, by domain or id; absent for a personal account. */
  readonly tenant?: string;
  /** Whether the person may consent for the organisation. */
  readonly isAdmin?: boolean;
  /** Other organisations where this person is a guest, by domain or id. */
  readonly guestOf?: readonly string[];
  /** What the `email` claim says, which an administrator can set to any address; the default is `email`. */
  readonly mail?: string;
  /** Whether the domain owner of `mail` is verified, which the `xms_edov` claim says. The default is `true` while `mail` is `email`. */
  readonly mailVerified?: boolean;
  /** The default is `Europe/Berlin`. */
  readonly timeZone?: string;
  /** The default is `exchange_online`. */
  readonly mailbox?: MailboxPlace;
  /** Events of the default calendar. */
  readonly events?: readonly EventSeed[];
  /** Of the default calendar. The default is Teams for work accounts, and nothing for personal ones. */
  readonly allowedOnlineMeetingProviders?: readonly OnlineMeetingProvider[];
  /** Calendars besides the default one. */
  readonly calendars?: readonly CalendarSeed[];
  /** Switches for this person alone. */
  readonly switches?: Partial<MicrosoftSwitches>;
}

/** A person with a Microsoft account. */
export interface MicrosoftUser {
  readonly email: string;
  readonly name: string;
  readonly homeTenantId: string;
  readonly isPersonal: boolean;
  readonly isAdmin: boolean;
  readonly guestOf: readonly string[];
  readonly timeZone: string;
  mailbox: MailboxPlace;
  mail: string;
  mailVerified: boolean;
  /** Refresh tokens issued before this instant are revoked. */
  sessionsValidFromMs: number;
}

/** A person as one organisation knows them. A guest has another object id than at home. */
export interface Principal {
  readonly user: MicrosoftUser;
  readonly tenantId: string;
  readonly oid: string;
  readonly userPrincipalName: string;
  readonly isGuest: boolean;
  readonly isAdmin: boolean;
}

/** The people. */
export interface People {
  readonly all: () => readonly MicrosoftUser[];
  readonly add: (seed: UserSeed) => MicrosoftUser;
  readonly find: (email: string) => MicrosoftUser | undefined;
  /** Returns the person as that organisation knows them, or `undefined` when it does not. */
  readonly principalIn: (user: MicrosoftUser, tenantId: string) => Principal | undefined;
}

/**
 * Creates the register of people.
 * @throws TypeError for an organisation that does not exist.
 */
export function createPeople(tenants: Tenants): People {
  const byEmail = new Map<string, MicrosoftUser>();
  const idOf = (tenant: string): string => {
    const found = tenants.find(tenant);
    if (found === undefined) throw new TypeError(`users[].tenant: expected the domain or id of one of tenants, received ${tenant}`);
    return found.id;
  };
  return {
    all: () => [...byEmail.values()],
    add: (seed) => {
      const user = toUser(seed, idOf);
      byEmail.set(user.email, user);
      return user;
    },
    find: (email) => byEmail.get(email.toLowerCase()),
    principalIn: (user, tenantId) => {
      if (user.homeTenantId === tenantId) return homePrincipal(user);
      return user.guestOf.includes(tenantId) ? guestPrincipal(user, tenantId, tenants) : undefined;
    },
  };
}

/** Returns the person as the own organisation knows them. */
export function homePrincipal(user: MicrosoftUser): Principal {
  const oid = user.isPersonal ? personalObjectIdOf(user.email) : guidOf(`${user.homeTenantId} ${user.email}`);
  return { user, tenantId: user.homeTenantId, oid, userPrincipalName: user.email, isGuest: false, isAdmin: user.isAdmin };
}

function guestPrincipal(user: MicrosoftUser, tenantId: string, tenants: Tenants): Principal {
  const domain = tenants.find(tenantId)?.domain ?? tenantId;
  return {
    user,
    tenantId,
    oid: guidOf(`${tenantId} ${user.email}`),
    userPrincipalName: `${user.email.replace('@', '_')}#EXT#@${domain}`,
    isGuest: true,
    isAdmin: false,
  };
}

function toUser(seed: UserSeed, idOf: (tenant: string) => string): MicrosoftUser {
  const email = seed.email.toLowerCase();
  return {
    email,
    name: seed.name,
    homeTenantId: seed.tenant === undefined ? CONSUMERS_TENANT_ID : idOf(seed.tenant),
    isPersonal: seed.tenant === undefined,
    isAdmin: seed.isAdmin ?? false,
    guestOf: (seed.guestOf ?? []).map(idOf),
    timeZone: seed.timeZone ?? 'Europe/Berlin',
    mailbox: seed.mailbox ?? 'exchange_online',
    mail: seed.mail ?? email,
    mailVerified: seed.mailVerified ?? (seed.mail === undefined || seed.mail === seed.email),
    sessionsValidFromMs: 0,
  };
}
