import type { Hono } from 'hono';
import { createMeetingStore } from '../serving/meeting-store.ts';
import { createServiceControl, type ServiceControl } from '../serving/service-control.ts';
import { createServiceParts, type ServiceOptions } from '../serving/service-parts.ts';
import { createApp } from './app.ts';
import type { GoToMeeting } from './meetings.ts';
import { DEFAULT_GOTO_SWITCHES, type GoToSwitches } from './switches.ts';
import { ACCESS_TOKEN_SECONDS } from './token.ts';

const DAY_SECONDS = 86_400;
/** GoTo's pages say how long an access token lives; thirty days are long known, and the code's time is unverified. */
const LIFETIMES = { codeSeconds: 300, accessTokenSeconds: ACCESS_TOKEN_SECONDS, refreshTokenSeconds: 30 * DAY_SECONDS };

/** How a GoTo emulator begins. */
export type GoToEmulatorOptions = ServiceOptions<GoToSwitches>;

/** How a test or a demonstration steers the emulator while it runs. */
export type GoToControl = ServiceControl<GoToSwitches, GoToMeeting>;

/** An emulator that is not listening: requests go to `app.request()` or `app.fetch()`. */
export interface GoToEmulator {
  readonly app: Hono;
  readonly control: GoToControl;
}

/**
 * Creates an emulator of GoTo's OAuth endpoints and of what GoToMeeting's API has of meetings, with all its state in memory.
 * @throws TypeError for an option that cannot be.
 */
export function createGoToEmulator(options: GoToEmulatorOptions): GoToEmulator {
  const meetings = createMeetingStore<GoToMeeting>();
  const parts = { ...createServiceParts(options, { ...LIFETIMES, switches: DEFAULT_GOTO_SWITCHES }), meetings };
  return { app: createApp(parts), control: createServiceControl(parts, meetings) };
}
