/** Ways in which an ID token can be wrong, each of which a verifier must notice. */
export const ID_TOKEN_FAULTS = [
  'bad_signature',
  'wrong_audience',
  'wrong_issuer',
  'issuer_of_other_tenant',
  'unfilled_issuer',
  'wrong_nonce',
  'expired',
] as const;

/** One of {@link ID_TOKEN_FAULTS}. */
export type MicrosoftIdTokenFault = (typeof ID_TOKEN_FAULTS)[number];

/** What Microsoft does differently for a person, or on a bad day. Off unless said otherwise. */
export interface MicrosoftSwitches {
  /**
   * `Cross-Origin-Opener-Policy` on everything that a browser gets of the sign-in; `true` stands for `same-origin`.
   * On by default, as Microsoft's since February 2026.
   */
  readonly crossOriginOpenerPolicy: boolean | string;
  /** An AADSTS code that stops the person on Microsoft's own page after choosing the account: no callback. */
  readonly signInError: number | undefined;
  /** An AADSTS code that the callback carries after the person chose the account. */
  readonly callbackError: number | undefined;
  /** An AADSTS code that the token endpoint answers for this person's codes and refresh tokens. */
  readonly tokenError: number | undefined;
  /**
   * An AADSTS code beside `access_denied` when somebody returns from *Need admin approval*.
   * Without one the callback says `error_subcode=cancel` and nothing more, as Microsoft's.
   */
  readonly approvalReturnCode: number | undefined;
  /** `error` when somebody declines on the consent page; both were seen. The default is `access_denied`. */
  readonly declineError: 'access_denied' | 'consent_required';
  /** How long after an administrator's consent it takes effect. The default is 0; at Microsoft it can be minutes. */
  readonly adminConsentLagMs: number;
  /** The `tenant` in the answer to an administrator's consent is this one, as a forger would send it. */
  readonly forgedTenant: string | undefined;
  /** Code exchanges answer without a refresh token even where one is due. */
  readonly dropRefreshToken: boolean;
  /** What is wrong with the ID tokens issued from now on. */
  readonly idTokenFault: MicrosoftIdTokenFault | undefined;
}

/** The switches of an emulator that was given none. */
export const DEFAULT_SWITCHES: MicrosoftSwitches = {
  crossOriginOpenerPolicy: true,
  signInError: undefined,
  callbackError: undefined,
  tokenError: undefined,
  approvalReturnCode: undefined,
  declineError: 'access_denied',
  adminConsentLagMs: 0,
  forgedTenant: undefined,
  dropRefreshToken: false,
  idTokenFault: undefined,
};
