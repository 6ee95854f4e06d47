import { createHash } from 'node:crypto';
import { CalendarConnectError } from './errors.ts';
import { isLoopbackHost } from './loopback-host.ts';

/** Where browsers and partners reach the backend. Stated by the operator: the Host header of a request is never read. */
export interface PublicUrl {
  /** Without a slash at its end: the issuer of RFC 8414 and RFC 9207, and the front of every address of ours. */
  readonly issuer: string;
  readonly origin: string;
  /** The path the app is mounted under: empty, or such as `/calendar`. */
  readonly basePath: string;
  /** The address of one of our endpoints, such as `/oauth/token`. */
  at(path: string): string;
  /** Name and attributes of the cookie that ties a session to one browser. */
  sessionCookie(sessionId: string): SessionCookie;
}

/** A cookie that another application on the same host, or another of our mounts, cannot overwrite by accident. */
export interface SessionCookie {
  readonly name: string;
  readonly options: { readonly httpOnly: true; readonly sameSite: 'Lax'; readonly secure: boolean; readonly path: string };
}

/**
 * Reads the public URL.
 *
 * @throws CalendarConnectError `option_invalid`: no address, another scheme, query, fragment or user, or plain http off this computer
 */
export function parsePublicUrl(text: string): PublicUrl {
  const fail = (why: string) => new CalendarConnectError('option_invalid', `publicUrl: ${why}, received ${JSON.stringify(text)}`);
  if (!URL.canParse(text)) throw fail('expected an address such as https://connect.partner.example');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw fail('expected https');
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw fail('expected https; behind a TLS proxy, give the https address that the proxy answers under');
  }
  if (url.username || url.password || url.search || url.hash) throw fail('expected no user, query or fragment');
  const basePath = url.pathname.replace(/\/+$/, '');
  const issuer = url.origin + basePath;
  const secure = url.protocol === 'https:';
  return {
    issuer,
    origin: url.origin,
    basePath,
    at: (path) => issuer + path,
    sessionCookie: (sessionId) => sessionCookie({ sessionId, issuer, basePath, secure }),
  };
}

function sessionCookie(at: { sessionId: string; issuer: string; basePath: string; secure: boolean }): SessionCookie {
  // `__Host-` keeps a sibling host, or whoever sits on a plain http connection to one, from planting a cookie here. It demands the whole
  // host as path, so below a path a hash of our address keeps two backends apart.
  const backend = createHash('sha256').update(at.issuer).digest('hex').slice(0, 8);
  const name = at.secure && at.basePath === '' ? `cc_${at.sessionId}` : `cc_${backend}_${at.sessionId}`;
  return {
    name: at.secure ? `__Host-${name}` : name,
    options: { httpOnly: true, sameSite: 'Lax', secure: at.secure, path: at.secure || at.basePath === '' ? '/' : at.basePath },
  };
}
