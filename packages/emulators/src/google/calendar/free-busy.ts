import type { Context } from 'hono';
import type { GoogleParts } from '../parts.ts';
import type { StoredEvent } from '../world/events.ts';
import { parseRfc3339 } from '../../time-zones.ts';
import type { World } from '../world/world.ts';
import { ApiError, invalid, required } from './api-error.ts';
import { roleIn, type CalendarEnv, type Caller } from './caller.ts';
import { isJsonObject } from './event-body.ts';
import { unfoldEvents } from './find-events.ts';

const CALENDARS_MOST = 50;
const GROUP_MEMBERS_MOST = 100;
/** Google documents no limit; ninety days are reported to pass and three whole months to be refused. */
const RANGE_MOST_MS = 90 * 86_400_000;

interface Query {
  readonly fromMs: number;
  readonly toMs: number;
  readonly timeZone: string;
  readonly ids: readonly string[];
  readonly calendarsMost: number;
  readonly membersMost: number;
}

interface CalendarAnswer {
  readonly busy: readonly { start: string; end: string }[];
  readonly errors?: readonly { domain: string; reason: string }[];
}

/**
 * `POST /calendar/v3/freeBusy`. What goes wrong with one calendar stands beside it, in an answer whose status is 200.
 * @see {@link https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query}
 */
export function queryFreeBusy({ world, now }: Pick<GoogleParts, 'world' | 'now'>): (c: Context<CalendarEnv>) => Promise<Response> {
  return async function answerFreeBusy(c) {
    const query = parseQuery(await c.req.json().catch(() => undefined));
    if (!world.zones.has(query.timeZone)) throw invalid('timeZone', 'Invalid time zone definition.');
    const groups = new Map(query.ids.map((id) => [id, world.group(id)] as const).filter(([, members]) => members !== undefined));
    const fits = (members: readonly string[] = []): boolean => members.length <= query.membersMost;
    const ids = [
      ...new Set(query.ids.flatMap((id) => (groups.has(id) ? (groups.get(id) ?? []).filter(() => fits(groups.get(id))) : [id]))),
    ];
    const answer = (id: string): CalendarAnswer =>
      ids.length > query.calendarsMost
        ? failed('calendar', 'tooManyCalendarsRequested')
        : lookUp(id, query, { caller: c.get('caller'), world, nowMs: now() });
    return c.json({
      kind: 'calendar#freeBusy',
      timeMin: new Date(query.fromMs).toISOString(),
      timeMax: new Date(query.toMs).toISOString(),
      ...(groups.size === 0
        ? {}
        : {
            groups: Object.fromEntries(
              [...groups].map(([id, members]) => [
                id,
                fits(members) ? { calendars: members } : { errors: failed('global', 'groupTooBig').errors },
              ]),
            ),
          }),
      calendars: Object.fromEntries(ids.map((id) => [id, answer(id)])),
    });
  };
}

function lookUp(id: string, query: Query, context: { caller: Caller; world: World; nowMs: number }): CalendarAnswer {
  const { caller, world, nowMs } = context;
  const calendar = world.calendar(id === 'primary' ? caller.user.email : id);
  // No permission looks the same as no calendar.
  if (calendar === undefined || roleIn(calendar, caller.user) === undefined) return failed('global', 'notFound');
  const events = unfoldEvents({ calendar, span: query, zones: world.zones, nowMs }).filter((event) => blocks(event, calendar.id));
  return {
    busy: merge(events, query).map(([from, to]) => ({
      start: world.zones.format(from, query.timeZone),
      end: world.zones.format(to, query.timeZone),
    })),
  };
}

/** Says whether an event makes its calendar busy: unless it is deleted, shown as available, declined, or only says where somebody works. */
function blocks({ fields }: StoredEvent, calendarId: string): boolean {
  const own = fields.attendees?.find((attendee) => attendee.email === calendarId);
  return (
    fields.status !== 'cancelled' &&
    fields.transparency !== 'transparent' &&
    fields.eventType !== 'workingLocation' &&
    own?.responseStatus !== 'declined'
  );
}

/** Merges overlapping events into spans and cuts them to the range that was asked for. */
function merge(events: readonly StoredEvent[], { fromMs, toMs }: Query): [number, number][] {
  const spans: [number, number][] = [];
  for (const event of events.toSorted((a, b) => a.startMs - b.startMs)) {
    const from = Math.max(event.startMs, fromMs);
    const to = Math.min(event.endMs, toMs);
    const last = spans.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else if (to > from) spans.push([from, to]);
  }
  return spans;
}

function failed(domain: string, reason: string): CalendarAnswer & { errors: { domain: string; reason: string }[] } {
  return { errors: [{ domain, reason }], busy: [] };
}

function parseQuery(body: unknown): Query {
  if (!isJsonObject(body)) throw new ApiError(400, { reason: 'parseError', message: 'Parse Error' });
  const fromMs = parseInstant('timeMin', body['timeMin']);
  const toMs = parseInstant('timeMax', body['timeMax']);
  if (toMs <= fromMs)
    throw new ApiError(400, { reason: 'timeRangeEmpty', domain: 'calendar', message: 'The specified time range is empty.' });
  if (toMs - fromMs > RANGE_MOST_MS)
    throw new ApiError(400, { reason: 'timeRangeTooLong', domain: 'calendar', message: 'The requested time range is too long.' });
  const timeZone = body['timeZone'] ?? 'UTC';
  if (typeof timeZone !== 'string') throw invalid('timeZone', 'Invalid time zone definition.');
  const items: unknown[] = Array.isArray(body['items']) ? body['items'] : [];
  return {
    fromMs,
    toMs,
    timeZone,
    ids: items.flatMap((item) => (isJsonObject(item) && typeof item['id'] === 'string' ? [item['id']] : [])),
    calendarsMost: limit(body['calendarExpansionMax'], CALENDARS_MOST),
    membersMost: limit(body['groupExpansionMax'], GROUP_MEMBERS_MOST),
  };
}

function limit(value: unknown, most: number): number {
  return typeof value === 'number' && value >= 1 ? Math.min(value, most) : most;
}

function parseInstant(name: string, value: unknown): number {
  if (value === undefined || value === null) throw required(name, `Missing ${name} parameter.`);
  const instant = typeof value === 'string' ? parseRfc3339(value) : undefined;
  if (instant === undefined) throw invalid(name, 'Bad Request');
  return instant;
}
