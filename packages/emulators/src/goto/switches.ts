import { DEFAULT_SERVICE_SWITCHES, type ServiceSwitches } from '../serving/service-parts.ts';

/** What GoTo does differently for a person, or on a bad day. Off unless said otherwise. */
export interface GoToSwitches extends ServiceSwitches {
  /**
   * Each refresh gives a new refresh token and ends the old one. Off: the answer has none, and the old one goes on, as GoTo's page shows
   * it; the page has both answers.
   */
  readonly rotateRefreshTokens: boolean;
}

/** The switches of an emulator that was given none. */
export const DEFAULT_GOTO_SWITCHES: GoToSwitches = { ...DEFAULT_SERVICE_SWITCHES, rotateRefreshTokens: false };
