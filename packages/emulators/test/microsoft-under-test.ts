import { createHash } from 'node:crypto';
import { createMicrosoftEmulator, type MicrosoftControl, type MicrosoftEmulatorOptions } from '../src/index.ts';
import { createBrowser, type Browser, type Screen } from './browser.ts';

export const CLIENT_ID = '11111111-2222-4333-8444-555555555555';
export const CLIENT_SECRET = 'an~example.secret_with+odd/characters';
export const REDIRECT_URI = 'https://connect.example/connect/callback/microsoft';
export const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-0123';
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
/** Work, in an organisation where only the administrator may consent to calendars. */
export const AMIRA = 'amira@partner.example';
export const NOOR = 'noor@partner.example';
export const OTTO = 'otto@partner.example';
/** Work, in an organisation where people may consent; guest at Amira's. */
export const LEA = 'lea@studio.example';
/** Work, in an organisation with the request workflow. */
export const MIKA = 'mika@council.example';
/** Personal. */
export const JONAS = 'jonas@outlook.example';
export const FULL = 'openid email profile offline_access User.Read Calendars.ReadWrite';
export const FREE_BUSY = 'openid email profile offline_access User.Read Calendars.ReadBasic';
export const STATE = 'a state/with+odd=characters&';

type Changes = Record<string, string | undefined>;
/** An answer's status and body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Calls Graph. */
export type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<GraphAnswer>;

/** What tests look for in an answer of Graph. */
export interface GraphAnswer extends Answer {
  readonly body: Record<string, unknown> & {
    readonly value: Record<string, unknown>[];
    readonly error: { code: string; message: string; innerError: Record<string, string> };
    readonly '@odata.nextLink'?: string;
  };
}

/** A partner's app as the emulator sees it. */
export interface MicrosoftUnderTest {
  readonly control: MicrosoftControl;
  readonly browser: Browser;
  /** A browser of its own, such as the administrator's. */
  readonly otherBrowser: () => Browser;
  readonly request: (path: string, init?: RequestInit) => Promise<Response>;
  readonly authorizeUrl: (changes?: Changes, tenant?: string) => string;
  /** Chooses the account and accepts where consent is asked; returns where the browser ends. */
  readonly connect: (email: string, changes?: Changes, tenant?: string) => Promise<Screen>;
  readonly token: (form: Record<string, string>, tenant?: string, headers?: Record<string, string>) => Promise<Answer>;
  readonly exchange: (code: string | null | undefined, changes?: Record<string, string>, tenant?: string) => Promise<Answer>;
  /** Connects and exchanges the code. */
  readonly tokens: (email: string, changes?: Changes, tenant?: string) => Promise<Record<string, string>>;
  readonly tenantId: (domain: string) => string;
  /** Calls Graph with a token that has this scope. */
  readonly calling: (email: string, scope: string) => Promise<Call>;
  readonly callWith: (accessToken: string) => Call;
}

/** Starts an emulator in memory, with one registered app. */
export function createMicrosoftUnderTest(options: Partial<MicrosoftEmulatorOptions> = {}): MicrosoftUnderTest {
  const permissions = { delegated: ['User.Read', 'Calendars.ReadWrite', 'Calendars.ReadBasic', 'Calendars.Read'] };
  const client = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUris: [REDIRECT_URI], appName: 'Planner', permissions };
  const { app, control } = createMicrosoftEmulator({ clients: [client], publicUrl: 'http://microsoft.test', ...options });
  const request = async (path: string, init?: RequestInit): Promise<Response> => app.request(path, init);
  const otherBrowser = (): Browser => createBrowser((url, init) => app.request(url, init));
  const browser = otherBrowser();
  const connect: MicrosoftUnderTest['connect'] = async (email, changes, tenant) => {
    const first = await browser.visit(authorizeUrl({ prompt: 'select_account', ...changes }, tenant));
    if (first.location !== undefined || !first.text.includes('Pick an account')) return first;
    const second = await browser.press(email);
    return second.text.includes('Permissions requested') ? browser.press('Accept') : second;
  };
  const token: MicrosoftUnderTest['token'] = async (form, tenant = 'common', headers = {}) => {
    const body = new URLSearchParams({ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, ...form });
    return toAnswer(await request(`/${tenant}/oauth2/v2.0/token`, { method: 'POST', body, headers }));
  };
  const exchange: MicrosoftUnderTest['exchange'] = (code, changes = {}, tenant) =>
    token({ grant_type: 'authorization_code', code: code ?? '', redirect_uri: REDIRECT_URI, code_verifier: VERIFIER, ...changes }, tenant);
  const tokens: MicrosoftUnderTest['tokens'] = async (email, changes, tenant) => {
    const { location } = await connect(email, changes, tenant);
    return (await exchange(location?.searchParams.get('code'), {}, tenant)).body as Record<string, string>;
  };
  const callWith: MicrosoftUnderTest['callWith'] = (accessToken) => createCall(request, accessToken);
  return {
    control,
    browser,
    otherBrowser,
    request,
    authorizeUrl,
    connect,
    token,
    exchange,
    tokens,
    callWith,
    tenantId: (domain) => control.tenants.find((tenant) => tenant.domain === domain)?.id ?? '',
    calling: async (email, scope) => {
      control.approveForUser(email, CLIENT_ID, `openid offline_access ${scope}`.trim().split(' '));
      return callWith((await tokens(email, { scope: `openid offline_access ${scope}` }))['access_token'] ?? '');
    },
  };
}

function createCall(request: MicrosoftUnderTest['request'], accessToken: string): Call {
  return async (method, path, body, headers = {}) => {
    const init = { method, headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json', ...headers } };
    const url = path.startsWith('http') ? path : `/v1.0${path}`;
    return (await toAnswer(await request(url, body === undefined ? init : { ...init, body: JSON.stringify(body) }))) as GraphAnswer;
  };
}

async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>,
  };
}

function authorizeUrl(changes: Changes = {}, tenant = 'common'): string {
  const parameters: Changes = {
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: FULL,
    state: STATE,
    nonce: 'the-nonce',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.append(name, value);
  return `http://microsoft.test/${tenant}/oauth2/v2.0/authorize?${query.toString()}`;
}
