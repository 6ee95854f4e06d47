import { expect, it } from 'vitest';
import { CalendarRefusal } from './calendar-refusal.ts';
import { type EventRequest, MAX_GUESTS } from './event-request.ts';
import { mergeEvent } from './managed-content.ts';

const many = (name: string, count: number) => Array.from({ length: count }, (_, n) => ({ email: `${name}${n}@partner.example` }));

function inviting(invite: EventRequest['invite'], remove: readonly string[] = []): EventRequest {
  return {
    eventId: '1',
    title: 'Interview',
    time: { allDay: true, startDate: '2026-11-03', endDate: '2026-11-04' },
    timeZone: undefined,
    description: undefined,
    location: undefined,
    url: undefined,
    showAs: undefined,
    isPrivate: undefined,
    reminderMinutes: undefined,
    remindersCreateOnly: false,
    invite,
    remove,
    conferencing: undefined,
    locale: undefined,
  };
}

it('has as many guests as one request may invite, however many requests do', () => {
  const full = mergeEvent(undefined, inviting(many('a', MAX_GUESTS)), undefined);
  expect(full.guests).toHaveLength(MAX_GUESTS);
  expect(() => mergeEvent(full, inviting(many('b', 1)), undefined)).toThrow(CalendarRefusal);
  expect(mergeEvent(full, inviting(many('A', 1)), undefined).guests).toHaveLength(MAX_GUESTS);
  expect(mergeEvent(full, inviting(many('b', 1), ['a0@partner.example']), undefined).guests).toHaveLength(MAX_GUESTS);
});
