import type { NobodyToAsk } from '../accounts/ask-with-credential.ts';
import type { CalendarAccessOutcome, FreeBusySpan, TimeRange } from '../providers/calendar-reader.ts';
import { canWriteAtProvider } from '../oauth/endpoint-access.ts';
import type { AuthorizedAccount } from '../storage/questions/authorized-account.ts';
import type { AccountCalendar } from './account-calendars.ts';
import { type ActingDeps, askProvider, type CalendarCall } from './acting.ts';
import { type ManagedSpan, statusOf } from './managed-spans.ts';

/** Calendars of one profile, and when. */
export interface AskedCalendars {
  readonly account: AuthorizedAccount;
  readonly calendars: readonly AccountCalendar[];
  readonly range: TimeRange;
  /** What is not to count. */
  readonly without: readonly ManagedSpan[];
}

/** What the provider said of them. */
export interface ToldSpans {
  readonly spans: readonly FreeBusySpan[];
  /** Those of which nothing is known. */
  readonly unknown: readonly AccountCalendar[];
}

type Asked = CalendarAccessOutcome<readonly FreeBusySpan[]> | NobodyToAsk;

/**
 * Asks a profile's provider when its person is free. What the application wrote can be left out only where events can be told apart, which is in
 * full mode: of those calendars the events are read, and of all others the times alone.
 */
export async function askFreeBusy(deps: ActingDeps, asked: AskedCalendars): Promise<ToldSpans> {
  const [mixed, plain] = apart(asked);
  const answers = [await askTogether(deps, { ...asked, calendars: plain })];
  for (const calendar of mixed) answers.push(await askOne(deps, { ...asked, calendars: [calendar] }, eventsWithout(asked, calendar)));
  return { spans: answers.flatMap(({ spans }) => spans), unknown: answers.flatMap(({ unknown }) => unknown) };
}

/** Calendars with events that are not to count, and the others. */
function apart({ calendars, without }: AskedCalendars): readonly [AccountCalendar[], AccountCalendar[]] {
  const hasOwn = ({ calendarId, profile }: AccountCalendar): boolean =>
    canWriteAtProvider(profile.accessMode) && without.some((each) => each.calendarId === calendarId && each.providerEventId !== undefined);
  return [calendars.filter(hasOwn), calendars.filter((calendar) => !hasOwn(calendar))];
}

/** All at once; one by one where one of them cannot be read, so that the others are not unknown for it. */
async function askTogether(deps: ActingDeps, asked: AskedCalendars): Promise<ToldSpans> {
  const { calendars } = asked;
  if (calendars.length === 0) return { spans: [], unknown: [] };
  const answer = await ask(deps, asked, timesOf(asked));
  if (answer.outcome === 'ok') return { spans: answer.value, unknown: [] };
  if (calendars.length === 1 || (answer.outcome !== 'not_found' && answer.outcome !== 'denied')) {
    return unknown(deps, asked, answer);
  }
  const answers: ToldSpans[] = [];
  for (const calendar of calendars) answers.push(await askTogether(deps, { ...asked, calendars: [calendar] }));
  return { spans: answers.flatMap(({ spans }) => spans), unknown: answers.flatMap((each) => each.unknown) };
}

async function askOne(deps: ActingDeps, asked: AskedCalendars, call: CalendarCall<Asked>): Promise<ToldSpans> {
  const answer = await ask(deps, asked, call);
  return answer.outcome === 'ok' ? { spans: answer.value, unknown: [] } : unknown(deps, asked, answer);
}

async function ask(deps: ActingDeps, { account, calendars }: AskedCalendars, call: CalendarCall<Asked>): Promise<Asked> {
  const [first] = calendars;
  if (first === undefined) return { outcome: 'ok', value: [] };
  return askProvider(deps, { profileId: first.profile.id, dataKey: account.dataKey }, call);
}

function unknown(deps: ActingDeps, { calendars }: AskedCalendars, answer: Exclude<Asked, { outcome: 'ok' }>): ToldSpans {
  const hint = 'operatorHint' in answer ? answer.operatorHint : undefined;
  deps.log({ level: 'warn', event: 'availability_unknown', profile: calendars[0]?.profile.id, outcome: answer.outcome, hint });
  return { spans: [], unknown: calendars };
}

function timesOf({ calendars, range }: AskedCalendars): CalendarCall<Asked> {
  const calendarIds = calendars.map(({ calendar }) => calendar.providerCalendarId);
  const mode = calendars[0]?.profile.accessMode ?? 'full';
  return (reader, credential) => reader.freeBusy(credential, { ...range, mode, calendarIds });
}

function eventsWithout({ range, without }: AskedCalendars, { calendar, calendarId }: AccountCalendar): CalendarCall<Asked> {
  const { providerCalendarId } = calendar;
  const own = new Set(without.filter((each) => each.calendarId === calendarId).map(({ providerEventId }) => providerEventId));
  return async (reader, credential) => {
    const listed = await reader.listEvents(credential, { ...range, calendarId: providerCalendarId });
    if (listed.outcome !== 'ok') return listed;
    const others = listed.value.filter(({ cancelled, providerEventId }) => !cancelled && !own.has(providerEventId));
    return {
      outcome: 'ok',
      value: others.map(({ showAs, time }): FreeBusySpan => ({ providerCalendarId, status: statusOf(showAs), time })),
    };
  };
}
