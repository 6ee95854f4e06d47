import type { MeetingStore } from '../serving/meeting-store.ts';
import type { ServiceParts } from '../serving/service-parts.ts';
import type { GoToMeeting } from './meetings.ts';
import type { GoToSwitches } from './switches.ts';

/** Everything a GoTo emulator is made of. Handlers take the parts they use. */
export interface GoToParts extends ServiceParts<GoToSwitches> {
  readonly meetings: MeetingStore<GoToMeeting>;
}
