import { PartnerError } from './partner-error.ts';

/** Which backend to ask, and as which application. */
export interface PartnerCredentials {
  /**
   * Where this server reaches the backend: its public URL, or another address of the same backend inside of your network. Use https
   * wherever the way there is not your own: the client secret travels on it.
   */
  readonly issuer: string;
  /** The application, `app_…`. */
  readonly clientId: string;
  /** Its secret. Stays on this server. */
  readonly clientSecret: string;
  /** Sends the requests instead of the platform's `fetch`, for a proxy or a test. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** For the whole answer, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * An address of the backend, mount path kept.
 *
 * @throws PartnerError `option_invalid`
 */
export function addressAt(issuer: string, path: string): URL {
  const url = typeof issuer === 'string' ? URL.parse(issuer) : null;
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.password !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new PartnerError('option_invalid', 'issuer: expected the address of the backend, such as https://connect.partner.example');
  }
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return url;
}

/**
 * Checks that an option is a text that says something. The message never repeats it: it may be a secret, or one in the wrong place.
 *
 * @throws PartnerError `option_invalid`
 */
export function requireText(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new PartnerError('option_invalid', `${name}: expected a text, received ${value === '' ? 'an empty one' : typeof value}`);
}

/** `client_secret_basic`: both halves are form-encoded first ([RFC 6749 §2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)). */
export function basicAuthorization({ clientId, clientSecret }: Pick<PartnerCredentials, 'clientId' | 'clientSecret'>): string {
  const half = (name: string, value: unknown) => encodeURIComponent(requireText(name, value));
  return `Basic ${Buffer.from(`${half('clientId', clientId)}:${half('clientSecret', clientSecret)}`).toString('base64')}`;
}
