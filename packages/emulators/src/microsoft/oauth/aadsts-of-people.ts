import type { AadstsEntry } from './aadsts-entry.ts';

const NOT_IN_TENANT =
  "User account '{EmailHidden}' from identity provider '{idp}' does not exist in tenant '{tenant}' and cannot access the application '{appId}'({appName}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.";
const SESSION_ENDED = 'The session is not valid due to password expiration or recent password change.';

/** Everything about the person, their consent and their grant. */
export const PERSON_CODES: Readonly<Record<number, AadstsEntry>> = {
  16000: {
    error: 'interaction_required',
    text: 'Either multiple user identities are available for the current request or selected account is not supported for the scenario.',
  },
  50020: { error: 'invalid_grant', callbackError: 'access_denied', text: NOT_IN_TENANT },
  500208: { error: 'invalid_request', text: 'The domain is not a valid login domain for the account type.' },
  50034: {
    error: 'invalid_grant',
    callbackError: 'invalid_request',
    text: 'The user account {EmailHidden} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory.',
  },
  51004: {
    error: 'invalid_grant',
    callbackError: 'invalid_request',
    text: 'The user account {EmailHidden} does not exist in the {tenant} directory.',
  },
  90072: { error: 'interaction_required', text: NOT_IN_TENANT },
  50053: {
    error: 'invalid_grant',
    text: "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
  },
  50055: { error: 'invalid_grant', suberror: 'user_password_expired', text: 'Password is expired.' },
  50057: { error: 'invalid_grant', text: 'The user account is disabled.' },
  50126: { error: 'invalid_grant', text: 'Error validating credentials due to invalid username or password.' },
  50058: { error: 'login_required', text: 'A silent sign-in request was sent but no user is signed in.' },
  65001: {
    error: 'invalid_grant',
    callbackError: 'interaction_required',
    suberror: 'consent_required',
    text: "The user or administrator has not consented to use the application with ID '{appId}' named '{appName}'. Send an interactive authorization request for this user and resource.",
  },
  65004: {
    error: 'invalid_grant',
    callbackError: 'access_denied',
    suberror: 'consent_required',
    text: 'User declined to consent to access the app.',
  },
  90094: {
    error: 'access_denied',
    text: 'An administrator of {tenant} has set a policy that prevents you from granting {appName} the permissions it is requesting. Contact an administrator of {tenant}, who can grant permissions to this app on your behalf.',
  },
  90095: {
    error: 'access_denied',
    text: 'Admin consent is required for the permissions requested by {appName}. A request for approval can be sent to an administrator.',
  },
  90097: { error: 'access_denied', text: 'An error has occurred during admin consent processing.' },
};

/** Everything that ends a code or a refresh token. */
export const GRANT_CODES: Readonly<Record<number, AadstsEntry>> = {
  50089: {
    error: 'invalid_grant',
    suberror: 'bad_token',
    text: 'Authentication failed due to flow token expired. Expected - auth codes, refresh tokens, and sessions expire over time or are revoked by the user or an admin. The app will request a new login from the user.',
  },
  50132: { error: 'invalid_grant', suberror: 'bad_token', text: SESSION_ENDED },
  50133: { error: 'invalid_grant', suberror: 'bad_token', text: SESSION_ENDED },
  50173: {
    error: 'invalid_grant',
    suberror: 'bad_token',
    text: "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '{issued}' and the TokensValidFrom date (before which tokens are not valid) for this user is '{validFrom}'.",
  },
  54005: {
    error: 'invalid_grant',
    text: 'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  },
  70000: { error: 'invalid_grant', text: 'Provided grant is invalid or malformed.' },
  70008: {
    error: 'invalid_grant',
    text: 'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  },
  700005: {
    error: 'invalid_grant',
    text: 'Provided Authorization Code is intended to use against other tenant, thus rejected. OAuth2 Authorization Code must be redeemed against same tenant it was acquired for (/common or /{tenant-ID} as appropriate).',
  },
  700082: {
    error: 'invalid_grant',
    text: 'The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for 90.00:00:00.',
  },
  700084: {
    error: 'invalid_grant',
    text: 'The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which cannot be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. The token was issued on {issued}.',
  },
  70043: {
    error: 'invalid_grant',
    suberror: 'token_expired',
    text: 'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access. The token was issued on {issued} and the maximum allowed lifetime for this request is 86400.',
  },
  50196: {
    error: 'invalid_grant',
    text: 'The server terminated an operation because it encountered a client request loop. Please contact your app vendor.',
  },
};

/** Conditional Access, and what passes by itself. */
export const CONDITION_CODES: Readonly<Record<number, AadstsEntry>> = {
  50076: {
    error: 'interaction_required',
    suberror: 'basic_action',
    withClaims: true,
    text: "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{resource}'.",
  },
  50078: {
    error: 'interaction_required',
    suberror: 'basic_action',
    withClaims: true,
    text: "Presented multi-factor authentication has expired due to policies configured by your administrator, you must refresh your multi-factor authentication to access '{resource}'.",
  },
  50079: {
    error: 'interaction_required',
    suberror: 'basic_action',
    withClaims: true,
    text: "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{resource}'.",
  },
  50158: {
    error: 'interaction_required',
    suberror: 'additional_action',
    withClaims: true,
    text: 'External security challenge not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges.',
  },
  53000: {
    error: 'interaction_required',
    suberror: 'message_only',
    withClaims: true,
    text: 'Your device is required to be compliant to access this resource.',
  },
  53001: {
    error: 'interaction_required',
    suberror: 'message_only',
    withClaims: true,
    text: 'Device is not in required device state: domain_joined. Conditional Access policy requires a domain joined device, and the device is not domain joined.',
  },
  53002: {
    error: 'interaction_required',
    suberror: 'message_only',
    text: 'Application used is not an approved application for Conditional Access.',
  },
  53003: {
    error: 'interaction_required',
    suberror: 'message_only',
    withClaims: true,
    text: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  },
  53004: {
    error: 'interaction_required',
    suberror: 'message_only',
    text: 'User needs to complete Multi-factor authentication registration process before accessing this content.',
  },
  530032: {
    error: 'interaction_required',
    suberror: 'message_only',
    text: 'Blocked by conditional access on security policy. The tenant admin has configured a security policy that blocks this request.',
  },
  50033: { error: 'temporarily_unavailable', status: 503, text: 'A transient error has occurred. Please try again.' },
  90006: { error: 'temporarily_unavailable', status: 503, text: 'The service is temporarily unavailable. Please retry later.' },
  90024: { error: 'temporarily_unavailable', status: 503, text: 'A transient error has occurred. Please try again.' },
  90033: { error: 'temporarily_unavailable', status: 503, text: 'A transient error has occurred. Please try again.' },
  90090: { error: 'temporarily_unavailable', status: 503, text: 'The service is temporarily unavailable. Please retry later.' },
};
