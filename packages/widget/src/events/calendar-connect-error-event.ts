import type { EventErrorCode } from '@calendar-connect/protocol';

/** Something did not work. The element has told the person by itself. */
export class CalendarConnectErrorEvent extends Event {
  /** Stable. */
  declare readonly code: EventErrorCode;
  /** One sentence for a developer; not for the page. */
  declare readonly message: string;

  constructor(code: EventErrorCode, message: string) {
    super('calendar-connect-error', { bubbles: true, composed: true });
    this.code = code;
    this.message = message;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'calendar-connect-error': CalendarConnectErrorEvent;
  }
}
