import { PartnerError } from './partner-error.ts';

/** Which backend to ask. */
export interface Issuer {
  /**
   * Where this server reaches the backend: its public URL, or another address of the same backend inside of your network. Https, except on
   * this computer: the client secret travels on it.
   */
  readonly issuer: string;
  /**
   * Lets `issuer` be plain http off this computer. Whoever is on the way reads the client secret and every token: only for a network in
   * which nobody else is. Default `false`.
   */
  readonly allowPlainHttp?: boolean | undefined;
}

/** Which backend to ask, and as which application. */
export interface PartnerCredentials extends Issuer {
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
export function addressAt({ issuer, allowPlainHttp }: Issuer, path: string): URL {
  const url = typeof issuer === 'string' && URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.password !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new PartnerError('option_invalid', 'issuer: expected the address of the backend, such as https://connect.partner.example');
  }
  if (url.protocol === 'http:' && allowPlainHttp !== true && !isLoopback(url.hostname)) {
    throw new PartnerError(
      'option_invalid',
      `issuer: expected https, received ${url.origin}. Within a network of your own, allowPlainHttp: true lets it be`,
    );
  }
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return url;
}

/** Whether a host name, as `URL` spells it, never leaves this computer ([RFC 6761 §6.3](https://www.rfc-editor.org/rfc/rfc6761#section-6.3)). */
function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
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
  // Encoded so, both halves are ASCII, which is all that btoa takes.
  return `Basic ${btoa(`${half('clientId', clientId)}:${half('clientSecret', clientSecret)}`)}`;
}

/** `client_secret_post` ([RFC 6749 §2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)): the form that every backend of the partner API takes at its token endpoint. */
export function postedCredentials({ clientId, clientSecret }: Pick<PartnerCredentials, 'clientId' | 'clientSecret'>): URLSearchParams {
  return new URLSearchParams({
    client_id: requireText('clientId', clientId),
    client_secret: requireText('clientSecret', clientSecret),
  });
}
