// What somebody's page does with the element. Compiled for a browser.
import '@calendar-connect/widget';
import { CalendarConnect, type CalendarConnectedEvent, type ElementState } from '@calendar-connect/widget/element';
import { en } from '@calendar-connect/protocol/sentences/en';

const element: CalendarConnect = document.createElement('calendar-connect');
element.clientId = 'app_1';
element.theme = 'dark';
element.addEventListener('calendar-connected', (event: CalendarConnectedEvent) => {
  console.log(event.receipt, event.accessMode === 'free_busy');
});
document.querySelector('calendar-connect')?.addEventListener('calendar-connect-state', ({ state }) => {
  const current: ElementState = state;
  console.log(current, en.continueLabel);
});
element.connect();

/** An element of another name. */
export class ScheduleConnect extends CalendarConnect {}
