import { createHash } from 'node:crypto';
import { createBrowser, type Browser, type Screen } from './browser.ts';

const CLIENT_ID = 'planner-at-the-service';
const CLIENT_SECRET = 'a-secret-of-the-planner';
export const REDIRECT_URI = 'https://connect.example/connect/callback/service';
export const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-0123';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
export const AMIRA = 'amira@partner.example';
export const JONAS = 'jonas@gmail.example';
export const STATE = 'a state/with+odd=characters&';
export const CLIENT = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUris: [REDIRECT_URI], appName: 'Planner' };

type Changes = Record<string, string | undefined>;

/** An answer's status and body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Calls the service's API. */
export type Call = (method: string, path: string, body?: unknown) => Promise<Answer>;

/** How one service differs from the others. */
export interface ServiceWays {
  readonly authorizePath: string;
  readonly tokenPath: string;
  readonly clientIn: 'header' | 'body';
  readonly allowButton: string;
  readonly scope?: string;
}

/** A partner's app as an emulator of a conferencing service sees it. */
export interface ServiceUnderTest {
  readonly browser: Browser;
  readonly request: (path: string, init?: RequestInit) => Promise<Answer>;
  readonly authorizeUrl: (changes?: Changes) => string;
  /** Goes through both pages and returns where the browser ends. */
  readonly connect: (changes?: Changes, email?: string) => Promise<Screen>;
  readonly token: (form: Changes, credentials?: { id: string; secret: string }) => Promise<Answer>;
  /** Redeems the code of a callback. */
  readonly exchange: (screen: Screen, changes?: Changes) => Promise<Answer>;
  /** Connects and redeems the code. */
  readonly tokens: (changes?: Changes, email?: string) => Promise<Record<string, string>>;
  readonly callWith: (accessToken: string) => Call;
  /** Connects, and calls the API with what came of it. */
  readonly calling: (changes?: Changes, email?: string) => Promise<Call>;
}

interface Answering {
  readonly request: (url: string, init?: RequestInit) => Response | Promise<Response>;
}

/** Puts an app in front of an emulator that is in memory. */
export function serviceUnderTest(app: Answering, ways: ServiceWays): ServiceUnderTest {
  const browser = createBrowser((url, init) => app.request(url, init));
  const request: ServiceUnderTest['request'] = async (path, init) => toAnswer(await app.request(path, init));
  const authorizeUrl = (changes: Changes = {}): string => `http://service.test${ways.authorizePath}?${authorizeQuery(ways, changes)}`;
  const connect: ServiceUnderTest['connect'] = async (changes, email = AMIRA) => {
    await browser.visit(authorizeUrl(changes));
    await browser.press(email);
    return browser.press(ways.allowButton);
  };
  const token: ServiceUnderTest['token'] = (form, { id, secret } = { id: CLIENT_ID, secret: CLIENT_SECRET }) => {
    const inBody = ways.clientIn === 'body' ? { client_id: id, client_secret: secret } : {};
    const inHeader = { Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
    const body = withoutAbsent({ ...inBody, ...form });
    return request(ways.tokenPath, { method: 'POST', body, ...(ways.clientIn === 'header' ? { headers: inHeader } : {}) });
  };
  const exchange: ServiceUnderTest['exchange'] = ({ location }, changes = {}) => {
    const code = location?.searchParams.get('code') ?? undefined;
    return token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER, ...changes });
  };
  const tokens: ServiceUnderTest['tokens'] = async (changes, email) =>
    (await exchange(await connect(changes, email))).body as Record<string, string>;
  const callWith: ServiceUnderTest['callWith'] = (accessToken) => (method, path, body) =>
    request(path, {
      method,
      headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const calling: ServiceUnderTest['calling'] = async (changes, email) => callWith((await tokens(changes, email))['access_token'] ?? '');
  return { browser, request, authorizeUrl, connect, token, exchange, tokens, callWith, calling };
}

function authorizeQuery({ scope }: ServiceWays, changes: Changes): string {
  return withoutAbsent({
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope,
    state: STATE,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  }).toString();
}

function withoutAbsent(parameters: Changes): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.append(name, value);
  return query;
}

async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} };
}
