import { describe, expect, it } from 'vitest';
import type { ProviderCalendar } from '../providers/calendar-reader.ts';
import { calendarId, partnerCalendars, readCalendars, writeCalendars } from './calendar-list.ts';

const PROFILE = { id: 'pro_6ae851100000000000000001', name: 'amira@partner.example', accessMode: 'full' } as const;

function calendar(changes: Partial<ProviderCalendar> = {}): ProviderCalendar {
  return {
    providerCalendarId: 'amira@partner.example',
    name: 'Work',
    primary: true,
    readonly: false,
    integratedConferencing: true,
    ...changes,
  };
}

describe('a list of calendars', () => {
  it('comes back as it was written', () => {
    const calendars = [calendar(), calendar({ name: undefined, primary: false }), calendar({ name: 'Ünïcode "quotes" 🗓️' })];
    expect(readCalendars(writeCalendars(calendars))).toEqual(calendars);
  });

  it('is told to partners in the partner API’s fields', () => {
    expect(partnerCalendars(PROFILE, [calendar({ readonly: true })])).toEqual([
      {
        calendar_id: calendarId(PROFILE.id, 'amira@partner.example'),
        calendar_name: 'Work',
        calendar_readonly: true,
        calendar_deleted: false,
        calendar_primary: true,
        calendar_integrated_conferencing_available: true,
        calendar_attachments_available: false,
        permission_level: 'sandbox',
      },
    ]);
  });

  it('can be written to in the primary calendar alone where events go out as invitations', () => {
    const calendars = [calendar({ readonly: true }), calendar({ readonly: true, primary: false })];
    for (const accessMode of ['free_busy', 'no_access'] as const) {
      expect(partnerCalendars({ ...PROFILE, accessMode }, calendars).map((each) => each.calendar_readonly)).toEqual([false, true]);
    }
  });

  it('names calendars without a title by the login or by number', () => {
    const untitled = [calendar({ name: undefined }), calendar({ name: undefined, primary: false }), calendar({ primary: false })];
    expect(partnerCalendars(PROFILE, untitled).map((each) => each.calendar_name)).toEqual(['amira@partner.example', 'Calendar 2', 'Work']);
  });
});

describe('the id of a calendar', () => {
  it('is the same for the same calendar of the same profile, and another for every other', () => {
    const id = calendarId(PROFILE.id, 'a');
    expect(id).toMatch(/^cal_6ae851100000000000000001_[0-9a-f]{24}$/);
    expect(calendarId(PROFILE.id, 'a')).toBe(id);
    const others = [calendarId(PROFILE.id, 'b'), calendarId('pro_6ae851100000000000000002', 'a')];
    expect(new Set([id, ...others]).size).toBe(3);
  });

  it('tells nothing of the provider’s own', () => {
    expect(calendarId(PROFILE.id, 'amira@partner.example')).not.toContain('amira');
  });
});
