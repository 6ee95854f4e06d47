import { html } from 'hono/html';
import type { CalendarAddress, CalendarEvent, CalendarPart, CalendarTime } from '../read-calendar.ts';
import type { Page } from './page.ts';
import { calendarTime } from './times.ts';

/** [RFC 5546 §3.2](https://www.rfc-editor.org/rfc/rfc5546#section-3.2) */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['REQUEST', 'an invitation, or a change of one'],
  ['CANCEL', 'takes an invitation back'],
  ['REPLY', 'answers an invitation'],
  ['PUBLISH', 'tells of an event and invites nobody'],
]);
const EVENTS_SHOWN = 50;

/** What a mail program would make of the calendar part, and the part itself. */
export function calendarSection(mailId: string, calendar: CalendarPart): Page {
  const { method, contentTypeMethod, events, source } = calendar;
  const meaning = MEANINGS.get(method ?? '');
  return html`<section aria-label="Calendar">
    <h2>Calendar</h2>
    <p>METHOD <strong>${method ?? 'none'}</strong>${meaning === undefined ? '' : ` – ${meaning}`}</p>
    ${
      contentTypeMethod === method
        ? ''
        : html`<p class="warning">
            Content-Type says method=${contentTypeMethod ?? 'nothing'}, which differs: mail programs may show no invitation (RFC 6047 §2.4).
          </p>`
    }
    ${events.slice(0, EVENTS_SHOWN).map(event)}
    ${events.length > EVENTS_SHOWN ? html`<p class="soft">and ${events.length - EVENTS_SHOWN} more events</p>` : ''}
    <details>
      <summary>Show the iCalendar text</summary>
      <pre tabindex="0">${source}</pre>
    </details>
    <p><a href="/messages/${mailId}/invitation.ics">Download it</a></p>
  </section>`;
}

function event(of: CalendarEvent): Page {
  return html`<div class="event">
    <dl>
      ${field('SUMMARY', of.summary)} ${field('DTSTART', timeOf(of.start))} ${field('DTEND', timeOf(of.end))}
      ${field('DURATION', of.duration)} ${field('RRULE', of.recurrenceRule)} ${field('RECURRENCE-ID', timeOf(of.recurrenceId))}
      ${field('LOCATION', of.location)} ${field('STATUS', of.status)} ${field('ORGANIZER', of.organizer && person(of.organizer))}
      ${people(of.attendees)} ${field('UID', of.uid)} ${field('SEQUENCE', of.sequence?.toString())}
      ${field('DTSTAMP', of.dtstamp && calendarTime({ value: of.dtstamp, tzid: undefined }))}
    </dl>
  </div>`;
}

function field(name: string, value: string | undefined): Page | string {
  return value === undefined || value === ''
    ? ''
    : html`<dt>${name}</dt>
        <dd><bdi>${value}</bdi></dd>`;
}

function timeOf(time: CalendarTime | undefined): string | undefined {
  return time && calendarTime(time);
}

function people(attendees: readonly CalendarAddress[]): Page | string {
  if (attendees.length === 0) return '';
  return html`<dt>ATTENDEE</dt>
    <dd>
      <ul>
        ${attendees.map((each) => html`<li><bdi>${person(each)}</bdi></li>`)}
      </ul>
    </dd>`;
}

function person({ value, name, participation, isAskedToReply }: CalendarAddress): string {
  const address = value.replace(/^mailto:/i, '');
  const words = [
    name === undefined || name === address ? address : `${name} <${address}>`,
    participation,
    isAskedToReply && 'asked to reply',
  ];
  return words.filter(Boolean).join(' · ');
}
