import type { EventDraft } from '../providers/calendar-reader.ts';
import type { EventContent } from './managed-content.ts';

/** What is made of an event for a provider. */
export interface DraftOptions {
  readonly isNew: boolean;
  /** Whether where people meet is to be what the event says; otherwise it stays as it is. */
  readonly asksConferencing: boolean;
}

/** An event as a provider takes it. What was taken away is named as empty, so that it goes there too. */
export function toDraft(event: EventContent, { isNew, asksConferencing }: DraftOptions): EventDraft {
  return {
    title: event.title,
    time: event.time,
    timeZone: event.timeZone,
    description: describe(event) ?? (isNew ? undefined : ''),
    location: event.location ?? (isNew ? undefined : ''),
    attendees: event.guests.length === 0 ? undefined : event.guests,
    showAs: event.showAs,
    sensitivity: event.isPrivate === undefined ? undefined : event.isPrivate ? 'private' : 'normal',
    conferencing: asksConferencing ? (event.meeting ?? (isNew ? undefined : 'none')) : meetingElsewhere(event),
    reminderMinutes: event.reminderMinutes,
  };
}

/** Providers keep such a meeting in what is written of the event: where that is written anew, so is the meeting. */
function meetingElsewhere({ meeting }: EventContent): EventDraft['conferencing'] {
  return typeof meeting === 'object' ? meeting : undefined;
}

/** No provider's events have a page of their own: it stands below what the event is about. */
function describe({ description, url }: EventContent): string | undefined {
  const parts = [description, url].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? undefined : parts.join('\n\n');
}
