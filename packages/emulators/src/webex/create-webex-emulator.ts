import type { Hono } from 'hono';
import { createMeetingStore } from '../serving/meeting-store.ts';
import { createServiceControl, type ServiceControl } from '../serving/service-control.ts';
import { createServiceParts, DEFAULT_SERVICE_SWITCHES, type ServiceOptions, type ServiceSwitches } from '../serving/service-parts.ts';
import { createTimeZones } from '../time-zones.ts';
import { createApp } from './app.ts';
import type { WebexMeeting } from './meetings.ts';
import { ACCESS_TOKEN_SECONDS } from './token.ts';

/** Ninety days, and a second less. */
const REFRESH_TOKEN_SECONDS = 7_775_999;
/** Webex does not say how long a code lives. */
const CODE_SECONDS = 300;

/** How a Webex emulator begins. */
export type WebexEmulatorOptions = ServiceOptions<ServiceSwitches>;

/** How a test or a demonstration steers the emulator while it runs. */
export type WebexControl = ServiceControl<ServiceSwitches, WebexMeeting>;

/** An emulator that is not listening: requests go to `app.request()` or `app.fetch()`. */
export interface WebexEmulator {
  readonly app: Hono;
  readonly control: WebexControl;
}

/**
 * Creates an emulator of Webex's OAuth endpoints and of what its API has of meetings, with all its state in memory.
 * @throws TypeError for an option that cannot be.
 */
export function createWebexEmulator(options: WebexEmulatorOptions): WebexEmulator {
  const lifetimes = { codeSeconds: CODE_SECONDS, accessTokenSeconds: ACCESS_TOKEN_SECONDS, refreshTokenSeconds: REFRESH_TOKEN_SECONDS };
  const meetings = createMeetingStore<WebexMeeting>();
  const parts = {
    ...createServiceParts(options, { ...lifetimes, switches: DEFAULT_SERVICE_SWITCHES }),
    meetings,
    zones: createTimeZones(),
  };
  return { app: createApp(parts), control: createServiceControl(parts, meetings) };
}
