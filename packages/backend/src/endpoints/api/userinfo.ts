import type { Handler } from 'hono';
import { answerPrivateJson } from '../json-answer.ts';
import type { CalendarRenewal } from '../../accounts/calendar-renewal.ts';
import { createOpenedCalendars } from '../../accounts/opened-calendars.ts';
import { accountOf, userinfoOf } from '../../accounts/userinfo.ts';
import type { Backend } from '../../backend.ts';
import { bearerToken } from '../credentials.ts';
import { unauthorized } from './authorized.ts';

/** `GET /v1/userinfo`: whose account a token is for, and what is connected to it. */
export function userinfo(deps: Pick<Backend, 'store' | 'vault' | 'log' | 'now'> & { calendarRenewal: CalendarRenewal }): Handler {
  const parts = { ...deps, openedCalendars: createOpenedCalendars() };
  return async function userinfo(c) {
    const accessToken = bearerToken(c);
    const account = accessToken === undefined ? undefined : await accountOf(deps, accessToken);
    if (account === undefined) return unauthorized(c, accessToken !== undefined);
    deps.calendarRenewal.renewOld(account);
    return answerPrivateJson(userinfoOf(parts, account));
  };
}
