import { addressAt, type Issuer, requireText } from './credentials.ts';

/** What {@link createAuthorization} needs. */
export interface CreateAuthorizationOptions extends Issuer {
  /** The backend as browsers reach it: its public URL. */
  readonly issuer: string;
  /** The application, `app_…`. */
  readonly clientId: string;
  /** Where the person comes back to; registered for the application, exactly so. */
  readonly redirectUri: string;
  /** Space-separated; the application's own where absent. */
  readonly scope?: string | undefined;
  /** Skips the chooser, such as `google_free_busy`. */
  readonly providerName?: string | undefined;
  /** A BCP 47 tag for the hosted pages; the browser's where absent. */
  readonly locale?: string | undefined;
}

/** An authorization that somebody is about to be sent to. */
export interface Authorization {
  /** Where to send the person. */
  readonly url: string;
  /** Comes back with the code. Keep it for this browser, for example in an `HttpOnly` cookie, and compare. */
  readonly state: string;
  /** Redeems the code. Keep it in the same place; it never stands in an address. */
  readonly codeVerifier: string;
}

/**
 * Makes the address of one authorization, with a `state` and a PKCE challenge of its own: the first keeps a link of somebody else's from
 * connecting their calendar to your user, the second keeps a stolen code from being of use to anybody.
 *
 * @throws PartnerError `option_invalid`
 * @see [RFC 6749 §10.12](https://www.rfc-editor.org/rfc/rfc6749#section-10.12), [RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)
 */
export async function createAuthorization(options: CreateAuthorizationOptions): Promise<Authorization> {
  const state = randomText();
  const codeVerifier = randomText();
  const url = addressAt(options, '/oauth/authorize');
  const parameters = {
    response_type: 'code',
    client_id: requireText('clientId', options.clientId),
    redirect_uri: requireText('redirectUri', options.redirectUri),
    scope: options.scope,
    state,
    code_challenge: await challengeOf(codeVerifier),
    code_challenge_method: 'S256',
    provider_name: options.providerName,
    locale: options.locale,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return { url: url.href, state, codeVerifier };
}

/** 256 random bits, which base64url spells in the 43 characters that a verifier has at least. */
function randomText(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

/** [RFC 7636 §4.2](https://www.rfc-editor.org/rfc/rfc7636#section-4.2) */
async function challengeOf(codeVerifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier))));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
