import { createHash } from 'node:crypto';
import type { ProviderCalendar } from '../providers/calendar-reader.ts';
import type { Profile } from '../storage/profile-row.ts';

/** One calendar as partners see it in `profile_calendars` of userinfo. */
export interface PartnerCalendar {
  calendar_id: string;
  calendar_name: string;
  calendar_readonly: boolean;
  calendar_deleted: boolean;
  calendar_primary: boolean;
  calendar_integrated_conferencing_available: boolean;
  calendar_attachments_available: boolean;
  permission_level: 'sandbox';
}

/** A list of calendars as the text that is sealed. */
export function writeCalendars(calendars: readonly ProviderCalendar[]): string {
  return JSON.stringify(calendars);
}

/** Reads what {@link writeCalendars} wrote; the vault has just proven that nobody else did. */
export function readCalendars(text: string): readonly ProviderCalendar[] {
  const stored = JSON.parse(text) as (Omit<ProviderCalendar, 'name'> & { name?: string })[];
  return stored.map((calendar) => ({ ...calendar, name: calendar.name }));
}

/** Calendars as partners see them. Where the access mode holds no titles, the primary one goes by the login's name and the others by number. */
export function partnerCalendars(
  profile: Pick<Profile, 'id' | 'name' | 'accessMode'>,
  calendars: readonly ProviderCalendar[],
): PartnerCalendar[] {
  return calendars.map((calendar, index) => ({
    calendar_id: calendarId(profile.id, calendar.providerCalendarId),
    calendar_name: calendar.name ?? (calendar.primary ? profile.name : `Calendar ${index + 1}`),
    // Where events go out as invitations, every calendar program puts them in the person's primary calendar.
    calendar_readonly: profile.accessMode === 'full' ? calendar.readonly : !calendar.primary,
    calendar_deleted: false,
    calendar_primary: calendar.primary,
    calendar_integrated_conferencing_available: calendar.integratedConferencing,
    calendar_attachments_available: false,
    permission_level: 'sandbox',
  }));
}

/** `cal_{profile part}_{calendar part}`: the same for the same calendar of the same profile, and nothing of the provider's id can be read from it. */
export function calendarId(profileId: string, providerCalendarId: string): string {
  const part = createHash('sha256').update(`${profileId}\n${providerCalendarId}`).digest('hex').slice(0, 24);
  return `cal_${profileId.slice('pro_'.length)}_${part}`;
}
