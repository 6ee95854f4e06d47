/** What we hold of a connection: on the server, and nowhere else. */
export interface Connection {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** The backend, as this server reaches it. */
export interface Backend {
  readonly issuer: string;
  /** Sends the requests instead of the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/** Our application there. */
export interface Credentials extends Backend {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What the demo shows of `GET /v1/userinfo`. */
export interface Account {
  readonly id: string;
  readonly profiles: readonly Profile[];
}

/** One connected login. */
export interface Profile {
  readonly id: string;
  readonly name: string;
  /** Whose calendar it is and how much is shared, in words: `Google · Free/busy only`. */
  readonly sharing: string;
  /** Whether events that we write stand in the calendar. In the other access modes they leave as invitations, by mail. */
  readonly isWritten: boolean;
  readonly calendars: readonly { readonly id: string; readonly name: string; readonly isPrimary: boolean; readonly isReadOnly: boolean }[];
}

const TIMEOUT_MS = 10_000;

/** `provider_service` says whose calendar it is. */
const SERVICES: Readonly<Record<string, string>> = {
  google: 'Google',
  gsuite: 'Google',
  google_free_busy: 'Google',
  office365: 'Microsoft 365',
  outlook_com: 'Outlook.com',
  ms_graph_free_busy: 'Microsoft',
  exchange: 'Exchange',
  exchange_free_busy: 'Exchange',
};

/** Asks whose calendars a connection gives; `undefined` where it no longer does. */
export async function accountOf(backend: Backend, connection: Connection): Promise<Account | undefined> {
  const response = await call(backend, connection, { path: '/v1/userinfo' });
  if (response.status === 401) return undefined;
  const userinfo = record(await (await yes(response)).json());
  const profiles = list(record(userinfo['cronofy.data'])['profiles']);
  return { id: String(userinfo['sub']), profiles: profiles.map((profile) => toProfile(record(profile))) };
}

function toProfile(profile: Readonly<Record<string, unknown>>): Profile {
  const providerName = String(profile['provider_name']);
  const service = String(profile['provider_service']);
  return {
    id: String(profile['profile_id']),
    name: String(profile['profile_name']),
    sharing: providerName === 'cronofy' ? 'No calendar access' : `${SERVICES[service] ?? service} · ${modeIn(providerName)}`,
    isWritten: modeIn(providerName) === 'Full access',
    calendars: list(profile['profile_calendars'])
      .map(record)
      .map((calendar) => ({
        id: String(calendar['calendar_id']),
        name: String(calendar['calendar_name']),
        isPrimary: calendar['calendar_primary'] === true,
        isReadOnly: calendar['calendar_readonly'] === true,
      })),
  };
}

/** `provider_name` says the access mode too: `google` is full access, `google_free_busy` is not, and `cronofy` is no calendar of anybody's. */
function modeIn(providerName: string): string {
  if (providerName === 'cronofy') return 'No calendar access';
  return providerName.endsWith('_free_busy') ? 'Free/busy only' : 'Full access';
}

/** An event of ours. The same `id` is the same event: written again, it is changed. */
export interface WrittenEvent {
  readonly id: string;
  readonly title: string;
  readonly start: Date;
  readonly end: Date;
  /** An IANA zone, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Where we write. */
export interface Place extends Connection {
  readonly calendarId: string;
}

/** Writes an event, or changes it. @throws Error with what the backend answered where it did not */
export async function writeEvent(backend: Backend, place: Place, { id, title, start, end, timeZone }: WrittenEvent): Promise<void> {
  const event = { event_id: id, summary: title, start: start.toISOString(), end: end.toISOString(), tzid: timeZone };
  await yes(await call(backend, place, { method: 'POST', path: eventsIn(place), body: event }));
}

/** Deletes an event of ours. @throws Error with what the backend answered where it did not */
export async function deleteEvent(backend: Backend, place: Place, id: string): Promise<void> {
  await yes(await call(backend, place, { method: 'DELETE', path: eventsIn(place), body: { event_id: id } }));
}

const eventsIn = ({ calendarId }: Place) => `/v1/calendars/${encodeURIComponent(calendarId)}/events`;

/** A time that is not free, or of which nothing is known. */
export interface BusyTime {
  /** An instant; of whole days the first, such as `2026-11-02`. */
  readonly start: string;
  /** Not in it any more. */
  readonly end: string;
  /** `busy`, `tentative` or `unknown`. */
  readonly status: string;
}

/** From one day to another, which is not in it any more, such as `2026-11-02`. */
export interface Days {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

/** Asks when somebody is busy, over all that they connected. @throws Error with what the backend answered where it does not say */
export async function busyTimes(backend: Backend, connection: Connection, { from, to, timeZone }: Days): Promise<readonly BusyTime[]> {
  // Our own events are left out unless asked for: a partner knows those.
  const query = new URLSearchParams({ from, to, tzid: timeZone, include_managed: 'true' });
  const response = await yes(await call(backend, connection, { path: `/v1/free_busy?${query.toString()}` }));
  const answer = record(await response.json());
  return list(answer['free_busy'])
    .map(record)
    .map((time) => ({ start: String(time['start']), end: String(time['end']), status: String(time['free_busy_status']) }));
}

/** Gets another access token; `undefined` where the connection has ended. */
export async function refreshed(credentials: Credentials, { refreshToken }: Connection): Promise<Connection | undefined> {
  const response = await post(credentials, '/oauth/token', { grant_type: 'refresh_token', refresh_token: refreshToken });
  if (response.status === 400) return undefined;
  const tokens = record(await (await yes(response)).json());
  return { accessToken: String(tokens['access_token']), refreshToken: String(tokens['refresh_token']) };
}

/** Ends the whole authorization. */
export async function revoke(credentials: Credentials, { refreshToken }: Connection): Promise<void> {
  await yes(await post(credentials, '/oauth/token/revoke', { token: refreshToken }));
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}

/** Calls the partner API for one account. */
async function call(backend: Backend, connection: Connection, { method = 'GET', path, body }: Call): Promise<Response> {
  const { issuer, fetch = globalThis.fetch } = backend;
  const headers = { authorization: `Bearer ${connection.accessToken}`, 'content-type': 'application/json' };
  const content = body === undefined ? null : JSON.stringify(body);
  return fetch(`${issuer}${path}`, { method, headers, body: content, signal: AbortSignal.timeout(TIMEOUT_MS) });
}

async function post(
  { issuer, clientId, clientSecret, fetch = globalThis.fetch }: Credentials,
  path: string,
  fields: object,
): Promise<Response> {
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields });
  return fetch(`${issuer}${path}`, { method: 'POST', body, signal: AbortSignal.timeout(TIMEOUT_MS) });
}

/** @throws Error with what a 422 says of each field */
async function yes(response: Response): Promise<Response> {
  if (response.ok) return response;
  const { errors } = record(await response.json().catch(() => undefined));
  const reasons = Object.values(record(errors))
    .flatMap(list)
    .map((reason) => `${String(record(reason)['description'])}.`);
  throw new Error([`The backend answered with status ${response.status}.`, ...reasons].join(' '));
}

const record = (value: unknown) => Object(value) as Readonly<Record<string, unknown>>;
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
