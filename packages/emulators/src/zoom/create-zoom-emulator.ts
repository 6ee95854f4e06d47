import type { Hono } from 'hono';
import { createMeetingStore } from '../serving/meeting-store.ts';
import { createServiceControl, type ServiceControl } from '../serving/service-control.ts';
import { createServiceParts, type ServiceOptions } from '../serving/service-parts.ts';
import { createApp } from './app.ts';
import { createDailyCount } from './daily-limit.ts';
import type { ZoomMeeting } from './meetings.ts';
import type { ZoomParts } from './parts.ts';
import { DEFAULT_ZOOM_SWITCHES, type ZoomSwitches } from './switches.ts';
import { ACCESS_TOKEN_SECONDS } from './token.ts';

const DAY_SECONDS = 86_400;
/** @see {@link https://developers.zoom.us/docs/integrations/oauth/} for the code's five minutes; ninety days are long known. */
const LIFETIMES = { codeSeconds: 300, accessTokenSeconds: ACCESS_TOKEN_SECONDS, refreshTokenSeconds: 90 * DAY_SECONDS };

/** How a Zoom emulator begins. */
export type ZoomEmulatorOptions = ServiceOptions<ZoomSwitches>;

/** How a test or a demonstration steers the emulator while it runs. */
export type ZoomControl = ServiceControl<ZoomSwitches, ZoomMeeting>;

/** An emulator that is not listening: requests go to `app.request()` or `app.fetch()`. */
export interface ZoomEmulator {
  readonly app: Hono;
  readonly control: ZoomControl;
}

/**
 * Creates an emulator of Zoom's OAuth endpoints and of what its API has of meetings, with all its state in memory.
 * @throws TypeError for an option that cannot be.
 * @example
 * ```ts
 * const zoom = createZoomEmulator({
 *   clients: [{ clientId: 'zoom-client', clientSecret: 'zoom-secret', redirectUris: ['http://localhost:3000/callback'] }],
 * });
 * zoom.control.setFor('amira@partner.example', { dailyMeetingLimit: 0 });
 * ```
 */
export function createZoomEmulator(options: ZoomEmulatorOptions): ZoomEmulator {
  const service = createServiceParts(options, { ...LIFETIMES, switches: DEFAULT_ZOOM_SWITCHES });
  const parts: ZoomParts = { ...service, meetings: createMeetingStore<ZoomMeeting>(), dailyCount: createDailyCount(service.now) };
  return { app: createApp(parts), control: createServiceControl(parts, parts.meetings) };
}
