import { DEFAULT_SERVICE_SWITCHES, type ServiceSwitches } from '../serving/service-parts.ts';

/** What Zoom does differently for a person, or on a bad day. Off unless said otherwise. */
export interface ZoomSwitches extends ServiceSwitches {
  /** How many meetings a person may create and change in a day of UTC. The default is 100, as Zoom's; 0 refuses the next. */
  readonly dailyMeetingLimit: number;
  /** A new consent of a person ends the tokens that the app had of them. Seen in 2026; Zoom's pages do not say so. */
  readonly onePairPerApp: boolean;
  /** Dead codes and refresh tokens are `invalid_request`, as Zoom answered in earlier years, instead of `invalid_grant`. */
  readonly deadTokensAreInvalidRequest: boolean;
}

/** The switches of an emulator that was given none. */
export const DEFAULT_ZOOM_SWITCHES: ZoomSwitches = {
  ...DEFAULT_SERVICE_SWITCHES,
  dailyMeetingLimit: 100,
  onePairPerApp: false,
  deadTokensAreInvalidRequest: false,
};
