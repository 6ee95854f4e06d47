import type { ElementState } from '../element-states.ts';

/** The element came into another state. Fires for every step, so that a page can measure how far people get. */
export class CalendarConnectStateEvent extends Event {
  declare readonly state: ElementState;
  declare readonly previous: ElementState;

  constructor(state: ElementState, previous: ElementState) {
    super('calendar-connect-state', { bubbles: true, composed: true });
    this.state = state;
    this.previous = previous;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'calendar-connect-state': CalendarConnectStateEvent;
  }
}
