import type { LoggedRequest } from '../serving/request-log.ts';
import type { ApprovalRequest } from './approval-requests.ts';
import { homePrincipal, type MailboxPlace, type MicrosoftUser, type UserSeed } from './directory/people.ts';
import type { ConsentPolicy, Tenant, TenantSeed } from './directory/tenants.ts';
import type { StoredOnlineMeeting } from './graph/online-meetings.ts';
import type { MicrosoftFault } from './faults.ts';
import type { EventSeed, StoredEvent } from './mailbox/events.ts';
import type { MicrosoftClient } from './oauth/clients.ts';
import { registeredScopes, toFullScopes } from './oauth/scopes.ts';
import type { MicrosoftParts } from './parts.ts';
import type { MicrosoftSwitches } from './switches.ts';

/** An administrator's consent outside the pages, as in Entra's own admin centre. */
export interface Approval {
  /** The organisation, by domain or id. */
  readonly tenant: string;
  readonly clientId: string;
  /** Delegated permissions; the default is what the app's registration lists. */
  readonly scopes?: readonly string[];
  /** Application permissions; the default is what the app's registration lists. */
  readonly roles?: readonly string[];
}

/** How a test or a demonstration steers the emulator while it runs. It is not reachable over HTTP. */
export interface MicrosoftControl {
  readonly tenants: readonly Tenant[];
  readonly users: readonly MicrosoftUser[];
  /** The Teams meetings that belong to no event. */
  readonly onlineMeetings: readonly StoredOnlineMeeting[];
  /** The newest requests, oldest first, without anything secret. */
  readonly requests: readonly LoggedRequest[];
  readonly clearRequests: () => void;
  /** What people asked of their administrators on the page of the admin consent workflow. */
  readonly approvalRequests: readonly ApprovalRequest[];
  /** Changes switches for everybody. */
  readonly set: (changes: Partial<MicrosoftSwitches>) => void;
  /** Changes switches for one person; they win over the ones for everybody. */
  readonly setFor: (email: string, changes: Partial<MicrosoftSwitches>) => void;
  /** Makes trouble, from now on or for the next `times` requests; returns what ends it. */
  readonly addFault: (fault: MicrosoftFault) => () => void;
  /** Puts switches and faults back to the options of the start. People, consents, calendars and tokens stay. */
  readonly reset: () => void;
  readonly addTenant: (seed: TenantSeed) => Tenant;
  readonly addUser: (seed: UserSeed) => MicrosoftUser;
  readonly addClient: (client: MicrosoftClient) => void;
  /** Puts an event in somebody's default calendar, or the one with the id. @throws RangeError for one that does not exist. */
  readonly addEvent: (email: string, event: EventSeed, calendarId?: string) => StoredEvent;
  readonly setConsentPolicy: (tenant: string, policy: ConsentPolicy) => void;
  /** Switches EWS in an organisation's Exchange Online on or off (`EwsEnabled`). */
  readonly setEwsEnabled: (tenant: string, isEnabled: boolean) => void;
  /** Consents for everybody in an organisation. Nobody is told, as Microsoft tells nobody. */
  readonly approve: (approval: Approval) => void;
  /** Consents for one person. */
  readonly approveForUser: (email: string, clientId: string, scopes: readonly string[]) => void;
  /** Takes an app out of an organisation, with every consent there; refreshing ends with AADSTS65001. */
  readonly removeApp: (tenant: string, clientId: string) => void;
  /** Takes back one person's own consent. The organisation's stays. */
  readonly withdrawConsent: (email: string, clientId: string) => void;
  /** Shuts an app in an organisation (AADSTS7000112), or opens it again. */
  readonly setAppEnabled: (tenant: string, clientId: string, isEnabled: boolean) => void;
  /** Leaves an app in an organisation for assigned people (AADSTS50105), of whom the emulator has none, or for everybody again. */
  readonly setAssignmentRequired: (tenant: string, clientId: string, isRequired: boolean) => void;
  /** Ends every refresh token of a person, for every app: AADSTS50173. Access tokens live on. */
  readonly revokeSessions: (email: string) => void;
  readonly expireAccessTokens: (email: string) => void;
  /** Makes refresh tokens as old as ninety days without use: AADSTS700082. */
  readonly expireRefreshTokens: (email: string) => void;
  /** Counts the person's refresh tokens that would work, over all apps. Old ones count: rotation does not end them. */
  readonly liveRefreshTokens: (email: string) => number;
  /** Sets what the `email` claim says, as a tenant's administrator can: to anybody's address. */
  readonly setEmailClaim: (email: string, mail: string, isVerified?: boolean) => void;
  /** Moves a person's mailbox. Away from Exchange Online Graph answers `MailboxNotEnabledForRESTAPI`. */
  readonly setMailbox: (email: string, mailbox: MailboxPlace) => void;
}

type Steering = Pick<
  MicrosoftControl,
  | 'approve'
  | 'approveForUser'
  | 'removeApp'
  | 'withdrawConsent'
  | 'setConsentPolicy'
  | 'setEwsEnabled'
  | 'setAppEnabled'
  | 'setAssignmentRequired'
>;

/** Creates the controls over an emulator's parts. */
export function createControl(parts: MicrosoftParts): MicrosoftControl {
  const { people, tenants, requests, switches, faults, tokens, clients, mailboxes, onlineMeetings, approvalRequests, now } = parts;
  const userOf = finderOf('an address of a person whom the emulator has', people.find);
  return {
    get tenants() {
      return tenants.all();
    },
    get users() {
      return people.all();
    },
    get onlineMeetings() {
      return onlineMeetings.all();
    },
    get requests() {
      return requests.entries();
    },
    get approvalRequests() {
      return approvalRequests.entries();
    },
    clearRequests: requests.clear,
    set: switches.set,
    setFor: (email, changes) => switches.setFor(userOf(email).email, changes),
    addFault: faults.add,
    reset: () => {
      switches.reset();
      faults.reset();
    },
    addTenant: tenants.add,
    addUser: (seed) => addUser(seed, parts),
    addClient: clients.add,
    addEvent: (email, { id, ...fields }, calendarId) => {
      const calendars = mailboxes.calendarsOf(userOf(email).email);
      const calendar = calendarId === undefined ? calendars[0] : calendars.find((candidate) => candidate.id === calendarId);
      if (calendar === undefined) throw new RangeError('control.addEvent: expected the id of a calendar that the person has');
      return mailboxes.putEvent(calendar, { ...(id === undefined ? {} : { id }), fields });
    },
    ...consentControl(parts),
    revokeSessions: (email) => {
      userOf(email).sessionsValidFromMs = now() + 1;
    },
    expireAccessTokens: (email) => tokens.expireAccessTokens(userOf(email).email),
    expireRefreshTokens: (email) => tokens.expireRefreshTokens(userOf(email).email),
    liveRefreshTokens: (email) => {
      const user = userOf(email);
      return tokens.refreshTokensOf(user.email).filter(({ issuedMs }) => issuedMs >= user.sessionsValidFromMs).length;
    },
    setEmailClaim: (email, mail, isVerified = false) => {
      Object.assign(userOf(email), { mail, mailVerified: isVerified });
    },
    setMailbox: (email, mailbox) => {
      userOf(email).mailbox = mailbox;
    },
  };
}

/** Adds a person with a mailbox and switches. */
export function addUser(
  seed: UserSeed,
  { people, mailboxes, switches }: Pick<MicrosoftParts, 'people' | 'mailboxes' | 'switches'>,
): MicrosoftUser {
  const user = people.add(seed);
  mailboxes.open(user, seed);
  if (seed.switches !== undefined) switches.setFor(user.email, seed.switches);
  return user;
}

function consentControl({ people, tenants, clients, consents, now }: MicrosoftParts): Steering {
  const userOf = finderOf('an address of a person whom the emulator has', people.find);
  const tenantOf = finderOf('a domain or id of a tenant that the emulator has', tenants.find);
  const clientOf = finderOf('a client id that is registered', clients.find);
  return {
    setConsentPolicy: (tenant, policy) => {
      tenantOf(tenant).consentPolicy = policy;
    },
    setEwsEnabled: (tenant, isEnabled) => {
      tenantOf(tenant).ewsEnabled = isEnabled;
    },
    approve: ({ tenant, clientId, scopes, roles }) => {
      const client = clientOf(clientId);
      const asked = scopes === undefined ? registeredScopes(client) : toFullScopes(scopes);
      consents.grantForTenant({
        tenantId: tenantOf(tenant).id,
        clientId: client.clientId,
        scopes: [...asked, 'openid', 'profile', 'email', 'offline_access'],
        roles: roles ?? client.permissions?.application ?? [],
        effectiveMs: now(),
      });
    },
    approveForUser: (email, clientId, scopes) =>
      consents.grantForUser(homePrincipal(userOf(email)), clientOf(clientId).clientId, toFullScopes(scopes)),
    removeApp: (tenant, clientId) => consents.forgetTenant(tenantOf(tenant).id, clientOf(clientId).clientId),
    withdrawConsent: (email, clientId) => consents.forgetUser(homePrincipal(userOf(email)), clientOf(clientId).clientId),
    setAppEnabled: (tenant, clientId, isEnabled) => toggle(tenantOf(tenant).disabledClients, clientOf(clientId).clientId, !isEnabled),
    setAssignmentRequired: (tenant, clientId, isRequired) =>
      toggle(tenantOf(tenant).assignedOnlyClients, clientOf(clientId).clientId, isRequired),
  };
}

function finderOf<T>(expected: string, find: (text: string) => T | undefined): (text: string) => T {
  return (text) => {
    const found = find(text);
    if (found === undefined) throw new RangeError(`control: expected ${expected}`);
    return found;
  };
}

function toggle(set: Set<string>, entry: string, isIn: boolean): void {
  if (isIn) set.add(entry);
  else set.delete(entry);
}
