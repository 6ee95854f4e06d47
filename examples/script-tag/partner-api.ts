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
  readonly name: string;
  readonly providerName: string;
  readonly calendars: readonly { readonly name: string; readonly isPrimary: boolean; readonly isReadOnly: boolean }[];
}

const TIMEOUT_MS = 10_000;

/** Asks whose calendars a connection gives; `undefined` where it no longer does. */
export async function accountOf({ issuer, fetch = globalThis.fetch }: Backend, { accessToken }: Connection): Promise<Account | undefined> {
  const headers = { authorization: `Bearer ${accessToken}` };
  const response = await fetch(`${issuer}/v1/userinfo`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (response.status === 401) return undefined;
  if (!response.ok) throw new Error(`/v1/userinfo answered with status ${response.status}`);
  const userinfo = record(await response.json());
  const profiles = list(record(userinfo['cronofy.data'])['profiles']);
  return { id: String(userinfo['sub']), profiles: profiles.map((profile) => toProfile(record(profile))) };
}

function toProfile(profile: Readonly<Record<string, unknown>>): Profile {
  return {
    name: String(profile['profile_name']),
    providerName: String(profile['provider_name']),
    calendars: list(profile['profile_calendars'])
      .map(record)
      .map((calendar) => ({
        name: String(calendar['calendar_name']),
        isPrimary: calendar['calendar_primary'] === true,
        isReadOnly: calendar['calendar_readonly'] === true,
      })),
  };
}

const record = (value: unknown) => Object(value) as Readonly<Record<string, unknown>>;
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Gets another access token; `undefined` where the connection has ended. */
export async function refreshed(credentials: Credentials, { refreshToken }: Connection): Promise<Connection | undefined> {
  const response = await post(credentials, '/oauth/token', { grant_type: 'refresh_token', refresh_token: refreshToken });
  if (response.status === 400) return undefined;
  const tokens = record(await yes(response).json());
  return { accessToken: String(tokens['access_token']), refreshToken: String(tokens['refresh_token']) };
}

/** Ends the whole authorization. */
export async function revoke(credentials: Credentials, { refreshToken }: Connection): Promise<void> {
  yes(await post(credentials, '/oauth/token/revoke', { token: refreshToken }));
}

async function post(
  { issuer, clientId, clientSecret, fetch = globalThis.fetch }: Credentials,
  path: string,
  fields: object,
): Promise<Response> {
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields });
  return fetch(`${issuer}${path}`, { method: 'POST', body, signal: AbortSignal.timeout(TIMEOUT_MS) });
}

function yes(response: Response): Response {
  if (!response.ok) throw new Error(`the backend answered with status ${response.status}`);
  return response;
}
