import type { TokenBody } from '../support/partner-server.ts';
import { PAGE_ORIGIN, type RegisteredApplication } from '../support/world.ts';
import type { Line, Received, Sending } from './http.ts';
import type { WaitingPerson } from './waiting-people.ts';

/** How a code can be brought: as each of the many clients that partners have brings it, or by a page. */
export const WAYS = ['form', 'json', 'basic', 'page'] as const;

/** One of {@link WAYS}. */
export type Way = (typeof WAYS)[number];

/** What redeeming a code says: tokens, or a receipt to a page. */
export type Redeemed = TokenBody & { readonly receipt?: string };

/** A partner's requests. Each tells an address of its own as the client's, because what is limited by address is not what is tested. */
export interface Partner {
  /** The exchange of a person's code. */
  exchange(person: WaitingPerson, way: Way): Sending;
  /** The redemption of a page's receipt. */
  redeem(receipt: string): Sending;
  refresh(refreshToken: string): Sending;
  revoke(named: { readonly token: string } | { readonly sub: string }): Sending;
  userinfo(accessToken: string): Sending;
  /** A page's cancellation of its session. */
  cancel(person: WaitingPerson): Sending;
}

export function createPartner({ clientId, clientSecret }: RegisteredApplication): Partner {
  const address = createAddresses();
  const credentials = { client_id: clientId, client_secret: clientSecret };
  const post = (path: string, type: keyof typeof WRITERS, fields: Readonly<Record<string, string>>): Sending => ({
    method: 'POST',
    path,
    headers: { 'content-type': type, 'x-forwarded-for': address() },
    body: WRITERS[type](fields),
  });
  const token = (fields: Readonly<Record<string, string>>): Sending =>
    post('/oauth/token', 'application/x-www-form-urlencoded', { ...credentials, ...fields });
  const ofPage = (sending: Sending): Sending => ({
    ...sending,
    path: `${sending.path}?client_id=${clientId}`,
    headers: { ...sending.headers, origin: PAGE_ORIGIN },
  });
  const exchange: Readonly<Record<Way, (fields: { code: string; code_verifier: string }) => Sending>> = {
    form: (fields) => token({ grant_type: 'authorization_code', ...fields }),
    json: (fields) => post('/oauth/token', 'application/json', { ...credentials, grant_type: 'authorization_code', ...fields }),
    basic: (fields) => {
      const sending = post('/oauth/token', 'application/x-www-form-urlencoded', { grant_type: 'authorization_code', ...fields });
      return { ...sending, headers: { ...sending.headers, authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` } };
    },
    page: (fields) => ofPage(post('/connect/exchange', 'application/json', fields)),
  };
  return {
    exchange: ({ code, verifier }, way) => exchange[way]({ code, code_verifier: verifier }),
    redeem: (receipt) => token({ grant_type: 'authorization_code', code: receipt }),
    refresh: (refreshToken) => token({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    revoke: (named) => post('/oauth/token/revoke', 'application/json', { ...credentials, ...named }),
    userinfo: (accessToken) => ({ method: 'GET', path: '/v1/userinfo', headers: { authorization: `Bearer ${accessToken}` } }),
    cancel: ({ sessionId, sessionSecret }) =>
      ofPage({ method: 'DELETE', path: `/connect/sessions/${sessionId}`, headers: { authorization: `Bearer ${sessionSecret}` } }),
  };
}

const WRITERS = {
  'application/x-www-form-urlencoded': (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields).toString(),
  'application/json': (fields: Readonly<Record<string, string>>) => JSON.stringify(fields),
} as const;

/** Another address each time, of a network that is nobody's ([RFC 2544](https://www.rfc-editor.org/rfc/rfc2544)). */
function createAddresses(): () => string {
  let made = 0;
  return () => {
    made += 1;
    return `198.${18 + ((made >> 16) & 1)}.${(made >> 8) & 255}.${made & 255}`;
  };
}

/** What an answer comes down to where only its outcome matters. */
export function outcomeOf({ status, body }: Received<{ readonly error?: string }>): string {
  return status === 200 ? '200' : `${status} ${body.error ?? ''}`;
}

/** Asks both processes at once whether an access token works: for which account, or how it is refused. */
export async function whoseToken(partner: Partner, lines: readonly Line[], accessToken: string): Promise<string[]> {
  const answers = await Promise.all(lines.map((line) => line.send(partner.userinfo(accessToken))));
  return answers.map((answer) => (answer.status === 200 ? (answer.body['sub'] ?? '') : String(answer.status)));
}
