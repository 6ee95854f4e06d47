import { addressAt, type PartnerCredentials, requireText } from './credentials.ts';
import { PartnerError } from './partner-error.ts';
import type { Tokens } from './tokens.ts';

/** A calendar that was just connected. */
export interface ConnectedCalendar<User> {
  /** Whom `user` answered with. */
  readonly user: User;
  readonly tokens: Tokens;
  /** Its body has been read. */
  readonly request: Request;
}

/** What went wrong on the server, for its log. */
export interface ExchangeFailure {
  /** Its message holds no secret. The cause is what your own function or the platform threw, and may say more than a log should hold. */
  readonly error: PartnerError;
  readonly request: Request;
}

/** What your server kept of `createAuthorization` for one browser. */
export interface KeptAuthorization {
  readonly state: string;
  /** Absent only where the authorization was asked for without a challenge. */
  readonly codeVerifier?: string | undefined;
}

/** What {@link exchangeHandler} needs. */
export interface ExchangeHandlerOptions<User> extends PartnerCredentials {
  /** Who is signed in, by the session of your own site; nobody: `undefined`. The calendar becomes theirs. It must leave the body unread. */
  readonly user: (request: Request) => User | null | undefined | Promise<User | null | undefined>;
  /**
   * Keeps the tokens. The page is told of the connection only when this has resolved. Where it throws, the person is asked to connect again
   * and this is called again, for the same account.
   */
  readonly onTokens: (connected: ConnectedCalendar<User>) => unknown;
  /**
   * Origins of the pages that may send codes. Default: the origin of the request's own address. Needed behind a TLS proxy, where a server
   * takes its address for a plain http one.
   */
  readonly origins?: readonly string[] | undefined;
  /** Redirect URIs that codes may have been sent to, exactly. Default: every address of `origins`. */
  readonly redirectUris?: readonly string[] | undefined;
  /**
   * What `createAuthorization` gave for this browser, taken out of wherever you kept it so that it works once. Without this option only codes
   * that come with their verifier are redeemed: the element's.
   */
  readonly authorization?: (request: Request) => KeptAuthorization | undefined | Promise<KeptAuthorization | undefined>;
  /** Told of what went wrong on the server and not in the page; may be async. Default: one line of `console.error`. */
  readonly onError?: (failure: ExchangeFailure) => unknown;
}

/** @throws PartnerError `option_invalid` */
export function validateExchangeOptions<User>(options: ExchangeHandlerOptions<User>): void {
  addressAt(options, '');
  requireText('clientId', options.clientId);
  requireText('clientSecret', options.clientSecret);
  requireFunction('user', options.user);
  requireFunction('onTokens', options.onTokens);
  for (const origin of options.origins ?? []) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new PartnerError(
        'option_invalid',
        `origins: expected origins such as https://partner.example, received ${JSON.stringify(origin)}`,
      );
    }
  }
  for (const uri of options.redirectUris ?? []) {
    if (!URL.canParse(uri)) throw new PartnerError('option_invalid', `redirectUris: expected addresses, received ${JSON.stringify(uri)}`);
  }
}

function requireFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw new PartnerError('option_invalid', `${name}: expected a function, received ${typeof value}`);
}
