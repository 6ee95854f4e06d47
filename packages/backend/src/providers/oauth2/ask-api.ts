import { type Answer, ask } from '../answer.ts';
import type { ServiceSettings } from './service-options.ts';

/** One request to a vendor's API. */
export interface ApiRequest {
  readonly url: string;
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined;
  readonly body?: object | undefined;
}

/** Asks an API once, with the access token and nothing else of the credential. */
export function askApi(
  settings: Pick<ServiceSettings<object>, 'outbound' | 'now'>,
  accessToken: string,
  { url, method, body }: ApiRequest,
): Promise<Answer> {
  return ask(settings, url, {
    method,
    headers: {
      authorization: `Bearer ${accessToken}`,
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

/** An address below a root that may end with a slash; the ids in it are escaped. */
export function apiAddress(root: string): (parts: TemplateStringsArray, ...ids: readonly string[]) => string {
  return (parts, ...ids) => root.replace(/\/+$/, '') + parts.map((part, index) => part + encodeURIComponent(ids[index] ?? '')).join('');
}
