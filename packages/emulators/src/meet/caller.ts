import type { MiddlewareHandler } from 'hono';
import type { GoogleParts } from '../google/parts.ts';
import type { GoogleUser } from '../google/world/world.ts';
import { bearerToken } from '../oauth/bearer-token.ts';
import { MeetError } from './meet-error.ts';

/** What handlers of the Meet API find in their context. */
export interface MeetEnv {
  Variables: { user: GoogleUser };
}

/** The methods of `spaces` that the emulator knows. */
export type MeetMethod = 'create' | 'get' | 'endActiveConference';

const CREATED = 'https://www.googleapis.com/auth/meetings.space.created';
const READONLY = 'https://www.googleapis.com/auth/meetings.space.readonly';

/** The scopes of each method, from Google's own client library, `googleapis` 188.0.0. Any one of them is enough. */
const METHOD_SCOPES: Readonly<Record<MeetMethod, readonly string[]>> = {
  create: [CREATED],
  get: [CREATED, READONLY],
  endActiveConference: [CREATED],
};

const HELP =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';

/** Lets a call pass whose access token is live and has one of the method's scopes. */
export function allowMeet(method: MeetMethod, { grants, world }: Pick<GoogleParts, 'grants' | 'world'>): MiddlewareHandler<MeetEnv> {
  return async function checkCaller(c, next) {
    const token = bearerToken(c);
    if (token === undefined) {
      throw new MeetError(401, 'UNAUTHENTICATED', {
        message: `Request is missing required authentication credential. ${HELP}`,
        reason: 'CREDENTIALS_MISSING',
      });
    }
    const access = grants.findAccessToken(token);
    const user = access === undefined ? undefined : world.userBySub(access.sub);
    if (access === undefined || user === undefined) {
      throw new MeetError(401, 'UNAUTHENTICATED', {
        message: `Request had invalid authentication credentials. ${HELP}`,
        reason: 'ACCESS_TOKEN_EXPIRED',
      });
    }
    if (!METHOD_SCOPES[method].some((scope) => access.scopes.includes(scope))) {
      throw new MeetError(403, 'PERMISSION_DENIED', {
        message: 'Request had insufficient authentication scopes.',
        reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
      });
    }
    c.set('user', user);
    await next();
  };
}
