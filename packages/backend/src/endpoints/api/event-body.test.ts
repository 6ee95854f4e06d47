import { describe, expect, it } from 'vitest';
import { CalendarRefusal } from '../../calendars/calendar-refusal.ts';
import { parseEvent } from './event-body.ts';

const EVENT = { event_id: '1', summary: 'Interview', start: '2026-11-03T10:00:00Z', end: '2026-11-03T11:00:00Z' };

/** By field, the keys of what is wrong. */
function errorsOf(changes: object): unknown {
  try {
    parseEvent({ ...EVENT, ...changes });
  } catch (error) {
    if (!(error instanceof CalendarRefusal) || error.refusal.reason !== 'invalid') throw error;
    return Object.fromEntries(Object.entries(error.refusal.errors).map(([field, [first]]) => [field, first?.key]));
  }
  return undefined;
}

const many = (count: number) => Array.from({ length: count }, (_, n) => ({ email: `guest${n}@partner.example` }));

describe('an event that is written', () => {
  it.each([
    [{ event_id: undefined }, { event_id: 'errors.required' }],
    [{ event_id: '' }, { event_id: 'errors.required' }],
    [{ event_id: 7 }, { event_id: 'errors.must_be_string' }],
    [{ summary: null }, { summary: 'errors.required' }],
    [{ summary: '  ' }, { summary: 'errors.required' }],
    [{ summary: 'x'.repeat(1025) }, { summary: 'errors.too_long' }],
    [{ description: 'x'.repeat(4097) }, { description: 'errors.too_long' }],
    [
      { start: undefined, end: undefined },
      { start: 'errors.required', end: 'errors.required' },
    ],
    [{ start: 'tomorrow' }, { start: 'errors.invalid_time' }],
    [{ start: '2026-11-03T10:00:00' }, { start: 'errors.invalid_time' }],
    [{ start: '2026-02-30' }, { start: 'errors.invalid_time' }],
    [{ start: '1969-11-03T10:00:00Z' }, { start: 'errors.invalid_time' }],
    [{ end: '9999-12-31T10:00:00Z' }, { end: 'errors.invalid_time' }],
    [
      { start: '0000-01-01', end: '0000-01-02' },
      { start: 'errors.invalid_time', end: 'errors.invalid_time' },
    ],
    [{ start: { time: '2026-11-03T10:00:00Z', tzid: 'Mars/Base' } }, { 'start.tzid': 'errors.tzid_unrecognized' }],
    [{ tzid: '+01:00' }, { tzid: 'errors.tzid_unrecognized' }],
    [{ start: '2026-11-03' }, { end: 'errors.invalid_time_pair' }],
    [{ end: EVENT.start }, { end: 'errors.invalid_time_pair' }],
    [{ start: '2026-11-03', end: '2026-11-03' }, { end: 'errors.invalid_time_pair' }],
    [{ url: 'javascript:alert(1)' }, { url: 'errors.invalid_url' }],
    [{ transparency: 'glass' }, { transparency: 'errors.not_recognized' }],
    [{ event_private: 'perhaps' }, { event_private: 'errors.must_be_boolean' }],
    [{ reminders: [{ minutes: -1 }] }, { 'reminders.0.minutes': 'errors.invalid' }],
    [{ reminders: [1, 2, 3, 4, 5, 6].map((minutes) => ({ minutes })) }, { reminders: 'errors.too_many' }],
    [{ attendees: { invite: [{ email: 'a@x.example, b@x.example' }] } }, { 'attendees.invite.0.email': 'errors.invalid_email' }],
    [{ attendees: { remove: [{}] } }, { 'attendees.remove.0.email': 'errors.required' }],
    [{ attendees: { invite: many(201) } }, { 'attendees.invite': 'errors.too_many' }],
    [{ locale: 'not a language' }, { locale: 'errors.not_recognized' }],
    [{ recurrence: { rrule: 'FREQ=DAILY' } }, { recurrence: 'errors.not_supported' }],
    [{ conferencing: {} }, { 'conferencing.profile_id': 'errors.required' }],
    [{ conferencing: { profile_id: 'skype' } }, { 'conferencing.profile_id': 'errors.not_recognized' }],
    [
      { conferencing: { profile_id: 'explicit' } },
      { 'conferencing.provider_description': 'errors.required', 'conferencing.join_url': 'errors.required' },
    ],
    [
      { conferencing: { profile_id: 'explicit', provider_description: 'Meet', join_url: 'file:///etc/passwd' } },
      { 'conferencing.join_url': 'errors.invalid_url' },
    ],
  ] as const)('is refused by its field, the %#th', (changes, errors) => {
    expect(errorsOf(changes)).toEqual(errors);
  });

  it('names in its refusal nothing of what was sent', () => {
    expect(() => parseEvent({ ...EVENT, attendees: { invite: [{ email: 'amira(at)partner.example' }] } })).toThrow(
      expect.objectContaining({ refusal: expect.not.objectContaining({ errors: expect.stringContaining('amira') }) }),
    );
    try {
      parseEvent({ ...EVENT, attendees: { invite: [{ email: 'amira(at)partner.example' }] } });
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain('amira');
    }
  });

  it('may say more than is known, as SDKs do, and null for what it has not', () => {
    const nothing = { location: null, url: null, attendees: null, conferencing: null, reminders: null, tzid: null, transparency: null };
    expect(
      errorsOf({ color: '#fff', subscriptions: [], categories: ['a'], recurrence: null, event_classes: [], ...nothing }),
    ).toBeUndefined();
  });

  it('takes away what is null, and keeps what is not said', () => {
    expect(parseEvent({ ...EVENT, description: null, url: '' })).toMatchObject({ description: null, url: null, location: undefined });
  });

  it('may be of whole days, and has the zone that its times name', () => {
    expect(parseEvent({ ...EVENT, start: '2026-11-03', end: '2026-11-04' }).time).toEqual({
      allDay: true,
      startDate: '2026-11-03',
      endDate: '2026-11-04',
    });
    const time = (text: string) => ({ time: text, tzid: 'Europe/Lisbon' });
    expect(parseEvent({ ...EVENT, start: time('2026-11-03T10:00:00Z'), end: time('2026-11-03T11:00:00Z') }).timeZone).toBe('Europe/Lisbon');
  });
});
