import type { Answer } from '../answer.ts';
import { ask } from '../answer.ts';
import type { Credential } from '../provider.ts';
import type { MicrosoftSettings } from './options.ts';

const VERSION = 'v1.0';
/** A page of events with long texts is larger than what is usual elsewhere. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * Times in UTC, because Windows zone names are nothing to count with; and ids that stay when somebody moves an event. The answer's times
 * say their zone all the same, and are not taken for UTC where they say another.
 *
 * @see [Immutable ids](https://learn.microsoft.com/graph/outlook-immutable-id), [Prefer: outlook.timezone](https://learn.microsoft.com/graph/api/user-list-calendarview#request-headers)
 */
const PREFERENCES = ['outlook.timezone="UTC"', 'IdType="ImmutableId"'] as const;

/** One request to Graph. */
export interface GraphRequest {
  /** Below the version, such as `/me/calendars`; its parts are escaped by {@link graphPath}. */
  readonly path: string;
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE' | undefined;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly body?: object | undefined;
  /** Preferences besides those that every request states. */
  readonly prefer?: readonly string[] | undefined;
  /** Only if the event still has this etag. */
  readonly etag?: string | undefined;
}

/** Who asks, and where. */
export interface GraphCaller {
  readonly settings: MicrosoftSettings;
  readonly credential: Credential;
}

/** A path of fixed parts and ids. Ids of Graph's hold slashes, plus and equals signs. */
export function graphPath(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  return parts.map((part, index) => part + encodeURIComponent(ids[index] ?? '')).join('');
}

/** Asks Graph once, with the access token and nothing else of the credential. */
export function askGraph(caller: GraphCaller, request: GraphRequest): Promise<Answer> {
  const url = new URL(rootOf(caller.settings).href + request.path.slice(1));
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  return send(caller, url.href, request);
}

/** Follows a link that Graph gave, as it is, with the preferences of the request that it continues. */
export function followLink(caller: GraphCaller, link: string, { prefer }: Pick<GraphRequest, 'prefer'>): Promise<Answer> {
  return send(caller, link, { prefer });
}

/** Whether a link leads to Graph itself: whoever is asked gets to see the access token. */
export function isGraphLink(settings: MicrosoftSettings, link: string): boolean {
  const url = URL.parse(link);
  const root = rootOf(settings);
  return url !== null && url.origin === root.origin && url.pathname.startsWith(root.pathname) && url.username === '' && url.password === '';
}

function rootOf({ endpoints }: MicrosoftSettings): URL {
  return new URL(`${endpoints.graph.replace(/\/+$/, '')}/${VERSION}/`);
}

function send(
  { settings, credential }: GraphCaller,
  url: string,
  { method, body, prefer = [], etag }: Omit<GraphRequest, 'path' | 'query'>,
): Promise<Answer> {
  return ask(settings, url, {
    method,
    headers: {
      authorization: `Bearer ${credential.accessToken}`,
      accept: 'application/json',
      prefer: [...PREFERENCES, ...prefer].join(', '),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(etag !== undefined && { 'if-match': etag }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    maxResponseBytes: MAX_ANSWER_BYTES,
  });
}
