import type { ConnectErrorBody, ConnectionSummary } from '@calendar-connect/protocol';
import { openPage, type PageSession } from '../../backend/test/support/partner-page.ts';
import { type RegisteredApplication, type World } from '../../backend/test/support/world.ts';
import { type ConnectedCalendar, type ExchangeFailure, exchangeHandler, type ExchangeHandlerOptions } from '../src/index.ts';

export const SITE = 'https://app.partner.example';
export const ENDPOINT = `${SITE}/calendar/exchange`;

/** Somebody whom the partner's site knows. */
export interface User {
  readonly id: string;
}

/** A partner's server with an exchange handler, in front of a backend that really answers. */
export interface Partner {
  readonly handler: ReturnType<typeof exchangeHandler<User>>;
  /** What `onTokens` was given. */
  readonly kept: ConnectedCalendar<User>[];
  readonly failures: ExchangeFailure[];
  /** How often the backend was asked. */
  readonly asked: () => number;
}

/** Reaches the backend of a world as if over the network. */
export function networkTo(world: World): typeof fetch {
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return world.request(`${url.pathname}${url.search}`, init);
  };
}

export function openPartner(
  world: World,
  changes: Partial<ExchangeHandlerOptions<User>> = {},
  application: RegisteredApplication = world.application,
): Partner {
  const kept: ConnectedCalendar<User>[] = [];
  const failures: ExchangeFailure[] = [];
  let asked = 0;
  const handler = exchangeHandler<User>({
    issuer: world.publicUrl,
    ...application,
    fetch: (input, init) => {
      asked += 1;
      return networkTo(world)(input, init);
    },
    user: (request) => userIn(request),
    onTokens: (connected) => void kept.push(connected),
    onError: (failure) => void failures.push(failure),
    ...changes,
  });
  return { handler, kept, failures, asked: () => asked };
}

/** The partner's own session, as a cookie that says who it is. */
function userIn(request: Request): User | undefined {
  const id = /session=([\w-]+)/.exec(request.headers.get('cookie') ?? '')?.[1];
  return id === undefined ? undefined : { id };
}

/** What a page sends. Headers that are `undefined` are left out. */
export function exchangeRequest(body: unknown, headers: Readonly<Record<string, string | undefined>> = {}, url = ENDPOINT): Request {
  const all = { origin: SITE, 'content-type': 'application/json', cookie: 'session=user-42', ...headers };
  const sent = Object.entries(all).filter((header): header is [string, string] => header[1] !== undefined);
  return new Request(url, { method: 'POST', headers: sent, body: typeof body === 'string' ? body : JSON.stringify(body) });
}

/** What a page reads. */
export async function readExchange(response: Response) {
  const text = await response.text();
  // Ours to read: a test that expects something else fails at its next line.
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as ConnectionSummary & ConnectErrorBody };
}

/** A person connects with the element: its session, and the code that its poll got. */
export async function connectByElement(world: World): Promise<{ session: PageSession; code: string }> {
  const session = await openPage(world).mint();
  await session.connect();
  const { code = '' } = await session.poll();
  return { session, code };
}
