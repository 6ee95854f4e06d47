/** Ways in which an ID token can be wrong, each of which a verifier must notice. */
export const ID_TOKEN_FAULTS = ['bad_signature', 'wrong_audience', 'wrong_issuer', 'wrong_nonce', 'expired'] as const;

/** One of {@link ID_TOKEN_FAULTS}. */
export type IdTokenFault = (typeof ID_TOKEN_FAULTS)[number];

/** What Google does differently for an organisation, a person, or on a bad day. Off unless said otherwise. */
export interface GoogleSwitches {
  /** The Workspace administrator restricts the app: Google's own page, no callback; refreshing answers `admin_policy_enforced`. */
  readonly adminPolicyEnforced: boolean;
  /** The app is internal to another organisation: Google's own page, no callback. */
  readonly orgInternal: boolean;
  /** The browser counts as an embedded web view: Google's own page, no callback. */
  readonly disallowedUserAgent: boolean;
  /** The administrator marked the app as trusted: no check boxes, all or nothing. */
  readonly trustedApp: boolean;
  /** `Cross-Origin-Opener-Policy` on sign-in and consent pages; `true` stands for `same-origin`. */
  readonly crossOriginOpenerPolicy: boolean | string;
  /** Whether the callback carries `iss`. On by default; Google rolled it out in phases in 2026. */
  readonly issInCallback: boolean;
  /** Whether a `login_hint` that names an account signed in in this browser skips the account page, as Google may. */
  readonly loginHintSkipsChooser: boolean;
  /** Code exchanges answer without a refresh token even where one is due. */
  readonly dropRefreshToken: boolean;
  /** Refreshing answers `invalid_grant`, "Token has been expired or revoked." */
  readonly denyRefresh: boolean;
  /** The person grants access for this long: `refresh_token_expires_in` in the answer, and the refresh token ends then. */
  readonly timeBasedAccessSeconds: number | undefined;
  /** What is wrong with the ID tokens issued from now on. */
  readonly idTokenFault: IdTokenFault | undefined;
  /** The organisation has Meet off: no calendar offers it, and no space is made. */
  readonly meetOff: boolean;
  /** How long a conference that is asked for with an event stays pending; Infinity for ever. The default is 0: it is there at once. */
  readonly meetPendingMs: number;
  /** Conferences that are asked for with an event fail. */
  readonly meetFails: boolean;
}

/** The switches of an emulator that was given none. */
export const DEFAULT_SWITCHES: GoogleSwitches = {
  adminPolicyEnforced: false,
  orgInternal: false,
  disallowedUserAgent: false,
  trustedApp: false,
  crossOriginOpenerPolicy: false,
  issInCallback: true,
  loginHintSkipsChooser: false,
  dropRefreshToken: false,
  denyRefresh: false,
  timeBasedAccessSeconds: undefined,
  idTokenFault: undefined,
  meetOff: false,
  meetPendingMs: 0,
  meetFails: false,
};
