import type { PartnerMintedSession, PartnerSessionRequest, SessionStatus } from '@calendar-connect/protocol';
import type { Browser, Screen } from './browser.ts';
import { type AtGoogle, goThroughGoogle } from './consent.ts';
import { type Answer, readAnswer } from './partner-page.ts';
import { CALLBACK, type RegisteredApplication, type Reachable } from './world.ts';

/** The token endpoint's answer, and its refusal. */
export interface TokenBody {
  readonly token_type: string;
  readonly access_token: string;
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly scope: string;
  readonly account_id: string;
  readonly sub: string;
  readonly linking_profile: Readonly<Record<'provider_name' | 'provider_service' | 'profile_id' | 'profile_name', string>>;
  readonly error: string;
  readonly error_description: string;
}

/** What userinfo tells of an account. */
export interface UserinfoBody {
  readonly sub: string;
  readonly 'cronofy.data': {
    readonly profiles: readonly {
      readonly profile_id: string;
      readonly provider_name: string;
      readonly profile_connected: boolean;
      readonly profile_calendars: readonly { readonly calendar_id: string; readonly calendar_name: string }[];
    }[];
  };
}

/** A partner's server, which holds the client secret. */
export interface PartnerServer {
  /** `POST /oauth/token` with the credentials in the body. */
  token(fields: Readonly<Record<string, string | undefined>>): Promise<Answer<TokenBody>>;
  /** Redeems a code or a receipt. */
  redeem(code: string | undefined, fields?: Readonly<Record<string, string>>): Promise<Answer<TokenBody>>;
  refresh(refreshToken: string): Promise<Answer<TokenBody>>;
  revoke(fields: Readonly<Record<string, string>>): Promise<Answer<{ error: string } | undefined>>;
  userinfo(accessToken: string): Promise<Answer<UserinfoBody>>;
  /** Mints a session for a person it knows. */
  mint(request: PartnerSessionRequest): Promise<PartnerMintedSession>;
  session(id: string): Promise<Answer<SessionStatus>>;
}

export function createPartnerServer(world: Reachable, application: RegisteredApplication = world.application): PartnerServer {
  const credentials = { client_id: application.clientId, client_secret: application.clientSecret };
  const send = (path: string, fields: Readonly<Record<string, unknown>>): Promise<Response> =>
    world.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...credentials, ...fields }),
    });
  const token: PartnerServer['token'] = async (fields) => readAnswer(await send('/oauth/token', fields));
  return {
    token,
    redeem: (code, fields = {}) => token({ grant_type: 'authorization_code', code, ...fields }),
    refresh: (refreshToken) => token({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    revoke: async (fields) => readAnswer(await send('/oauth/token/revoke', fields)),
    userinfo: async (accessToken) =>
      readAnswer(await world.request('/v1/userinfo', { headers: { authorization: `Bearer ${accessToken}` } })),
    mint: async (request) => (await readAnswer<PartnerMintedSession>(await send('/connect/sessions', { ...request }))).body,
    session: async (id) =>
      readAnswer(await world.request(`/connect/sessions/${id}`, { headers: { authorization: `Bearer ${application.clientSecret}` } })),
  };
}

/** The parameters of an authorization request. `undefined` leaves one out. */
export type AuthorizeChanges = Readonly<Record<string, string | undefined>>;

/** The path of an authorization request, as a partner makes it. */
export function authorizePath(world: Reachable, changes: AuthorizeChanges = {}): string {
  const parameters: AuthorizeChanges = {
    response_type: 'code',
    client_id: world.application.clientId,
    redirect_uri: CALLBACK,
    scope: 'free_busy_write',
    state: 'state-1',
    ...changes,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.append(name, value);
  return `/oauth/authorize?${query.toString()}`;
}

/** What a person does in the flow that begins at `/oauth/authorize`. */
export interface Authorizing extends AtGoogle {
  readonly browser?: Browser;
  readonly accessMode?: string;
}

/** The whole flow by redirect, through the hosted chooser or straight on; ends where the browser ends. */
export async function authorize(world: Reachable, changes: AuthorizeChanges = {}, doing: Authorizing = {}): Promise<Screen> {
  const browser = doing.browser ?? world.browser();
  const first = await browser.visit(`${world.publicUrl}${authorizePath(world, changes)}`);
  if (!first.text.includes('name="ticket"')) return goThroughGoogle(browser, first, doing);
  const choose = { provider: 'google', access_mode: doing.accessMode ?? 'free_busy' };
  return goThroughGoogle(browser, await browser.submit(first, { press: 'Continue', choose }), doing);
}

/** The code that the flow by redirect ends with. */
export async function authorizedCode(world: Reachable, changes: AuthorizeChanges = {}, doing: Authorizing = {}): Promise<string> {
  const { url, text } = await authorize(world, changes, doing);
  const code = url.searchParams.get('code');
  if (code === null) throw new Error(`no code in ${url.href} ${text}`);
  return code;
}
