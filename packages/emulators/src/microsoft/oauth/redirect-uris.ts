import type { SignInAudience } from './clients.ts';

const LENGTH_MOST = 256;
/** The two spellings of the computer itself whose port Microsoft does not compare. */
const PORTLESS_HOSTS = new Set(['localhost', '127.0.0.1']);

/**
 * Says why the app registration would not take this redirect URI, or `undefined` when it would.
 *
 * One leniency: hosts under `.localhost` are taken with plain http, so that tests can have several sites on one machine.
 *
 * @see {@link https://learn.microsoft.com/entra/identity-platform/reply-url}
 */
export function redirectUriProblem(uri: string, audience: SignInAudience): string | undefined {
  if (!URL.canParse(uri)) return 'it must be an absolute URL';
  const url = new URL(uri);
  const loopback = PORTLESS_HOSTS.has(url.hostname) || url.hostname.endsWith('.localhost');
  if (uri.length > LENGTH_MOST) return `it must not be longer than ${LENGTH_MOST} characters`;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'its scheme must be https or http';
  if (url.protocol === 'http:' && !loopback) return 'it must use https unless the host is localhost';
  if (uri.includes('#')) return 'it must not contain a fragment';
  if (uri.includes('*')) return 'it must not contain a wildcard';
  if (url.search !== '' && audience.includes('Personal')) return 'it must not have a query where personal accounts sign in';
  return undefined;
}

/** Says whether a request's redirect URI is the registered one: exactly, but for the port of the computer itself. */
export function redirectUriMatches(asked: string, registered: string): boolean {
  if (asked === registered) return true;
  if (!URL.canParse(asked) || !URL.canParse(registered)) return false;
  const [a, b] = [new URL(asked), new URL(registered)];
  if (a.protocol !== 'http:' || b.protocol !== 'http:' || !PORTLESS_HOSTS.has(a.hostname)) return false;
  a.port = '';
  b.port = '';
  return a.href === b.href;
}
