import type { Context, MiddlewareHandler } from 'hono';
import { bearerToken } from '../../oauth/bearer-token.ts';
import type { Principal } from '../directory/people.ts';
import { GRAPH } from '../oauth/permissions.ts';
import { nameOf } from '../oauth/scopes.ts';
import type { AccessToken } from '../oauth/tokens.ts';
import type { MicrosoftParts } from '../parts.ts';
import { accessDenied, GraphError, mailboxNotEnabled } from './graph-error.ts';

/** Who calls Graph, and what the token lets the app do. */
export interface Caller {
  readonly principal: Principal;
  /** The token's `scp`. */
  readonly permissions: readonly string[];
}

/** What Graph's handlers find in their context. */
export interface GraphEnv {
  Variables: { caller: Caller };
}

/** What checking a caller uses. */
export type CallerDeps = Pick<MicrosoftParts, 'tokens' | 'people' | 'publicUrl'>;

/** What somebody asks of Graph. */
export const GRAPH_CALLS = [
  'me',
  'revokeSignInSessions',
  'mailboxSettings',
  'calendars',
  'events',
  'getSchedule',
  'changeEvents',
  'onlineMeetings',
] as const;

/** One of {@link GRAPH_CALLS}. */
export type GraphCall = (typeof GRAPH_CALLS)[number];

const CALENDAR_READ: readonly string[] = ['Calendars.ReadBasic', 'Calendars.Read', 'Calendars.ReadWrite'];

/**
 * The delegated permissions of each call, the least first. Any one of them is enough.
 * @see {@link https://learn.microsoft.com/graph/permissions-reference}
 */
const CALL_PERMISSIONS: Readonly<Record<GraphCall, readonly string[]>> = {
  me: ['User.Read', 'User.Read.All'],
  revokeSignInSessions: ['User.RevokeSessions.All'],
  mailboxSettings: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
  calendars: CALENDAR_READ,
  events: CALENDAR_READ,
  getSchedule: CALENDAR_READ,
  changeEvents: ['Calendars.ReadWrite'],
  onlineMeetings: ['OnlineMeetings.ReadWrite'],
};

const DIRECTORY_CALLS: readonly GraphCall[] = ['me', 'revokeSignInSessions'];
/** What Teams answers, mailbox or not. Personal accounts are documented as not supported; what they get is unverified. */
const TEAMS_CALLS: readonly GraphCall[] = ['onlineMeetings'];
/** What Graph does not have for personal accounts. A third party saw this answer; Microsoft documents "not supported". */
const WORK_CALLS: readonly GraphCall[] = ['getSchedule'];

/** Lets a call pass whose token is live, for Graph, a person's, and has one of the call's permissions. */
export function allow(call: GraphCall, deps: CallerDeps): MiddlewareHandler<GraphEnv> {
  return async function checkCaller(c, next) {
    const access = liveToken(c, deps);
    if (access.email === undefined) {
      throw new GraphError(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
    }
    const user = deps.people.find(access.email);
    const principal = user === undefined ? undefined : deps.people.principalIn(user, access.tenantId);
    if (principal === undefined) throw new GraphError(404, 'Request_ResourceNotFound', 'Resource does not exist.');
    const permissions = access.scopes.map(nameOf);
    const isDirectoryCall = DIRECTORY_CALLS.includes(call);
    const isTeamsCall = TEAMS_CALLS.includes(call);
    if (!CALL_PERMISSIONS[call].some((permission) => permissions.includes(permission))) {
      throw isDirectoryCall ? insufficientPrivileges() : isTeamsCall ? forbiddenByTeams() : accessDenied();
    }
    if (isTeamsCall && (principal.user.isPersonal || principal.isGuest)) throw forbiddenByTeams();
    if (!isDirectoryCall && !isTeamsCall && !hasMailbox(principal)) throw mailboxNotEnabled();
    if (WORK_CALLS.includes(call) && principal.user.isPersonal) throw mailboxNotEnabled();
    c.set('caller', { principal, permissions });
    await next();
  };
}

/** Says whether only the plain facts of an event may be seen: not its body, attachments or extensions. */
export function isBasic({ permissions }: Caller): boolean {
  return !permissions.includes('Calendars.Read') && !permissions.includes('Calendars.ReadWrite');
}

/** A guest's mailbox is in the other organisation. */
function hasMailbox({ user, isGuest }: Principal): boolean {
  return !isGuest && user.mailbox === 'exchange_online';
}

function liveToken(c: Context, { tokens, publicUrl }: CallerDeps): AccessToken {
  const text = bearerToken(c);
  const challenge = `Bearer realm="", authorization_uri="${publicUrl}/common/oauth2/authorize", client_id="${GRAPH.appId}"`;
  c.header('WWW-Authenticate', challenge);
  if (text === undefined) throw invalidToken('Access token is empty.');
  const access = tokens.findAccessToken(text);
  if (access === undefined) throw invalidToken('CompactToken parsing failed with error code: 80049217');
  if (!access.isLive) throw invalidToken('Lifetime validation failed, the token is expired.');
  if (access.resource !== GRAPH.uri) throw invalidToken('Access token validation failure. Invalid audience.');
  c.header('WWW-Authenticate', undefined);
  return access;
}

function invalidToken(message: string): GraphError {
  return new GraphError(401, 'InvalidAuthenticationToken', message);
}

function forbiddenByTeams(): GraphError {
  return new GraphError(403, 'Forbidden', 'Forbidden');
}

function insufficientPrivileges(): GraphError {
  return new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}
