import type { AccessMode, FailureReason } from '@calendar-connect/protocol';
import type { Network } from '../outbound/network.ts';

/** An OAuth client at a provider: the operator's, or an application's own. A refresh token works with no other than the one that got it. */
export interface ProviderClient {
  /** Our id of it, `pcl_` and 24 hex digits: what sessions and profiles remember. */
  readonly id: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Whose login was connected, as the provider itself proves it. */
export interface Identity {
  /** The provider's stable id of the login (Google's `sub`). Accounts are matched by it and never by e-mail. */
  readonly subject: string;
  /** A label for people: mostly the e-mail address. */
  readonly name: string;
  readonly email: string | undefined;
  /** The organisation the login belongs to (Google's `hd`), where there is one. */
  readonly organisation: string | undefined;
}

/** What the provider gave us to act with. Sealed wherever it is stored. */
export interface Credential {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly accessTokenExpiresAtMs: number;
  readonly refreshToken: string;
  /** In the provider's own spelling, normalised so that they compare with {@link ProviderMode.scopes}. */
  readonly grantedScopes: readonly string[];
  /** When the whole grant ends by itself, where the person gave it for a time only. Milliseconds since 1970. */
  readonly endsAtMs: number | undefined;
}

/** What one access mode means at a provider. */
export interface ProviderMode {
  /** What is asked for, exactly; all of it must be granted. */
  readonly scopes: readonly string[];
  /** As partners see it, such as `google_free_busy`. */
  readonly providerName: string;
}

/** What the provider's answer at our callback says before any token request. */
export type CallbackReading =
  | { readonly outcome: 'code'; readonly code: string }
  | { readonly outcome: 'declined' }
  | { readonly outcome: 'failed'; readonly reason: FailureReason; readonly operatorHint: string };

/** How an exchange of the provider's code ended. Only surprises are thrown. */
export type ExchangeOutcome =
  | { readonly outcome: 'connected'; readonly identity: Identity; readonly credential: Credential }
  /** The person left boxes unticked. What was granted has to be given back. */
  | {
      readonly outcome: 'scopes_missing';
      readonly missing: readonly string[];
      readonly identity: Identity | undefined;
      readonly credential: Credential;
    }
  | { readonly outcome: 'failed'; readonly reason: FailureReason; readonly operatorHint: string };

/** How a refresh ended. */
export type RefreshOutcome =
  | { readonly outcome: 'refreshed'; readonly credential: Credential }
  /** The grant is dead for good: the person has to connect again. */
  | { readonly outcome: 'rejected'; readonly operatorHint: string }
  /** Nothing is known about the grant; try again, at the earliest after `retryAfterMs`. */
  | { readonly outcome: 'unavailable'; readonly retryAfterMs: number | undefined; readonly operatorHint: string };

/** What a revocation really did. */
export type RevokeOutcome =
  | { readonly outcome: 'revoked' }
  | { readonly outcome: 'already_gone' }
  | { readonly outcome: 'unavailable'; readonly retryAfterMs: number | undefined; readonly operatorHint: string };

/** What an authorization URL is made of. */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly mode: AccessMode;
  readonly state: string;
  readonly nonce: string;
  /** PKCE verifier; the URL carries its S256 challenge. */
  readonly codeVerifier: string;
  readonly loginHint: string | undefined;
}

/** What the exchange of a provider's code needs. */
export interface ExchangeRequest {
  readonly redirectUri: string;
  readonly mode: AccessMode;
  readonly code: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** The part of a provider that makes, keeps and ends a connection. Loaded when first used. */
export interface OAuthConnect {
  authorizationUrl(client: ProviderClient, request: AuthorizationRequest): URL;
  /** Reads the query of the callback; knows nothing of state and cookie, which were checked before. */
  readCallback(query: URLSearchParams): CallbackReading;
  exchange(client: ProviderClient, request: ExchangeRequest): Promise<ExchangeOutcome>;
  refresh(client: ProviderClient, credential: Credential): Promise<RefreshOutcome>;
  revoke(client: ProviderClient, credential: Credential): Promise<RevokeOutcome>;
}

/** One calendar of a connected login, reduced at ingestion to what its access mode may hold. */
export interface ProviderCalendar {
  /** The provider's own id. Often an e-mail address: sealed wherever it is stored. */
  readonly providerCalendarId: string;
  /** Absent where the mode may not hold titles. */
  readonly name: string | undefined;
  readonly primary: boolean;
  readonly readonly: boolean;
  /** Whether events there can get the provider's own conferencing. */
  readonly integratedConferencing: boolean;
}

/** How a call to a provider's calendar API ended. */
export type CalendarOutcome<T> =
  | { readonly outcome: 'ok'; readonly value: T }
  /** The access token was not accepted: refresh once and ask again. */
  | { readonly outcome: 'unauthorized' }
  /** The grant does not allow this; the person has to connect again. */
  | { readonly outcome: 'forbidden'; readonly operatorHint: string }
  | { readonly outcome: 'unavailable'; readonly retryAfterMs: number | undefined; readonly operatorHint: string };

/** The part of a provider that reads calendars. Loaded when first used. */
export interface CalendarReader {
  listCalendars(credential: Credential, mode: AccessMode): Promise<CalendarOutcome<readonly ProviderCalendar[]>>;
}

/**
 * A calendar provider: a light manifest, and parts that are loaded when first used, because the vendors' libraries are heavy.
 *
 * Shared code never asks which provider it has; a difference is a field or a method here.
 */
export interface Provider {
  /** As in addresses and in our database: `google`. */
  readonly id: string;
  /** As people know it. */
  readonly name: string;
  /** Every access mode it can do; one that is absent does not exist here. */
  readonly modes: Readonly<Partial<Record<AccessMode, ProviderMode>>>;
  /** The operator's own client. */
  readonly client: { readonly clientId: string; readonly clientSecret: string };
  /** As partners see it in `provider_service`, such as `gsuite`. */
  providerService(identity: Identity, mode: AccessMode): string;
  /** The backend says by which doors to reach the network; without it a provider has its own. */
  connect(network?: Network): Promise<OAuthConnect>;
  calendar(network?: Network): Promise<CalendarReader>;
}
