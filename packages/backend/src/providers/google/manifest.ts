import type { AccessMode } from '@calendar-connect/protocol';
import type { ProviderMode } from '../provider.ts';

/** Where Google signs people in. Another installation of the same protocol, such as an emulator, has others. */
export interface GoogleOAuthEndpoints {
  /** `iss` of its id tokens, and of `iss` at the callback. */
  readonly issuer: string;
  /** Where the browser goes. */
  readonly authorization: string;
  readonly token: string;
  readonly revocation: string;
  /** The JSON Web Key Set that id tokens are signed with. */
  readonly keys: string;
}

/** Where Google answers. */
export interface GoogleEndpoints extends GoogleOAuthEndpoints {
  /** Root of the Calendar API, without `calendar/v3`. */
  readonly api: string;
}

/**
 * Google's own addresses.
 *
 * @see [Google's discovery document](https://accounts.google.com/.well-known/openid-configuration) for all but the last
 * @see [Calendar API reference](https://developers.google.com/workspace/calendar/api/v3/reference)
 */
export const GOOGLE_ENDPOINTS: GoogleEndpoints = {
  issuer: 'https://accounts.google.com',
  authorization: 'https://accounts.google.com/o/oauth2/v2/auth',
  token: 'https://oauth2.googleapis.com/token',
  revocation: 'https://oauth2.googleapis.com/revoke',
  keys: 'https://www.googleapis.com/oauth2/v3/certs',
  api: 'https://www.googleapis.com/',
};

/**
 * The project of an OAuth client, with whose number its id begins. People consent to a project: a revocation ends what all of its clients got.
 *
 * @see [Revoking a token](https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke)
 */
export function googleProjectOf(clientId: string): string {
  return /^\d+(?=-)/.exec(clientId)?.[0] ?? clientId;
}

/** Google signs with either spelling of itself. [Validating an id token](https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken) */
export const GOOGLE_ISSUER_ALIAS = 'accounts.google.com';

/** [Calendar API scopes](https://developers.google.com/workspace/calendar/api/auth) begin so. */
export const GOOGLE_SCOPE_PREFIX = 'https://www.googleapis.com/auth/';

/** Whose login it is: `sub` and `hd` come with `openid`, the label with `email`. [OpenID Connect scopes](https://developers.google.com/identity/openid-connect/openid-connect#scope-param) */
export const IDENTITY_SCOPES: readonly string[] = ['openid', 'email'];

/** What free/busy mode may ask for beside the login itself. */
export const FREE_BUSY_SCOPE_CHOICES = ['calendar.events.freebusy', 'calendar.freebusy'] as const;

/** One of {@link FREE_BUSY_SCOPE_CHOICES}. */
export type FreeBusyScopes = (typeof FREE_BUSY_SCOPE_CHOICES)[number];

/**
 * Full access asks for three narrow scopes and not for `calendar`, whose consent text also speaks of sharing and deleting whole calendars.
 * `calendar.events` allows neither `calendarList.list` nor `freebusy.query`, hence the other two.
 */
const FULL: ProviderMode = {
  requestNames: ['google'],
  scopes: [
    ...IDENTITY_SCOPES,
    `${GOOGLE_SCOPE_PREFIX}calendar.events`,
    `${GOOGLE_SCOPE_PREFIX}calendar.calendarlist.readonly`,
    `${GOOGLE_SCOPE_PREFIX}calendar.freebusy`,
  ],
};

/**
 * `calendar.events.freebusy` gives times without contents for any calendar, with change notices, and wants the list of calendars beside it.
 * `calendar.freebusy` needs no verification by Google, but knows no calendar other than the primary one and has to be asked again and again.
 */
const FREE_BUSY: Readonly<Record<FreeBusyScopes, ProviderMode>> = {
  'calendar.events.freebusy': {
    requestNames: ['google_free_busy'],
    scopes: [...IDENTITY_SCOPES, `${GOOGLE_SCOPE_PREFIX}calendar.events.freebusy`, `${GOOGLE_SCOPE_PREFIX}calendar.calendarlist.readonly`],
  },
  'calendar.freebusy': {
    requestNames: ['google_free_busy'],
    scopes: [...IDENTITY_SCOPES, `${GOOGLE_SCOPE_PREFIX}calendar.freebusy`],
  },
};

/** The access modes that Google can do, with exactly what each asks for. */
export function googleModes(freeBusyScopes: FreeBusyScopes): Readonly<Partial<Record<AccessMode, ProviderMode>>> {
  return { full: FULL, free_busy: FREE_BUSY[freeBusyScopes] };
}
