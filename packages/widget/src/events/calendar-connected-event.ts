import type { AccessMode, ConnectionSummary } from '@calendar-connect/protocol';

/**
 * A calendar is connected. Fires once per connection, only after the server that was given the code said yes.
 *
 * Nothing on it is proof: a partner's server redeems `receipt`, or exchanged the code itself.
 */
export class CalendarConnectedEvent extends Event {
  /** The end user's account: a label. */
  declare readonly accountId: string;
  declare readonly profileId: string;
  /** Such as `google`. */
  declare readonly provider: string;
  declare readonly accessMode: AccessMode;
  /** The connected login as the person knows it, mostly an e-mail address. */
  declare readonly name: string;
  /** Redeemed by the partner's server within 10 minutes, once. Absent where the partner's own server exchanged the code. */
  declare readonly receipt: string | undefined;

  constructor(summary: ConnectionSummary) {
    super('calendar-connected', { bubbles: true, composed: true });
    this.accountId = summary.account_id;
    this.profileId = summary.profile_id;
    this.provider = summary.provider;
    this.accessMode = summary.access_mode;
    this.name = summary.name;
    this.receipt = summary.receipt;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'calendar-connected': CalendarConnectedEvent;
  }
}
