import type { AccessMode } from '@calendar-connect/protocol';
import { GOOGLE_ENDPOINTS, GOOGLE_SCOPE_PREFIX, type GoogleOAuthEndpoints, IDENTITY_SCOPES } from '../google/manifest.ts';
import type { ServiceOptions, ServiceSettings } from '../oauth2/service-options.ts';
import type { ProviderMode } from '../provider.ts';

/** Where Google answers for Meet. Another installation of the same protocol, such as an emulator, has others. */
export interface GoogleMeetEndpoints extends GoogleOAuthEndpoints {
  /** Root of the Meet API, without `v2`. */
  readonly meet: string;
}

/** What the operator says about Google Meet: an OAuth client as for Google Calendar, or the same one, with the Google Meet REST API enabled in its project. */
export interface GoogleMeetOptions extends ServiceOptions<GoogleMeetEndpoints> {}

/** The options, checked and completed. */
export interface GoogleMeetSettings extends ServiceSettings<GoogleMeetEndpoints> {
  readonly modes: Readonly<Partial<Record<AccessMode, ProviderMode>>>;
}

const { issuer, authorization, token, revocation, keys } = GOOGLE_ENDPOINTS;

/** Google's own addresses. @see [Meet REST API](https://developers.google.com/workspace/meet/api/reference/rest/v2) */
export const GOOGLE_MEET_ENDPOINTS: GoogleMeetEndpoints = {
  issuer,
  authorization,
  token,
  revocation,
  keys,
  meet: 'https://meet.googleapis.com',
};

/** The login, and spaces that we made ourselves: no others can be seen. @see [Meet API scopes](https://developers.google.com/workspace/meet/api/guides/authenticate-authorize) */
export const GOOGLE_MEET_MODES: Readonly<Partial<Record<AccessMode, ProviderMode>>> = {
  full: { requestNames: ['google_meet_api'], scopes: [...IDENTITY_SCOPES, `${GOOGLE_SCOPE_PREFIX}meetings.space.created`] },
};
