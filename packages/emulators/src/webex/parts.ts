import type { MeetingStore } from '../serving/meeting-store.ts';
import type { ServiceParts } from '../serving/service-parts.ts';
import type { TimeZones } from '../time-zones.ts';
import type { WebexMeeting } from './meetings.ts';

/** Everything a Webex emulator is made of. Handlers take the parts they use. */
export interface WebexParts extends ServiceParts {
  readonly zones: TimeZones;
  readonly meetings: MeetingStore<WebexMeeting>;
}
