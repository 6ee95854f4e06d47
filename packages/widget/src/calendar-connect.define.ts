import { CalendarConnect } from './calendar-connect.ts';

export * from './calendar-connect.ts';

// Twice on a page (two script tags, two bundles) the first one stays. On a server there is nothing to register with.
if (globalThis.customElements && !customElements.get('calendar-connect')) customElements.define('calendar-connect', CalendarConnect);

declare global {
  interface HTMLElementTagNameMap {
    'calendar-connect': CalendarConnect;
  }
}
