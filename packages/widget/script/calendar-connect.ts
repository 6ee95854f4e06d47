import { CalendarConnect } from '../src/calendar-connect.ts';

const address = import.meta.url;

/** The element of the script tag: its backend is where the script came from, mount path included. */
class ScriptCalendarConnect extends CalendarConnect {
  protected override readonly defaultBackend: string = new URL('.', address).href;
}

if (!customElements.get('calendar-connect')) customElements.define('calendar-connect', ScriptCalendarConnect);
