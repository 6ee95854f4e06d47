import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';
import { type Configuration, Provider } from 'oidc-provider';
import { createOutbound } from '../../src/outbound/outbound.ts';
import { google } from '../../src/providers/google/google.ts';
import type { GoogleEndpoints } from '../../src/providers/google/manifest.ts';
import type { Provider as CalendarProvider } from '../../src/providers/provider.ts';
import { GOOGLE_CLIENT } from '../support/world.ts';

export const KEY_ID = 'signing-key';
export const ADA = { sub: 'ada', email: 'ada@example.com' };

/** Changes an answer on its way from the server to our client. */
export type Tamper = (url: URL, answer: Response) => Promise<Response>;

/** A certified OpenID provider in Google's place. */
export interface OidcProvider {
  readonly issuer: string;
  /** What it signs id tokens with. */
  readonly key: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
  /** Our Google provider, pointed at it, with nothing asked, kept or tampered with yet. */
  begin(): CalendarProvider;
  /** How often it was asked at a path by our client. */
  asked(path: string): number;
  tamperWith(tamper: Tamper): void;
  close(): Promise<void>;
}

/**
 * Starts it. What is Google's own is stood in for, as small as can be:
 * - `access_type=offline` is not known to it, so every code gives a refresh token;
 * - the person is ada, who is signed in and agrees to everything at once, without a page;
 * - scopes named by an address are scopes like any other, and are answered as they were asked for;
 * - the id token carries `email`, which OpenID Connect leaves to userinfo;
 * - revoking needs no client secret at Google, so it is added on the way;
 * - the calendar API is one list with one calendar.
 */
export async function startOidcProvider(redirectUri: string): Promise<OidcProvider> {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end();
  const server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = quietly(() => new Provider(issuer, configuration(redirectUri, key.privateKey)));
  const serve = provider.callback();
  answer = (request, response) => {
    const path = request.url ?? '/';
    if (path.startsWith('/consent/')) void agree(provider, request, response);
    else if (path.startsWith('/calendar/'))
      answerJson(response, { items: [{ id: ADA.email, summary: 'Ada', primary: true, accessRole: 'owner' }] });
    else void serve(request, response);
  };
  const untouched: Tamper = (_, answered) => Promise.resolve(answered);
  let asked: string[] = [];
  let tamper = untouched;
  const outbound = createOutbound({
    fetch: async (url: URL, init: RequestInit) => {
      asked.push(url.pathname);
      return tamper(url, await fetch(url, url.pathname === '/token/revocation' ? withSecret(init) : init));
    },
  });
  return {
    issuer,
    key,
    begin: () => {
      asked = [];
      tamper = untouched;
      return google({ ...GOOGLE_CLIENT, endpoints: endpointsAt(issuer), outbound });
    },
    asked: (path) => asked.filter((each) => each === path).length,
    tamperWith: (next) => void (tamper = next),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** It warns of the store in memory, which is what a test wants. */
function quietly<T>(make: () => T): T {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  try {
    return make();
  } finally {
    warn.mockRestore();
  }
}

function endpointsAt(issuer: string): GoogleEndpoints {
  return {
    issuer,
    authorization: `${issuer}/auth`,
    token: `${issuer}/token`,
    revocation: `${issuer}/token/revocation`,
    keys: `${issuer}/jwks`,
    api: `${issuer}/`,
  };
}

function configuration(redirectUri: string, privateKey: KeyObject): Configuration {
  return {
    clients: [
      {
        client_id: GOOGLE_CLIENT.clientId,
        client_secret: GOOGLE_CLIENT.clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' }] },
    scopes: [
      'openid',
      'email',
      ...['calendar.events', 'calendar.calendarlist.readonly', 'calendar.freebusy', 'calendar.events.freebusy'].map(
        (name) => `https://www.googleapis.com/auth/${name}`,
      ),
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['a key for the cookies of this test'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true, allowedPolicy: () => true } },
    interactions: { url: (_, interaction) => `/consent/${interaction.uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, email: ADA.email, email_verified: true }) }),
    issueRefreshToken: () => true,
    ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: 3600, IdToken: 3600, Interaction: 600, RefreshToken: 3600, Session: 3600 },
  };
}

async function agree(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: ADA.sub, clientId: String(params['client_id']) });
  grant.addOIDCScope(String(params['scope']));
  await provider.interactionFinished(request, response, { login: { accountId: ADA.sub }, consent: { grantId: await grant.save() } });
}

function answerJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function withSecret(init: RequestInit): RequestInit {
  const body = new URLSearchParams(init.body as URLSearchParams | string);
  body.set('client_id', GOOGLE_CLIENT.clientId);
  body.set('client_secret', GOOGLE_CLIENT.clientSecret);
  return { ...init, body };
}
