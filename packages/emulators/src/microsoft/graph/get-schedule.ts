import type { Context } from 'hono';
import type { TimeZones } from '../../time-zones.ts';
import type { MicrosoftUser } from '../directory/people.ts';
import type { ShowAs, StoredEvent } from '../mailbox/events.ts';
import { instantOf } from '../mailbox/mailboxes.ts';
import type { Span } from '../mailbox/recurrence.ts';
import { ianaZone, windowsZone } from '../mailbox/zone-names.ts';
import type { MicrosoftParts } from '../parts.ts';
import type { Caller, GraphEnv } from './caller.ts';
import { isJsonObject, parseTime } from './event-body.ts';
import { badRequest, unknownZone } from './graph-error.ts';
import { preference } from './odata.ts';

/** "Up to 20 entities at once"; 100 were seen to pass in 2020. */
const SCHEDULES_MOST = 20;
/** Of EWS behind it; Graph's pages state no number. */
const DAYS_MOST = 62;
const INTERVAL_MINUTES = { usual: 30, least: 5, most: 1440 };

/** The digits of `availabilityView`, the heavier the higher where several meet but for the last. */
const DIGITS: Readonly<Record<ShowAs, string>> = { free: '0', tentative: '1', busy: '2', oof: '3', workingElsewhere: '4', unknown: '0' };
const WEIGHT: readonly ShowAs[] = ['unknown', 'free', 'workingElsewhere', 'tentative', 'busy', 'oof'];

/** What asking for schedules uses. */
export type GetScheduleDeps = Pick<MicrosoftParts, 'mailboxes' | 'people' | 'serverUrl' | 'zones'>;

interface Query {
  readonly schedules: readonly string[];
  readonly span: Span;
  readonly intervalMs: number;
  readonly timeZone: string;
}

/**
 * `POST /v1.0/me/calendar/getSchedule`. What goes wrong with one schedule stands beside it, in an answer whose status is 200.
 * @see {@link https://learn.microsoft.com/graph/api/calendar-getschedule}
 */
export function getSchedule(deps: GetScheduleDeps): (c: Context<GraphEnv>) => Promise<Response> {
  return async function answerSchedule(c) {
    const query = parseQuery(await c.req.json().catch(() => undefined), deps.zones, preference(c, 'outlook.timezone') ?? 'UTC');
    return c.json({
      '@odata.context': `${deps.serverUrl}/v1.0/$metadata#Collection(microsoft.graph.scheduleInformation)`,
      value: query.schedules.map((address) => lookUp(address, query, { caller: c.get('caller'), deps })),
    });
  };
}

function lookUp(address: string, query: Query, { caller, deps }: { caller: Caller; deps: GetScheduleDeps }): object {
  const user = deps.people.find(address);
  const isColleague = user !== undefined && user.homeTenantId === caller.principal.tenantId && user.mailbox !== 'none';
  if (!isColleague) {
    const message = `Unable to resolve e-mail address <${address}> to an Active Directory object.`;
    return { scheduleId: address, availabilityView: '', error: { message, responseCode: '5009' } };
  }
  const [calendar] = deps.mailboxes.calendarsOf(user.email);
  const events =
    calendar === undefined ? [] : deps.mailboxes.view(calendar, query.span).filter((event) => event.fields.isCancelled !== true);
  const isOwn = user.email === caller.principal.user.email;
  return {
    scheduleId: address,
    availabilityView: availabilityView(events, query),
    scheduleItems: events.map((event) => viewItem(event, { isOwn, query, zones: deps.zones })),
    workingHours: workingHours(user),
  };
}

/** The own events say what they are about, and where; a colleague's say only when, as sharing is by default. */
function viewItem(event: StoredEvent, { isOwn, query, zones }: { isOwn: boolean; query: Query; zones: TimeZones }): object {
  const { fields } = event;
  const isPrivate = fields.sensitivity === 'private' || fields.sensitivity === 'confidential';
  const time = (ms: number): object => ({
    dateTime: `${new Date(zones.toWall(ms, ianaZone(query.timeZone, zones) ?? 'UTC')).toISOString().slice(0, 19)}.0000000`,
    timeZone: query.timeZone,
  });
  return {
    ...(isOwn ? { isPrivate } : {}),
    status: fields.showAs ?? 'busy',
    ...(isOwn ? { subject: fields.subject ?? '', location: fields.location?.displayName ?? '' } : {}),
    start: time(event.startMs),
    end: time(event.endMs),
  };
}

function availabilityView(events: readonly StoredEvent[], { span, intervalMs }: Query): string {
  let view = '';
  for (let fromMs = span.fromMs; fromMs < span.toMs; fromMs += intervalMs) {
    const toMs = Math.min(fromMs + intervalMs, span.toMs);
    const shown = events.filter((event) => event.startMs < toMs && event.endMs > fromMs).map(({ fields }) => fields.showAs ?? 'busy');
    const heaviest = shown.toSorted((a, b) => WEIGHT.indexOf(b) - WEIGHT.indexOf(a))[0] ?? 'free';
    view += DIGITS[heaviest];
  }
  return view;
}

function workingHours({ timeZone }: MicrosoftUser): object {
  return {
    daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
    startTime: '08:00:00.0000000',
    endTime: '17:00:00.0000000',
    timeZone: { name: windowsZone(timeZone) },
  };
}

function parseQuery(body: unknown, zones: TimeZones, timeZone: string): Query {
  if (!isJsonObject(body)) throw badRequest('Empty Payload. JSON content expected.', 'BadRequest');
  if (ianaZone(timeZone, zones) === undefined) throw unknownZone(timeZone);
  const fromMs = instantOf(parseTime('startTime', field(body, 'startTime'), zones), zones) ?? 0;
  const toMs = instantOf(parseTime('endTime', field(body, 'endTime'), zones), zones) ?? 0;
  const intervalMinutes = field(body, 'availabilityViewInterval') ?? INTERVAL_MINUTES.usual;
  const schedules = field(body, 'schedules');
  checkSchedules(schedules);
  checkSpan({ fromMs, toMs });
  checkInterval(intervalMinutes, toMs - fromMs);
  return { schedules, span: { fromMs, toMs }, intervalMs: intervalMinutes * 60_000, timeZone };
}

/** Action parameters are found without regard to case: Microsoft's own samples write `Schedules` and `schedules`. */
function field(body: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.entries(body).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

function checkSchedules(schedules: unknown): asserts schedules is string[] {
  if (!Array.isArray(schedules) || schedules.length === 0 || !schedules.every((address) => typeof address === 'string')) {
    throw badRequest('The mailbox data array is empty.', 'ErrorMailboxDataArrayEmpty');
  }
  if (schedules.length <= SCHEDULES_MOST) return;
  const sizes = `The allowed size = ${SCHEDULES_MOST}; the actual size = ${schedules.length}.`;
  throw badRequest(`There are too many target users in the EmailAddress array. ${sizes}`, 'ErrorMailboxDataArrayTooBig');
}

function checkSpan({ fromMs, toMs }: Span): void {
  if (toMs <= fromMs)
    throw badRequest('The time duration specified for FreeBusyViewOptions.TimeWindow is invalid.', 'ErrorInvalidTimeInterval');
  const days = (toMs - fromMs) / 86_400_000;
  if (days <= DAYS_MOST) return;
  const limits = `The allowed limit = ${DAYS_MOST} days; the actual limit = ${Math.ceil(days)} days.`;
  throw badRequest(
    `The requested time duration specified for FreeBusyViewOptions.TimeWindow is too long. ${limits}`,
    'ErrorTimeIntervalTooBig',
  );
}

function checkInterval(minutes: unknown, spanMs: number): asserts minutes is number {
  const { least, most } = INTERVAL_MINUTES;
  const isFine =
    typeof minutes === 'number' && Number.isInteger(minutes) && minutes >= least && minutes <= most && minutes * 60_000 <= spanMs;
  if (isFine) return;
  const message = `FreeBusyViewOptions.MergedFreeBusyIntervalInMinutes must be from ${least} to ${most} and not exceed the time window.`;
  throw badRequest(message, 'ErrorInvalidMergedFreeBusyInterval');
}
