const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);
const IP_ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[.*\])$/;

/**
 * Says why Google's console would not take this redirect URI, or `undefined` when it would.
 *
 * One leniency: hosts under `.localhost` are taken with plain http, so that tests can have several sites on one machine.
 * One limit: Google also wants a public top-level domain; names under `.example` are taken here.
 *
 * @see {@link https://developers.google.com/identity/protocols/oauth2/web-server#uri-validation}
 */
export function redirectUriProblem(uri: string): string | undefined {
  if (!URL.canParse(uri)) return 'it must be an absolute URL';
  const url = new URL(uri);
  const loopback = LOOPBACK_HOSTS.has(url.hostname) || url.hostname.endsWith('.localhost');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'its scheme must be https or http';
  if (url.protocol === 'http:' && !loopback) return 'it must use https unless the host is localhost';
  if (IP_ADDRESS.test(url.hostname) && !loopback) return 'its host must not be a raw IP address';
  if (uri.includes('#')) return 'it must not contain a fragment';
  if (uri.includes('*')) return 'it must not contain a wildcard';
  if (url.username !== '' || url.password !== '') return 'it must not contain user information';
  if (/(^|[\\/])\.\.([\\/?]|$)/.test(uri)) return 'it must not contain a path traversal';
  return undefined;
}
