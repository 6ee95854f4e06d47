import { calendarId, readCalendars } from '../accounts/calendar-list.ts';
import { openOrNone } from '../accounts/open-or-none.ts';
import { calendarsPlace } from '../accounts/sealed-places.ts';
import type { Backend } from '../backend.ts';
import { canWriteAtProvider } from '../oauth/endpoint-access.ts';
import type { ProviderCalendar } from '../providers/calendar-reader.ts';
import type { ListedProfile } from '../storage/profile-row.ts';
import type { AuthorizedAccount } from '../storage/questions/authorized-account.ts';

/** One calendar of an account. */
export interface AccountCalendar {
  /** As partners know it: `cal_…`. */
  readonly calendarId: string;
  readonly calendar: ProviderCalendar;
  readonly profile: ListedProfile;
}

/** What the calendars of an account are, as the providers last listed them; those of one that is no longer connected too. A list that does not open is told as empty and logged. */
export function calendarsOf(deps: Pick<Backend, 'vault' | 'log'>, account: AuthorizedAccount): readonly AccountCalendar[] {
  return account.profiles
    .filter(({ kind }) => kind === 'calendar')
    .flatMap((profile) =>
      openCalendars(deps, account, profile).map((calendar) => ({
        calendarId: calendarId(profile.id, calendar.providerCalendarId),
        calendar,
        profile,
      })),
    );
}

function openCalendars(
  deps: Pick<Backend, 'vault' | 'log'>,
  { dataKey }: AuthorizedAccount,
  profile: ListedProfile,
): readonly ProviderCalendar[] {
  const { calendarsSealed } = profile;
  if (calendarsSealed === undefined) return [];
  return openOrNone(deps, profile, () => readCalendars(deps.vault.open(dataKey, calendarsPlace(profile), calendarsSealed)));
}

/**
 * Whether events can be written there. Where they go out as invitations, every calendar program puts them in the person's primary calendar,
 * whatever the provider says of who may write: the others are read-only.
 */
export function isWritable({ calendar, profile }: AccountCalendar): boolean {
  return canWriteAtProvider(profile.accessMode) ? !calendar.readonly : calendar.primary;
}

/** Whether the calendar makes meetings of its own. */
export function hasIntegratedConferencing({ calendar, profile }: AccountCalendar): boolean {
  return canWriteAtProvider(profile.accessMode) && calendar.integratedConferencing;
}
