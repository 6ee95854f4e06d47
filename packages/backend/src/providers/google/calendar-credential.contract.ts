import type { Credential } from '../provider.ts';
import { NOW_MS } from './scripted-google.contract.ts';

/** With what one has to ask the scripted Google for calendars. */
export const GOOGLE_CREDENTIAL: Credential = {
  accessToken: 'ya29.access-very-secret',
  // Long over by the clock: whether it still works is for Google to say and for the caller to mend.
  accessTokenExpiresAtMs: NOW_MS - 1,
  refreshToken: '1//refresh-very-secret',
  grantedScopes: [],
  endsAtMs: undefined,
};

/** A Monday, from nine to five. */
export const RANGE = { fromMs: Date.parse('2026-11-16T09:00:00Z'), toMs: Date.parse('2026-11-16T17:00:00Z') } as const;
