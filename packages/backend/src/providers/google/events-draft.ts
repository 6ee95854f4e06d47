import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import type { EventDraft, TimeSpan } from '../calendar-reader.ts';
import { type EventText, textWithConferencing } from '../conferencing-text.ts';

/**
 * An event, or what is to change of one that says `before`, as Google takes it. What the draft does not name is not named here.
 *
 * @see [Events](https://developers.google.com/workspace/calendar/api/v3/reference/events#resource)
 */
export function toGoogleEvent(draft: Partial<EventDraft>, before?: EventText): calendar_v3.Schema$Event {
  const { description, location } = textWithConferencing(draft, before);
  return {
    ...(draft.title !== undefined && { summary: draft.title }),
    ...(draft.time !== undefined && timeFields(draft.time, draft.timeZone)),
    ...(description !== undefined && { description }),
    ...(location !== undefined && { location }),
    ...(draft.attendees !== undefined && {
      attendees: draft.attendees.map(({ email, name }) => ({ email, ...(name !== undefined && { displayName: name }) })),
    }),
    ...(draft.showAs !== undefined && { transparency: draft.showAs === 'free' ? 'transparent' : 'opaque' }),
    ...(draft.sensitivity !== undefined && { visibility: draft.sensitivity === 'normal' ? 'default' : 'private' }),
    ...(draft.reminderMinutes !== undefined && {
      reminders: { useDefault: false, overrides: draft.reminderMinutes.map((minutes) => ({ method: 'popup', minutes })) },
    }),
  };
}

/** The other spelling is cleared, so that a whole day can become an hour. */
function timeFields(time: TimeSpan, timeZone: string | undefined): Pick<calendar_v3.Schema$Event, 'start' | 'end'> {
  if (time.allDay) {
    return { start: { date: time.startDate, dateTime: null }, end: { date: time.endDate, dateTime: null } };
  }
  const at = (ms: number): calendar_v3.Schema$EventDateTime => ({
    dateTime: new Date(ms).toISOString(),
    date: null,
    timeZone: timeZone ?? 'UTC',
  });
  return { start: at(time.startMs), end: at(time.endMs) };
}
