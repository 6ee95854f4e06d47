import type { AccessMode, FailureReason } from '@calendar-connect/protocol';
import type { Network } from '../outbound/network.ts';
import type { AdminApproval } from './admin-approval.ts';
import type { CalendarReader } from './calendar-reader.ts';
import type { Meetings } from './meetings.ts';
import type { PasswordSignIn } from './password-sign-in.ts';

/** An OAuth client at a provider: the operator's, or an application's own. A refresh token works with no other than the one that got it. */
export interface ProviderClient {
  /** Our id of it, `pcl_` and 24 hex digits: what sessions and profiles remember. */
  readonly id: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Whose login was connected, as the provider itself proves it. */
export interface Identity {
  /** The provider's stable id of the login (Google's `sub`, Microsoft's `tid` and `oid`). Accounts are matched by it and never by e-mail. */
  readonly subject: string;
  /** A label for people: mostly the e-mail address. */
  readonly name: string;
  readonly email: string | undefined;
  /** The organisation the login belongs to (Google's `hd`, Microsoft's `tid` of a work account), where there is one. */
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
  /** The mail address of the mailbox, where the provider routes calls by it. */
  readonly mailbox?: string;
  /** In place of tokens, where people log in with their password. */
  readonly login?: PasswordLogin;
}

/** What logs somebody in at a server of their organisation's. */
export interface PasswordLogin {
  /** Such as `https://mail.corp.example/EWS/Exchange.asmx`. */
  readonly ewsUrl: string;
  /** In the form that the server takes: `ann@corp.example`, `CORP\\ann`. */
  readonly userName: string;
  readonly password: string;
  /** What the server said of itself when the person connected, such as `15.1.2507.6`. */
  readonly serverVersion?: string;
  /** Whether the server offered to log in without being sent the password itself when the person connected: it has to from then on. */
  readonly offersNtlm?: boolean;
}

/** What one access mode means at a provider. */
export interface ProviderMode {
  /** What is asked for, exactly; all of it must be granted. */
  readonly scopes: readonly string[];
  /** What `provider_name` of an authorization request may call it, such as `google_free_busy`; the first is the one we use ourselves. */
  readonly requestNames: readonly [string, ...string[]];
  /** For people, in plain words: why more is asked for than is used, where it is. */
  readonly note?: string;
}

/** There is no connection, for a reason that is nobody's wish. */
export interface ConnectFailure {
  readonly outcome: 'failed';
  readonly reason: FailureReason;
  /** The provider's own code, such as `AADSTS50105`, where it named one. Shown to the person: letters and digits, and nothing else of the provider's text. */
  readonly code?: string;
  readonly operatorHint: string;
}

/** What the provider's answer at our callback says before any token request. */
export type CallbackReading =
  | { readonly outcome: 'code'; readonly code: string }
  | { readonly outcome: 'declined' }
  /** The person may not allow this; an administrator of their organisation may, or perhaps may: the provider does not always say which. */
  | { readonly outcome: 'admin_approval_needed'; readonly operatorHint: string }
  /** The person has to be asked something: mostly of a trip with {@link AuthorizationRequest.interaction} `none`. */
  | { readonly outcome: 'interaction_required'; readonly code?: string; readonly operatorHint: string }
  | ConnectFailure;

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
  | { readonly outcome: 'admin_approval_needed'; readonly operatorHint: string }
  | ConnectFailure;

/** How a refresh ended. */
export type RefreshOutcome =
  | { readonly outcome: 'refreshed'; readonly credential: Credential }
  /** The grant is dead for good: the person has to connect again. */
  | { readonly outcome: 'rejected'; readonly operatorHint: string }
  /** The grant lives, and the provider wants to see the person before it gives anything for it: a second factor, a condition of the organisation. */
  | { readonly outcome: 'interaction_required'; readonly operatorHint: string }
  /** Nothing is known about the grant; try again, at the earliest after `retryAfterMs`. */
  | Unavailable;

/** Nobody can be blamed for it but the provider, the way to it, or ourselves. */
export interface Unavailable {
  readonly outcome: 'unavailable';
  readonly retryAfterMs: number | undefined;
  readonly operatorHint: string;
  /** It stays so until the operator does something: our own client is not accepted. No person is disconnected for that. */
  readonly needsOperator?: true;
}

/** What a revocation really did. */
export type RevokeOutcome =
  | { readonly outcome: 'revoked' }
  | { readonly outcome: 'already_gone' }
  /** The provider has no way to do it: the grant is forgotten here, and stays there until the person removes it. */
  | { readonly outcome: 'unsupported' }
  | Unavailable;

/** What an authorization URL is made of. */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly mode: AccessMode;
  readonly state: string;
  readonly nonce: string;
  /** PKCE verifier; the URL carries its S256 challenge. */
  readonly codeVerifier: string;
  /** The login that the person used before, as the provider names it. */
  readonly loginHint: string | undefined;
  /**
   * `choose`: the person chooses the account. `continue`: where the provider knows who it is, it asks no more than it must. `none`: it shows
   * nothing at all and says at once whether it could go on.
   */
  readonly interaction: 'choose' | 'continue' | 'none';
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
  /**
   * Says to the person in one sentence what a {@link ConnectFailure.code} means. It takes the place of what the reason says has happened, beside
   * the reason's own sentence of what to do.
   */
  explain?(code: string): string | undefined;
  exchange(client: ProviderClient, request: ExchangeRequest): Promise<ExchangeOutcome>;
  refresh(client: ProviderClient, credential: Credential): Promise<RefreshOutcome>;
  revoke(client: ProviderClient, credential: Credential): Promise<RevokeOutcome>;
}

/** Where people sign in and consent by OAuth: a calendar provider or a conferencing service. */
export interface OAuthService {
  /** As in addresses and in our database: `google`. */
  readonly id: string;
  /** As people know it. */
  readonly name: string;
  /** Every access mode it can do; one that is absent does not exist here. A conferencing service has `full` alone. */
  readonly modes: Readonly<Partial<Record<AccessMode, ProviderMode>>>;
  /** The operator's own client. */
  readonly client: { readonly clientId: string; readonly clientSecret: string };
  /**
   * Services of one family have one authorization server, where a revocation may end every grant that a person gave to clients of the same
   * {@link grantGroup}: what is revoked for one of them may be used by another. Default: its own id.
   */
  readonly family?: string;
  /** Names the clients that share a person's grant, by a `clientId` of one of them. Default: each has its own. */
  grantGroup?(clientId: string): string;
  /** As partners see it in `provider_name`, such as `google_free_busy`. */
  providerName(identity: Identity, mode: AccessMode): string;
  /** As partners see it in `provider_service`, such as `gsuite`. */
  providerService(identity: Identity, mode: AccessMode): string;
  /** The backend says by which doors to reach the network; without it a provider has its own. */
  connect(network?: Network): Promise<OAuthConnect>;
}

/**
 * A calendar provider: a light manifest, and parts that are loaded when first used, because the vendors' libraries are heavy.
 *
 * Shared code never asks which provider it has; a difference is a field or a method here.
 */
export interface Provider extends OAuthService {
  /** As partners see it in `provider_protocol`, where they see one at all: `graph_api`. */
  providerProtocol?(credential: Credential): string;
  /**
   * What stays granted at the provider when somebody changes to a mode that needs less. `all_ended`: a revocation ends everything that this
   * person granted to this client, so it comes before the new consent. `kept`: the provider cannot take a single permission back; the person
   * can, at `keptAt`.
   */
  readonly narrowing: { readonly how: 'all_ended' } | { readonly how: 'kept'; readonly keptAt: readonly string[] };
  calendar(network?: Network): Promise<CalendarReader>;
  /**
   * Present where people sign in with their password on our own page and not at the provider: nobody is ever sent to {@link OAuthConnect.authorizationUrl}
   * then.
   */
  passwordSignIn?(network?: Network): Promise<PasswordSignIn>;
  /** Absent where no administrator is ever asked, or nobody but the provider can ask one. */
  adminApproval?(network?: Network): Promise<AdminApproval>;
}

/** A service that only makes meetings. */
export interface ConferencingService extends OAuthService {
  meetings(network?: Network): Promise<Meetings>;
}
