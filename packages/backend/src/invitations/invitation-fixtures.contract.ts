import ICAL from 'ical.js';
import type { InvitedEvent } from './invited-event.ts';

/** An event with nothing but what it must have. */
export const BARE: InvitedEvent = {
  uid: 'evt_1@connect.example',
  sequence: 0,
  title: 'Interview',
  time: { allDay: false, startMs: Date.UTC(2026, 10, 19, 9), endMs: Date.UTC(2026, 10, 19, 10) },
  organizer: { name: 'Acme Scheduler', email: 'meetings@acme.example' },
  attendees: [{ email: 'amira@partner.example' }],
  createdMs: Date.UTC(2026, 10, 1, 8),
  stampMs: Date.UTC(2026, 10, 2, 8, 30, 15),
};

/** An event with everything. */
export const FULL: InvitedEvent = {
  ...BARE,
  sequence: 3,
  title: 'Gespräch über 日程, Teil 2; „gut“ \\ fertig 👩‍👩‍👧',
  description: 'First line\nSecond line, with a comma; and a semicolon\n\nLast',
  location: 'Room 5, Hauptstraße 1',
  url: 'https://acme.example/events/1?a=1,2;b=3',
  timeZone: 'Europe/Berlin',
  showAs: 'out_of_office',
  isPrivate: true,
  attendees: [
    { email: 'amira@partner.example', name: 'Amira Haddad' },
    { email: 'jonas+cal@bücher.example', name: 'Jonas "J" Weiß; Büro, Ost' },
  ],
  conferencing: { description: 'Zoom', joinUrl: 'https://zoom.example/j/123?pwd=a,b' },
};

/** Reads an iCalendar object with a library that did not write it. */
export function readInvitation(text: string): { calendar: ICAL.Component; event: ICAL.Component } {
  const calendar = new ICAL.Component(ICAL.parse(text) as ConstructorParameters<typeof ICAL.Component>[0]);
  const events = calendar.getAllSubcomponents('vevent');
  const [event] = events;
  if (event === undefined || events.length > 1) throw new Error(`one event was expected, and there are ${events.length}`);
  return { calendar, event };
}

/** The instant of a property of an event, by the zone that the object itself defines. */
export function instantOf(event: ICAL.Component, property: 'dtstart' | 'dtend' | 'dtstamp'): number {
  const value = event.getFirstPropertyValue(property);
  if (!(value instanceof ICAL.Time) || value.isDate) throw new Error(`${property} is no instant`);
  if (value.zone === ICAL.Timezone.localTimezone) throw new Error(`${property} is of no zone`);
  return value.toJSDate().getTime();
}
