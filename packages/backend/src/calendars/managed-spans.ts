import type { Backend } from '../backend.ts';
import type { FreeBusyStatus, ShowAs, TimeRange, TimeSpan } from '../providers/calendar-reader.ts';
import type { ListedProfile } from '../storage/profile-row.ts';
import type { AuthorizedAccount } from '../storage/questions/authorized-account.ts';
import { monthsOf } from './local-time.ts';
import { openEvent } from './stored-event.ts';

/** When somebody is at an event that the application wrote. */
export interface ManagedSpan {
  readonly calendarId: string;
  /** At the provider, where it is there. */
  readonly providerEventId: string | undefined;
  readonly status: FreeBusyStatus;
  readonly time: TimeSpan;
}

/** The events of a profile that the application wrote, some of them perhaps just outside of the range. */
export async function managedSpans(
  deps: Pick<Backend, 'store' | 'vault'>,
  asked: { readonly account: AuthorizedAccount; readonly profile: ListedProfile; readonly range: TimeRange },
): Promise<readonly ManagedSpan[]> {
  const rows = await deps.store.managedEventsWithin({ profileId: asked.profile.id, ...monthsOf(asked.range) });
  return rows.flatMap((row) => {
    const { event, remote } = openEvent(deps, asked, row).content;
    if (event === undefined) return [];
    const { time, showAs } = event;
    return [{ calendarId: row.calendarId, providerEventId: remote?.eventId, status: statusOf(showAs ?? 'busy'), time }];
  });
}

/** Partners know four: out of office is `busy`, and working elsewhere is `free`, as providers count them. */
export function statusOf(showAs: ShowAs): FreeBusyStatus {
  switch (showAs) {
    case 'busy':
    case 'out_of_office':
      return 'busy';
    case 'working_elsewhere':
    case 'free':
      return 'free';
    case 'tentative':
    case 'unknown':
      return showAs;
  }
}
