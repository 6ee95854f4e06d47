/**
 * Ids of the calendar providers that `serve` can set up. The command checks against these and not against those that are set up: it may run
 * where the settings of `serve` are not.
 */
export const CALENDAR_PROVIDERS: ReadonlySet<string> = new Set(['google', 'microsoft', 'exchange']);

/** Ids of the conferencing services, so. */
export const CONFERENCING_SERVICES: ReadonlySet<string> = new Set(['google_meet', 'microsoft_teams', 'zoom', 'webex', 'goto']);
