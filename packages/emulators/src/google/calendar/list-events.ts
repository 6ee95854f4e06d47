import type { Context } from 'hono';
import type { GoogleParts } from '../parts.ts';
import type { StoredEvent } from '../world/events.ts';
import type { World } from '../world/world.ts';
import { ApiError, invalid, notFound } from './api-error.ts';
import { pathParameter, seenCalendar, type CalendarEnv, type SeenCalendar } from './caller.ts';
import { etagOf } from './etag.ts';
import { isShown, viewEvent } from './event-view.ts';
import { touches, unfoldEvents, unfoldSeries, type Span, type Unfolding } from './find-events.ts';
import { flag, maxResults, slicePage, timeParameter } from './query-parameters.ts';

const PAGE_SIZE = { usual: 250, most: 2500 };

/** What listing events uses. */
export type ListEventsDeps = Pick<GoogleParts, 'world' | 'now'>;

/** `GET /calendar/v3/calendars/:calendarId/events`. @see {@link https://developers.google.com/workspace/calendar/api/v3/reference/events/list} */
export function listEvents({ world, now }: ListEventsDeps): (c: Context<CalendarEnv>) => Response {
  return function answerEvents(c) {
    const seen = seenCalendar(pathParameter(c, 'calendarId'), c.get('caller'), world);
    const unfolding = { calendar: seen.calendar, span: spanOf(c), zones: world.zones, nowMs: now() };
    const found = flag(c.req.query('singleEvents')) ? unfoldEvents(unfolding) : foldedEvents(unfolding);
    const isWanted = filterOf(c);
    const wanted = found.filter((event) => isShown(event, seen) && isWanted(event));
    return answerPage(c, inOrder(wanted, c), { seen, world });
  };
}

/** `GET /calendar/v3/calendars/:calendarId/events/:eventId/instances`. */
export function listInstances({ world, now }: ListEventsDeps): (c: Context<CalendarEnv>) => Response {
  return function answerInstances(c) {
    const seen = seenCalendar(pathParameter(c, 'calendarId'), c.get('caller'), world);
    const { calendar } = seen;
    const series = calendar.events.get(pathParameter(c, 'eventId'));
    if (series === undefined || !isShown(series, seen)) throw notFound();
    const instances = unfoldSeries(series, { calendar, span: spanOf(c), zones: world.zones, nowMs: now() });
    const changed = instances.map((instance) => calendar.events.get(instance.id) ?? instance);
    const shown = changed.filter((event) => event.fields.status !== 'cancelled' || flag(c.req.query('showDeleted')));
    return answerPage(c, shown, { seen, world });
  };
}

function answerPage(
  c: Context<CalendarEnv>,
  found: readonly StoredEvent[],
  { seen, world }: { seen: SeenCalendar; world: World },
): Response {
  const page = slicePage(found, c.req.query('pageToken'), maxResults(c.req.query('maxResults'), PAGE_SIZE));
  const { calendar, role } = seen;
  const timeZone = c.req.query('timeZone') ?? calendar.timeZone;
  if (!world.zones.has(timeZone)) throw invalid('timeZone', 'Invalid time zone definition.');
  const onlooker = { user: c.get('caller').user, seen, timeZone, zones: world.zones, nowMs: world.now() };
  return c.json({
    kind: 'calendar#events',
    etag: etagOf([calendar.id, calendar.changes]),
    summary: calendar.summary,
    updated: new Date(calendar.updatedMs).toISOString(),
    timeZone,
    accessRole: role,
    defaultReminders: [],
    ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
    items: page.items.map((event) => viewEvent(event, onlooker)),
  });
}

/** A series is in the span when one of its instances is. */
function foldedEvents(unfolding: Unfolding): StoredEvent[] {
  return [...unfolding.calendar.events.values()].filter((event) =>
    event.fields.recurrence === undefined ? touches(event, unfolding.span) : unfoldSeries(event, unfolding).length > 0,
  );
}

function inOrder(events: readonly StoredEvent[], c: Context<CalendarEnv>): readonly StoredEvent[] {
  switch (c.req.query('orderBy')) {
    case undefined:
      return events;
    case 'updated':
      return events.toSorted((a, b) => a.updatedMs - b.updatedMs);
    case 'startTime':
      if (flag(c.req.query('singleEvents'))) return events.toSorted((a, b) => a.startMs - b.startMs);
      throw invalid('orderBy', 'The requested ordering is not available for the particular query.');
    default:
      throw invalid('orderBy', 'Invalid value for orderBy.');
  }
}

/** Reads the filters of the query once and returns the check that they make. */
function filterOf(c: Context<CalendarEnv>): (event: StoredEvent) => boolean {
  const updatedMin = timeParameter('updatedMin', c.req.query('updatedMin'));
  // Who asks for changes is told of deletions too.
  const showDeleted = flag(c.req.query('showDeleted')) || updatedMin !== undefined;
  const iCalUid = c.req.query('iCalUID');
  const types = c.req.queries('eventTypes');
  const q = c.req.query('q');
  const properties = [...wantedProperties('private', c), ...wantedProperties('shared', c)];
  return (event) =>
    (showDeleted || event.fields.status !== 'cancelled') &&
    (updatedMin === undefined || event.updatedMs >= updatedMin) &&
    (iCalUid === undefined || event.iCalUid === iCalUid) &&
    (types === undefined || types.includes(event.fields.eventType ?? 'default')) &&
    properties.every(({ kind, name, value }) => event.fields.extendedProperties?.[kind]?.[name] === value) &&
    matchesText(event, q);
}

function wantedProperties(
  kind: 'private' | 'shared',
  c: Context<CalendarEnv>,
): { kind: 'private' | 'shared'; name: string; value: string }[] {
  return (c.req.queries(`${kind}ExtendedProperty`) ?? []).map((wanted) => {
    const [name = '', ...value] = wanted.split('=');
    return { kind, name, value: value.join('=') };
  });
}

function matchesText({ fields }: StoredEvent, q: string | undefined): boolean {
  if (q === undefined) return true;
  const people = (fields.attendees ?? []).flatMap(({ email, displayName }) => [email, displayName]);
  return [fields.summary, fields.description, fields.location, ...people].some((text) => text?.toLowerCase().includes(q.toLowerCase()));
}

function spanOf(c: Context<CalendarEnv>): Span {
  const span = { fromMs: timeParameter('timeMin', c.req.query('timeMin')), toMs: timeParameter('timeMax', c.req.query('timeMax')) };
  if (span.fromMs !== undefined && span.toMs !== undefined && span.toMs <= span.fromMs) {
    throw new ApiError(400, {
      reason: 'timeRangeEmpty',
      domain: 'calendar',
      message: 'The specified time range is empty.',
      location: 'timeMax',
      locationType: 'parameter',
    });
  }
  return span;
}
