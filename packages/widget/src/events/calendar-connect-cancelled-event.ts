/** The person closed the dialog, cancelled, or said no at the provider. Nothing was shared. */
export class CalendarConnectCancelledEvent extends Event {
  constructor() {
    super('calendar-connect-cancelled', { bubbles: true, composed: true });
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'calendar-connect-cancelled': CalendarConnectCancelledEvent;
  }
}
