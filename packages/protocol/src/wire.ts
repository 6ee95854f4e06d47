import type { AccessMode } from './access-modes.ts';
import type { ConnectErrorCode, FailureReason } from './error-codes.ts';
import type { FailureSentences } from './sentences/sentences.ts';
import type { SessionState } from './session-states.ts';

/** One access mode of one provider, as an application offers it. */
export interface OfferedMode {
  access_mode: AccessMode;
  /** Names it in `provider_name` of an authorization request, such as `google_free_busy`. */
  provider_name: string;
  /** The exact scopes that the provider will be asked for; none for mode `no_access`, which asks no provider. */
  scopes: string[];
  /** For people, in plain words: why the provider asks for more than is used. Absent where it does not. */
  note?: string;
}

/** One provider, as an application offers it. */
export interface OfferedProvider {
  /** Such as `google`; `none` for a calendar that is with no provider here, which only mode `no_access` can do without. */
  id: string;
  /** The provider's own name, such as `Google`. */
  name: string;
  access_modes: OfferedMode[];
  /** `true` where an organisation may want its administrator to allow the application first: a person can then say that they were told so. */
  admin_approval?: boolean;
  /**
   * Where a person takes permissions back by themselves, because the provider keeps what was allowed once even if a later connection asks for
   * less. Absent where changing to a mode that needs less really ends the rest.
   */
  keeps_permissions_at?: string[];
}

/** Answer of `GET /connect/offer?client_id=…`: all that is needed to draw the button and the chooser. Cacheable. */
export interface Offer {
  application: {
    client_id: string;
    name: string;
    /** `#rrggbb`, for hosted pages. */
    accent_color?: string;
    /** Where the application says what it does with calendars. */
    privacy_url?: string;
  };
  /** Space-separated partner scopes that a session asks for where it names none. */
  scope: string;
  /** The mode to mark when the chooser opens. Absent: none. */
  default_access_mode?: AccessMode;
  /** In the order to show them in. */
  providers: OfferedProvider[];
}

/** JSON body of `POST /connect/sessions?client_id=…` as an element sends it. */
export interface SessionRequest {
  /** PKCE challenge, S256, 43 characters ([RFC 7636 §4.2](https://www.rfc-editor.org/rfc/rfc7636#section-4.2)). */
  code_challenge: string;
  code_challenge_method: 'S256';
  /** Space-separated partner scopes; the application's own where absent. */
  scope?: string;
  /** Narrows and orders the offer. */
  providers?: string[];
  /** Narrows and orders the offer. */
  access_modes?: AccessMode[];
  /** A BCP 47 tag for the pages in the popup. */
  locale?: string;
  /**
   * The id of an ended session that this one takes the place of; its secret goes in `Authorization: Bearer`. Keeps the end user that a partner's
   * server fixed. After one that connected a calendar, mode `no_access` takes the place of that connection.
   */
  retry_of?: string;
  /**
   * Where the person comes back to: path, query and fragment on the page's own origin, as the address bar writes them, at most 2,000
   * characters. Makes a session of the redirect flow: its code comes back in this address and never by the poll.
   */
  return_path?: string;
  /** Comes back beside the code, unchanged; 1 to 200 visible ASCII characters. Goes with `return_path`, and only with it. */
  state?: string;
}

/** JSON body of `POST /connect/sessions/{id}/claim?client_id=…`: an element takes the session that the partner's server minted. */
export interface ClaimRequest {
  /** The whole value that the partner's server got as `session`. */
  session: string;
  code_challenge: string;
  code_challenge_method: 'S256';
  locale?: string;
}

/** Answer of a mint by an element, and of a claim. */
export interface MintedSession {
  id: string;
  /** The session's secret: goes in `Authorization: Bearer` of the poll, and in the form that opens the popup. */
  secret: string;
  /** Seconds until the session expires. */
  expires_in: number;
  state: SessionState;
  version: number;
  /** What this session may choose from. */
  offer: Offer;
  /** The person whom the partner's server named, where it did. */
  end_user?: { name: string };
  /** The connection that this session is to change, where the partner's server named one. */
  change?: ChangedConnection;
  /** Starts a session of the redirect flow once, by `GET /connect/start/{id}?ticket=`; only of those that have a `return_path`. */
  ticket?: string;
}

/** A connection whose access mode is to change, as it stands. */
export interface ChangedConnection {
  profile_id: string;
  /** Such as `google`. */
  provider: string;
  access_mode: AccessMode;
  /** The connected login, as the person knows it. */
  name: string;
}

/** JSON body of `POST /connect/sessions` as a partner's server sends it, with its `client_id` and `client_secret` in the body, in HTTP Basic, or the secret as Bearer. */
export interface PartnerSessionRequest {
  client_id?: string;
  client_secret?: string;
  /** The person at the keyboard, in the partner's own terms. A bare string is the id. `name` is shown in the confirmation. */
  end_user: string | { id: string; name?: string };
  /** A connection of this person to change or to renew: another login is refused as `wrong_account`. Its account and its id stay. */
  profile_id?: string;
  scope?: string;
  providers?: string[];
  access_modes?: AccessMode[];
  locale?: string;
}

/** Answer of `POST /connect/sessions` to a partner's server. */
export interface PartnerMintedSession {
  id: string;
  /** For the element's `session` attribute. Can be claimed once. */
  session: string;
  expires_in: number;
  state: SessionState;
}

/** Answer of `GET /connect/sessions/{id}`. */
export interface SessionStatus {
  id: string;
  state: SessionState;
  /** Grows by one with every change; `?after=version` waits for a greater one. */
  version: number;
  /** Only where `state` is `failed`. */
  reason?: FailureReason;
  /** The provider's own code of the failure, such as `AADSTS50105`; only where `state` is `failed` and the provider named one. For support. */
  failure_code?: string;
  /** The reason in the person's words, in the session's language, and more exactly where the provider's code says more; only where `state` is `failed`. */
  failure?: FailureSentences;
  /** The scopes that were asked and not granted; only where `reason` is `scopes_missing`. */
  missing_scopes?: string[];
  provider?: string;
  access_mode?: AccessMode;
  /** Only for the holder of the session's secret, where `state` is `connected`, it was not redeemed, and the session has no `return_path`. Lives 60 seconds; asking again mints another and kills this one. */
  code?: string;
  /** Only where an administrator has to allow it, or had to and did: while `state` is `waiting_for_admin` or `approved`. */
  admin_approval?: AdminApprovalStatus;
  /** Only for the partner's server, once the code was redeemed. */
  account_id?: string;
  profile_id?: string;
  end_user?: { id: string; name?: string };
}

/** What a session waits for that is `waiting_for_admin`. */
export interface AdminApprovalStatus {
  /** When the person was turned away: RFC 3339, UTC. */
  requested_at: string;
  /** The domain of the organisation whose administrator has to allow it; absent where it is not known yet: name it with an {@link AdminApprovalRequest}. */
  organisation?: string;
  /** For an administrator, to be copied or mailed: a page that says what is asked and leads on to the provider's own. */
  url: string;
  /** A `mailto:` address that opens a mail to an administrator, with everything in it but whom it goes to. */
  mail: string;
  /** Exactly what the administrator is asked to allow. */
  scopes: string[];
  /** `declined`: an administrator looked at it and said no. Another may still allow it. */
  decision?: 'declined';
}

/**
 * JSON body of `POST /connect/sessions/{id}/admin_approval?client_id=…`, with the session's secret as Bearer: the person says that they were told they
 * need approval, or which organisation it is. Answered with a {@link SessionStatus}.
 */
export interface AdminApprovalRequest {
  /** The person's work address, or its domain. */
  email?: string;
}

/** JSON body of `POST /connect/exchange?client_id=…`, and of the partner's own endpoint that the element's `exchange` attribute names. */
export interface ExchangeRequest {
  code: string;
  code_verifier: string;
}

/** What the element is told when a server has exchanged its code. No token is in it. */
export interface ConnectionSummary {
  /** A label, never proof. */
  account_id: string;
  profile_id: string;
  provider: string;
  access_mode: AccessMode;
  /** The connected login, as the person knows it: mostly an e-mail address. */
  name: string;
  /** Redeemed by the partner's server at `/oauth/token` within 10 minutes, once. Absent where the partner's own server exchanged the code. */
  receipt?: string;
}

/** Body of every refusal by a `/connect/*` endpoint. */
export interface ConnectErrorBody {
  error: ConnectErrorCode;
  /** One sentence for a developer: which field, what was expected, what to do. */
  error_description: string;
}
