import { createOutbound, type Outbound } from '../../outbound/outbound.ts';
import type { CalendarReader } from '../calendar-reader.ts';
import type { Credential } from '../provider.ts';
import { createMicrosoftCalendar } from './calendar.ts';
import { parseMicrosoftOptions } from './options.ts';
import { CLIENT, ENDPOINTS, NOW_MS, type Script } from './scripted-microsoft.contract.ts';

/** With what one has to ask the scripted Graph. */
export const GRAPH_CREDENTIAL: Credential = {
  accessToken: 'EwB.access-very-secret',
  // Long over by the clock: whether it still works is for Graph to say and for the caller to mend.
  accessTokenExpiresAtMs: NOW_MS - 1,
  refreshToken: 'M.refresh-very-secret',
  grantedScopes: ['openid', 'User.Read', 'Calendars.ReadWrite'],
  endsAtMs: undefined,
};

export const PRIMARY_ID = 'AAMk/primary+1=';
export const PRIMARY = '/v1.0/me/calendar';
export const SCHEDULE = '/v1.0/me/calendar/getSchedule';
export const VIEW: string = viewOf(PRIMARY_ID);
export const EVENTS = `/v1.0/me/calendars/${encodeURIComponent(PRIMARY_ID)}/events`;

/** A Monday, from nine to five. */
export const RANGE = { fromMs: Date.parse('2026-11-16T09:00:00Z'), toMs: Date.parse('2026-11-16T17:00:00Z') } as const;

/** The path of a calendar's view. */
export function viewOf(calendarId: string): string {
  return `/v1.0/me/calendars/${encodeURIComponent(calendarId)}/calendarView`;
}

/** What was asked of the scripted Graph. */
export interface GraphAsked {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A calendar at a Graph that answers by path what a test wrote, and `otherwise` everything else. By default there is a mailbox with a primary calendar, and nothing in it. */
export function scriptedGraph(
  script: Record<string, Script>,
  otherwise?: Script,
): { readonly reader: CalendarReader; readonly asked: GraphAsked[] } {
  const asked: GraphAsked[] = [];
  const usual: Record<string, Script> = {
    [PRIMARY]: () => Response.json({ id: PRIMARY_ID, owner: { name: 'Jane', address: 'jane@example.com' } }),
    [SCHEDULE]: () => Response.json({ value: [{ scheduleId: 'jane@example.com', availabilityView: '0', scheduleItems: [] }] }),
    [VIEW]: () => Response.json({ value: [] }),
  };
  const answers = otherwise === undefined ? { ...usual, ...script } : script;
  const answer = async (url: URL, init: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    const text = await request.clone().text();
    asked.push({ method: request.method, url, headers: request.headers, body: text === '' ? undefined : JSON.parse(text) });
    return (answers[url.pathname] ?? otherwise)?.(request) ?? graphError(404, 'ErrorItemNotFound');
  };
  return { reader: readerAt(createOutbound({ fetch: answer, timeoutMs: 1_000 })), asked };
}

/** The calendar part behind a door. */
export function readerAt(outbound: Outbound): CalendarReader {
  const { clientId, clientSecret } = CLIENT;
  return createMicrosoftCalendar(parseMicrosoftOptions({ clientId, clientSecret, endpoints: ENDPOINTS, outbound, now: () => NOW_MS }));
}

/** An error as Graph writes it. */
export function graphError(status: number, code: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error: { code, message: 'About jane@example.com', innerError: { 'request-id': '0' } } }, { status, headers });
}

/** A time in UTC as Graph writes it: `10:00` of the Monday of {@link RANGE}. */
export function graphTime(clock: string, timeZone = 'UTC'): object {
  return { dateTime: `2026-11-16T${clock}:00.0000000`, timeZone };
}

/** An event as Graph writes it, at ten of that Monday. */
export function graphEvent(changes: object = {}): object {
  return {
    '@odata.etag': 'W/"1"',
    id: 'event1',
    subject: 'Talk with jane@example.com',
    start: graphTime('10:00'),
    end: graphTime('11:00'),
    isAllDay: false,
    isCancelled: false,
    showAs: 'busy',
    sensitivity: 'normal',
    ...changes,
  };
}

/** Pages of a list, each with a link to the next. */
export function pagesOf(count: number, entries: (page: number) => readonly object[]): Script {
  return (request) => {
    const url = new URL(request.url);
    const page = Number(url.searchParams.get('$skip') ?? 0);
    url.searchParams.set('$skip', String(page + 1));
    return Response.json({ value: entries(page), ...(page + 1 < count && { '@odata.nextLink': url.href }) });
  };
}
