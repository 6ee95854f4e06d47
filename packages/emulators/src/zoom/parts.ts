import type { MeetingStore } from '../serving/meeting-store.ts';
import type { ServiceParts } from '../serving/service-parts.ts';
import type { DailyCount } from './daily-limit.ts';
import type { ZoomMeeting } from './meetings.ts';
import type { ZoomSwitches } from './switches.ts';

/** Everything a Zoom emulator is made of. Handlers take the parts they use. */
export interface ZoomParts extends ServiceParts<ZoomSwitches> {
  readonly meetings: MeetingStore<ZoomMeeting>;
  readonly dailyCount: DailyCount;
}
