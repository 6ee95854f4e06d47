import { createHash } from 'node:crypto';
import { createGoogleEmulator, type GoogleControl, type GoogleEmulatorOptions } from '../src/index.ts';
import { createBrowser, type Browser, type Screen } from './browser.ts';

export const CLIENT_ID = '123456789012-calendarapp.apps.googleusercontent.com';
export const CLIENT_SECRET = 'GOCSPX-abc_def-ghi';
export const REDIRECT_URI = 'http://localhost:3000/callback';
export const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-0123';
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
export const AMIRA = 'amira@partner.example';
export const JONAS = 'jonas@gmail.example';
const AUTH = 'https://www.googleapis.com/auth/';
/** An identity scope and the two of the fullest mode that people can take apart. */
export const TWO_SCOPES = `openid email ${AUTH}calendar.events ${AUTH}calendar.freebusy`;

/** A partner's app as the emulator sees it. */
export interface AppUnderTest {
  readonly control: GoogleControl;
  readonly browser: Browser;
  readonly request: (path: string, init?: RequestInit) => Promise<Response>;
  readonly authorizeUrl: (changes?: Record<string, string | undefined>) => string;
  /** Goes through both pages and returns where the browser ends. */
  readonly connect: (changes?: Record<string, string | undefined>, options?: { email?: string; untick?: string[] }) => Promise<Screen>;
  readonly token: (form: Record<string, string>) => Promise<{ status: number; body: Record<string, unknown> }>;
  /** Connects and exchanges the code. */
  readonly tokens: (
    changes?: Record<string, string | undefined>,
    options?: { email?: string; untick?: string[] },
  ) => Promise<Record<string, string>>;
  /** Calls the Calendar API with a token that has these scopes, given by their last words. */
  readonly calling: (scopes: readonly string[], email?: string) => Promise<Call>;
}

/** Calls the Calendar API. */
export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<{ status: number; headers: Headers; body: ApiAnswer }>;

/** What tests look for in an answer of the Calendar API. */
export interface ApiAnswer {
  readonly [name: string]: unknown;
  readonly items: Record<string, unknown>[];
  readonly error: {
    code: number;
    message: string;
    status?: string;
    errors: { reason: string; domain: string }[];
    details?: { reason: string }[];
  };
  readonly calendars: Record<string, { busy: { start: string; end: string }[]; errors?: { reason: string }[] }>;
}

/** Starts an emulator in memory, with one registered app. */
export function createAppUnderTest(options: Partial<GoogleEmulatorOptions> = {}): AppUnderTest {
  const { app, control } = createGoogleEmulator({
    clients: [{ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUris: [REDIRECT_URI], appName: 'Planner' }],
    ...options,
  });
  const request = async (path: string, init?: RequestInit): Promise<Response> => app.request(path, init);
  const browser = createBrowser((url, init) => app.request(url, init));
  const authorizeUrl = (changes: Record<string, string | undefined> = {}): string => authorizeUrlWith(changes);
  const connect: AppUnderTest['connect'] = async (changes, { email = AMIRA, untick = [] } = {}) => {
    const first = await browser.visit(authorizeUrl(changes));
    if (first.location !== undefined) return first;
    const second = await browser.press(email);
    return second.location === undefined ? browser.press('Allow', untick) : second;
  };
  const token: AppUnderTest['token'] = async (form) => {
    const body = new URLSearchParams({ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, ...form });
    const response = await request('/token', { method: 'POST', body });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const tokens: AppUnderTest['tokens'] = async (changes, connecting) => {
    const { location } = await connect(changes, connecting);
    const code = location?.searchParams.get('code') ?? '';
    const { body } = await token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER });
    return body as Record<string, string>;
  };
  const calling: AppUnderTest['calling'] = async (scopes, email = AMIRA) => {
    const scope = scopes.map((name) => `${AUTH}${name}`).join(' ');
    const { access_token: accessToken } = await tokens({ scope, prompt: 'consent' }, { email });
    return createCall(request, accessToken ?? '');
  };
  return { control, browser, request, authorizeUrl, connect, token, tokens, calling };
}

function createCall(request: AppUnderTest['request'], accessToken: string): Call {
  return async (method, path, body, headers = {}) => {
    const init = { method, headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json', ...headers } };
    const response = await request(`/calendar/v3${path}`, body === undefined ? init : { ...init, body: JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: JSON.parse(text === '' ? '{}' : text) as ApiAnswer };
  };
}

function authorizeUrlWith(changes: Record<string, string | undefined>): string {
  const parameters: Record<string, string | undefined> = {
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: TWO_SCOPES,
    access_type: 'offline',
    state: 'a state/with+odd=characters&',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.append(name, value);
  return `http://google.test/o/oauth2/v2/auth?${query.toString()}`;
}
