import type { Context, MiddlewareHandler } from 'hono';
import { bearerToken } from '../../oauth/bearer-token.ts';
import type { GoogleParts } from '../parts.ts';
import { ACCESS_ROLES, type AccessRole, type GoogleCalendar, type GoogleUser, type World } from '../world/world.ts';
import { ApiError, notFound } from './api-error.ts';
import { permittingScopes, viewOf, type CalendarMethod, type View } from './method-scopes.ts';

/** Who calls a Calendar method, and by which of its scopes. */
export interface Caller {
  readonly user: GoogleUser;
  readonly permitting: readonly string[];
}

/** What calendar handlers find in their context. */
export interface CalendarEnv {
  Variables: { caller: Caller };
}

/** A calendar as one caller sees it. */
export interface SeenCalendar {
  readonly calendar: GoogleCalendar;
  readonly role: AccessRole;
  readonly view: Exclude<View, 'none'>;
}

const HELP =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';

/** Lets a call pass whose access token is live and has one of the method's scopes. */
export function allow(method: CalendarMethod, { grants, world }: Pick<GoogleParts, 'grants' | 'world'>): MiddlewareHandler<CalendarEnv> {
  return async function checkCaller(c, next) {
    const token = bearerToken(c);
    if (token === undefined) throw loginRequired();
    const access = grants.findAccessToken(token);
    const user = access === undefined ? undefined : world.userBySub(access.sub);
    if (access === undefined || user === undefined) throw invalidCredentials();
    const permitting = permittingScopes(method, access.scopes);
    if (permitting.length === 0) throw insufficientScopes(method);
    c.set('caller', { user, permitting });
    await next();
  };
}

/**
 * Finds the calendar of a path or query for its caller.
 * @throws ApiError 404 also for calendars that exist but are not the caller's to know.
 */
export function seenCalendar(id: string, { user, permitting }: Caller, world: World): SeenCalendar {
  const calendar = world.calendar(id === 'primary' ? user.email : id);
  const role = calendar === undefined ? undefined : roleIn(calendar, user);
  if (calendar === undefined || role === undefined) throw notFound();
  const view = viewOf(permitting, { isOwned: role === 'owner', isPublic: calendar.isPublic });
  if (view === 'none') throw notFound();
  return { calendar, role, view: role === 'freeBusyReader' ? 'busy' : view };
}

/** Returns what somebody may do with a calendar; `undefined` when it is nothing. */
export function roleIn(calendar: GoogleCalendar, user: GoogleUser): AccessRole | undefined {
  return calendar.roles.get(user.email) ?? (calendar.isPublic ? 'reader' : undefined);
}

/** Says whether a role includes another. */
export function roleIncludes(role: AccessRole, least: AccessRole): boolean {
  return ACCESS_ROLES.indexOf(role) >= ACCESS_ROLES.indexOf(least);
}

/** Returns a parameter that the route has. */
export function pathParameter(c: Context, name: string): string {
  const value = c.req.param(name);
  if (value === undefined) throw notFound();
  return value;
}

function loginRequired(): ApiError {
  return new ApiError(401, {
    reason: 'required',
    message: 'Login Required.',
    outerMessage: `Request is missing required authentication credential. ${HELP}`,
    location: 'Authorization',
    locationType: 'header',
    challenge: 'Bearer realm="https://accounts.google.com/"',
  });
}

function invalidCredentials(): ApiError {
  return new ApiError(401, {
    reason: 'authError',
    message: 'Invalid Credentials',
    outerMessage: `Request had invalid authentication credentials. ${HELP}`,
    location: 'Authorization',
    locationType: 'header',
    challenge: 'Bearer realm="https://accounts.google.com/", error="invalid_token"',
  });
}

function insufficientScopes(method: CalendarMethod): ApiError {
  const [resource = '', verb = ''] = method.split('.').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return new ApiError(403, {
    reason: 'insufficientPermissions',
    message: 'Insufficient Permission',
    outerMessage: 'Request had insufficient authentication scopes.',
    errorInfo: { reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', method: `calendar.v3.${resource}.${verb}` },
    challenge: 'Bearer realm="https://accounts.google.com/", error="insufficient_scope"',
  });
}
