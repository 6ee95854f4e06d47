import { type Answer, readAnswer } from './partner-page.ts';
import type { Reachable } from './world.ts';

/** One calendar as `/v1/calendars` tells it. */
export interface ListedCalendar {
  readonly provider_name: string;
  readonly profile_id: string;
  readonly profile_name: string;
  readonly calendar_id: string;
  readonly calendar_name: string;
  readonly calendar_readonly: boolean;
  readonly calendar_primary: boolean;
  readonly calendar_integrated_conferencing_available: boolean;
}

/** What `/v1/free_busy` tells of one span of time. */
export interface FreeBusyEntry {
  readonly calendar_id: string;
  readonly start: unknown;
  readonly end: unknown;
  readonly free_busy_status: string;
}

/** One page of `/v1/free_busy`. */
export interface FreeBusyBody {
  readonly pages: { readonly current: number; readonly total: number; readonly next_page?: string };
  readonly free_busy: readonly FreeBusyEntry[];
}

/** The body of a 422. */
export interface RefusalBody {
  readonly errors: Readonly<Record<string, readonly { readonly key: string; readonly description: string }[]>>;
}

/** A partner's server with an access token. */
export interface CalendarApi {
  /** The header that it sends. */
  readonly authorization: string;
  get<T>(path: string): Promise<Answer<T>>;
  calendars(): Promise<readonly ListedCalendar[]>;
  /** The calendar of this name. */
  calendar(name: string): Promise<ListedCalendar>;
  freeBusy(query?: Readonly<Record<string, string>>): Promise<FreeBusyBody>;
  write(calendarId: string, event: object): Promise<Answer<RefusalBody | undefined>>;
  remove(calendarId: string, body: object): Promise<Answer<RefusalBody | undefined>>;
  removeAll(body: object, query?: string): Promise<Answer<RefusalBody | undefined>>;
  post(path: string, body: object): Promise<Answer<RefusalBody | undefined>>;
}

export function calendarApi(world: Pick<Reachable, 'request'>, accessToken: string): CalendarApi {
  const authorization = `Bearer ${accessToken}`;
  const send = async <T>(method: string, path: string, body: object): Promise<Answer<T>> => {
    const headers = { authorization, 'content-type': 'application/json' };
    return readAnswer<T>(await world.request(path, { method, headers, body: JSON.stringify(body) }));
  };
  const get = async <T>(path: string): Promise<Answer<T>> => readAnswer<T>(await world.request(path, { headers: { authorization } }));
  const calendars: CalendarApi['calendars'] = async () =>
    (await get<{ calendars: readonly ListedCalendar[] }>('/v1/calendars')).body.calendars;
  const eventsOf = (calendarId: string): string => `/v1/calendars/${calendarId}/events`;
  return {
    authorization,
    get,
    calendars,
    calendar: async (name) => {
      const listed = await calendars();
      const found = listed.find((each) => each.calendar_name === name);
      if (found === undefined) throw new Error(`no calendar ${name} among ${listed.map((each) => each.calendar_name).join(', ')}`);
      return found;
    },
    freeBusy: async (query = {}) => {
      const { status, body } = await get<FreeBusyBody>(`/v1/free_busy?${new URLSearchParams({ tzid: 'Etc/UTC', ...query }).toString()}`);
      if (status !== 200) throw new Error(`free_busy: ${status} ${JSON.stringify(body)}`);
      return body;
    },
    write: (calendarId, event) => send('POST', eventsOf(calendarId), event),
    remove: (calendarId, body) => send('DELETE', eventsOf(calendarId), body),
    removeAll: (body, query = '') => send('DELETE', `/v1/events${query}`, body),
    post: (path, body) => send('POST', path, body),
  };
}

/** An event on 3 November 2026, as a partner writes it. */
export function anEvent(changes: object = {}): object {
  return { event_id: 'interview-1', summary: 'Interview', start: '2026-11-03T10:00:00Z', end: '2026-11-03T11:00:00Z', ...changes };
}
