import type { EventDraft, TimeSpan } from '../calendar-reader.ts';
import { type EventText, textWithConferencing } from '../conferencing-text.ts';
import { GRAPH_SHOW_AS } from './events-fields.ts';
import { toGraphTime } from './graph-times.ts';

/** An event, or what is to change of one that says `before`, as Graph takes it. What the draft does not name is not named here. */
export function toGraphEvent(draft: Partial<EventDraft>, before?: EventText): GraphEventFields {
  const { description, location } = textWithConferencing(draft, before);
  return {
    ...(draft.title !== undefined && { subject: draft.title }),
    ...(draft.time !== undefined && timeFields(draft.time, draft.timeZone)),
    // The body also holds how to join an online meeting, which goes with it: it is only sent where it is to change.
    ...(description !== undefined && { body: toBody(description) }),
    ...(location !== undefined && { location: { displayName: location } }),
    ...(draft.attendees !== undefined && {
      attendees: draft.attendees.map(({ email, name }) => ({ type: 'required', emailAddress: { address: email, name: name ?? email } })),
    }),
    ...(draft.showAs !== undefined && { showAs: GRAPH_SHOW_AS[draft.showAs] }),
    ...(draft.sensitivity !== undefined && { sensitivity: draft.sensitivity }),
    ...(draft.reminderMinutes !== undefined && reminderFields(draft.reminderMinutes)),
  };
}

/** Fields of an event in Graph's own words. */
export interface GraphEventFields {
  readonly body?: { readonly contentType: 'text' | 'html'; readonly content: string };
}

/** A body of plain text. */
export function toBody(content: string): NonNullable<GraphEventFields['body']> {
  return { contentType: 'text', content };
}

/** Graph has one reminder: of several, the first to come. */
function reminderFields(reminderMinutes: readonly number[]): object {
  if (reminderMinutes.length === 0) return { isReminderOn: false };
  return { isReminderOn: true, reminderMinutesBeforeStart: Math.max(...reminderMinutes) };
}

function timeFields(time: TimeSpan, timeZone: string | undefined): object {
  if (time.allDay) {
    const midnight = (date: string) => ({ dateTime: `${date}T00:00:00`, timeZone: timeZone ?? 'UTC' });
    return { isAllDay: true, start: midnight(time.startDate), end: midnight(time.endDate) };
  }
  const start = toWallClock(time.startMs, timeZone);
  const end = toWallClock(time.endMs, timeZone);
  const inUtc = start === undefined || end === undefined;
  return {
    isAllDay: false,
    start: inUtc ? toGraphTime(time.startMs) : { dateTime: start, timeZone },
    end: inUtc ? toGraphTime(time.endMs) : { dateTime: end, timeZone },
  };
}

/** What the clocks of a zone show; `undefined` where they do not tell the moment: in the hour that is put back, between seconds, in no zone. */
function toWallClock(ms: number, timeZone: string | undefined): string | undefined {
  const clock = timeZone === undefined || ms % 1000 !== 0 ? undefined : clockOf(timeZone);
  if (clock === undefined) return undefined;
  const shown = clock(ms);
  const offsetMs = Date.parse(`${shown}Z`) - ms;
  for (const aside of [ms - DAY_MS, ms + DAY_MS]) {
    const otherOffsetMs = Date.parse(`${clock(aside)}Z`) - aside;
    if (otherOffsetMs !== offsetMs && clock(ms + offsetMs - otherOffsetMs) === shown) return undefined;
  }
  return shown;
}

const DAY_MS = 86_400_000;

function clockOf(timeZone: string): ((ms: number) => string) | undefined {
  try {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    return (ms) => format.format(ms).replace(' ', 'T');
  } catch {
    return undefined;
  }
}
