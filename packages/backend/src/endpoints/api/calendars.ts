import type { Handler } from 'hono';
import { partnerCalendars } from '../../accounts/calendar-list.ts';
import type { CalendarRenewal } from '../../accounts/calendar-renewal.ts';
import type { Backend } from '../../backend.ts';
import { calendarsOf } from '../../calendars/account-calendars.ts';
import { answerPrivateJson } from '../json-answer.ts';
import { authorized } from './authorized.ts';

/** `GET /v1/calendars`: every calendar of every login of an account, as the providers last listed them. */
export function calendars(deps: Pick<Backend, 'store' | 'vault' | 'log' | 'now'> & { calendarRenewal: CalendarRenewal }): Handler {
  return authorized(deps, 'calendars', ({ account }) => {
    deps.calendarRenewal.renewOld(account);
    const byProfile = Map.groupBy(calendarsOf(deps, account), ({ profile }) => profile);
    const listed = [...byProfile].flatMap(([profile, ofProfile]) =>
      partnerCalendars(
        profile,
        ofProfile.map(({ calendar }) => calendar),
      ).map((calendar) => ({
        provider_name: profile.providerName,
        provider_service: profile.providerService,
        profile_id: profile.id,
        profile_name: profile.name,
        ...calendar,
      })),
    );
    return answerPrivateJson({ sub: account.accountId, calendars: listed });
  });
}
