import type { CalendarAccessOutcome, FreeBusyQuery, FreeBusySpan, FreeBusyStatus, TimeRange } from '../../calendar-reader.ts';
import { askForOne, type EwsCaller } from '../../ews/caller.ts';
import { ewsAccessFailure, unreadable } from '../../ews/ews-errors.ts';
import { FREE_BUSY_OF } from '../../ews/item-fields.ts';
import { childOf, textOf } from '../../ews/read-xml.ts';
import type { XmlElement } from '../../xml/parse-xml.ts';
import { element, textElement, type Xml } from '../../ews/write-xml.ts';
import { checkRange, mergeSpans, splitRange } from '../../free-busy-spans.ts';
import { PRIMARY_CALENDAR_ID } from './exchange-caller.ts';

const WHAT = 'Exchange’s availability';
/** Servers answer for 42 days at once, newer ones for 62; two are to spare, because nobody says whether part of a day counts as one. */
const MAX_RANGE_MS = 40 * 86_400_000;
/** Neither begins nor ends: the zone without rules, UTC. */
const NO_CHANGE: readonly Xml[] = [
  textElement('t:Bias', '0'),
  textElement('t:Time', '00:00:00'),
  textElement('t:DayOrder', '0'),
  textElement('t:Month', '0'),
  textElement('t:DayOfWeek', 'Sunday'),
];

type Outcome = CalendarAccessOutcome<readonly FreeBusySpan[]>;

/**
 * [GetUserAvailability](https://learn.microsoft.com/exchange/client-developer/web-service-reference/getuseravailability-operation) of one
 * mailbox: times and nothing of what they are about. Exchange 2007 demands the zone, and all answer in it, so it is always said, and UTC.
 */
export function getUserAvailability(mailbox: string, { fromMs, toMs }: TimeRange): Xml {
  const zone = [textElement('t:Bias', '0'), element('t:StandardTime', {}, ...NO_CHANGE), element('t:DaylightTime', {}, ...NO_CHANGE)];
  const who = [
    element('t:Email', {}, textElement('t:Address', mailbox)),
    textElement('t:AttendeeType', 'Required'),
    textElement('t:ExcludeConflicts', 'false'),
  ];
  const window = [
    textElement('t:StartTime', wallClock(Math.floor(fromMs / 1000) * 1000)),
    textElement('t:EndTime', wallClock(Math.ceil(toMs / 1000) * 1000)),
  ];
  return element(
    'm:GetUserAvailabilityRequest',
    {},
    element('t:TimeZone', {}, ...zone),
    element('m:MailboxDataArray', {}, element('t:MailboxData', {}, ...who)),
    element(
      't:FreeBusyViewOptions',
      {},
      element('t:TimeWindow', {}, ...window),
      // Of no meaning for this view, and every client says it.
      textElement('t:MergedFreeBusyIntervalInMinutes', '30'),
      textElement('t:RequestedView', 'FreeBusy'),
    ),
  );
}

/** Tells when the owner of a mailbox is free, which is all that this mode may know. */
export async function readAvailability(caller: EwsCaller, mailbox: string, query: FreeBusyQuery): Promise<Outcome> {
  checkRange(query);
  if (query.calendarIds?.some((id) => id !== PRIMARY_CALENDAR_ID) === true) {
    return { outcome: 'not_found', operatorHint: `${WHAT}: there is one calendar in free/busy mode, and another was asked for` };
  }
  const spans: FreeBusySpan[] = [];
  for (const range of query.calendarIds?.length === 0 ? [] : splitRange(query, MAX_RANGE_MS)) {
    const request = getUserAvailability(mailbox, range);
    const message = await askForOne(caller, () => request);
    if (message.refused) return ewsAccessFailure(caller, WHAT, message);
    const found = toSpans(childOf(message.message, 'FreeBusyView'), range);
    // Whoever misses a time takes somebody for free.
    if (found === undefined) return unreadable(WHAT);
    spans.push(...found);
  }
  return { outcome: 'ok', value: mergeSpans(spans, query) };
}

/** A server can give less than was asked for: then nothing is known, and nobody is free. */
function toSpans(view: XmlElement | undefined, range: TimeRange): readonly FreeBusySpan[] | undefined {
  const type = textOf(view, 'FreeBusyViewType');
  if (view === undefined || type === undefined) return undefined;
  if (!/^(?:FreeBusy|Detailed)/.test(type)) return [toSpan('unknown', { startMs: range.fromMs, endMs: range.toMs })];
  const spans: FreeBusySpan[] = [];
  for (const event of childOf(view, 'CalendarEventArray')?.children ?? []) {
    const [startMs, endMs] = [instantOf(textOf(event, 'StartTime')), instantOf(textOf(event, 'EndTime'))];
    if (startMs === undefined || endMs === undefined || endMs < startMs) return undefined;
    spans.push(toSpan(FREE_BUSY_OF.get(textOf(event, 'BusyType') ?? '') ?? 'unknown', { startMs, endMs }));
  }
  return spans;
}

function toSpan(status: FreeBusyStatus, time: { startMs: number; endMs: number }): FreeBusySpan {
  return { providerCalendarId: PRIMARY_CALENDAR_ID, status, time: { allDay: false, ...time } };
}

/** Without an offset, in the zone of the request. */
function wallClock(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

function instantOf(wall: string | undefined): number | undefined {
  if (wall === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?$/.test(wall)) return undefined;
  const ms = Date.parse(wall.endsWith('Z') ? wall : `${wall}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}
