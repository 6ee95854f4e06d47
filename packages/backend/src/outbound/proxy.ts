import { CalendarConnectError } from '../errors.ts';

/** An egress proxy. */
export interface Proxy {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** Value of `Proxy-Authorization`, where the proxy wants one. A secret. */
  readonly authorization: string | undefined;
}

/**
 * Reads the address of an egress proxy, such as `http://user:password@proxy.corp.example:3128`.
 *
 * @throws CalendarConnectError `option_invalid`; what was received is not shown, because a password may be in it
 */
export function parseProxy(text: string | undefined): Proxy | undefined {
  if (text === undefined) return undefined;
  const fail = (received: string) =>
    new CalendarConnectError(
      'option_invalid',
      `outbound.proxy: expected an address such as http://user:password@proxy.corp.example:3128, received ${received}`,
    );
  const url = typeof text === 'string' ? URL.parse(text) : null;
  if (url === null) throw fail('something else');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw fail(`one with the scheme ${url.protocol.slice(0, -1)}`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') throw fail('one with a path, query or fragment');
  const secure = url.protocol === 'https:';
  return {
    secure,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    authorization: basic(url, fail),
  };
}

function basic(url: URL, fail: (received: string) => Error): string | undefined {
  if (url.username === '' && url.password === '') return undefined;
  try {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    return `Basic ${Buffer.from(credentials).toString('base64')}`;
  } catch {
    throw fail('a user or password with a % that is no escape (write %25)');
  }
}
