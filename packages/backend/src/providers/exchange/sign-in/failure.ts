import type { FailureReason } from '@calendar-connect/protocol';
import type { SignInFailure } from '../../password-sign-in.ts';
import { isCodeOfOwnProxy, isOwnProxysFault, isShutOut } from '../autodiscover/judge-ews.ts';
import type { Refusal } from '../log-in/outcome.ts';

/** A login that cannot be one is the form's own affair. */
export type RefusalOfServer = Exclude<Refusal, { outcome: 'credential_invalid' }>;

const REASONS: Readonly<Record<RefusalOfServer['outcome'], FailureReason>> = {
  wrong_password: 'wrong_password',
  locked_or_expired: 'account_locked',
  not_allowed: 'access_switched_off',
  throttled: 'server_busy',
  unreachable: 'server_unreachable',
  certificate_untrusted: 'certificate_untrusted',
  address_refused: 'address_refused',
  too_old: 'server_too_old',
  modern_auth: 'modern_sign_in_required',
  downgrade_refused: 'login_unsafe',
  not_exchange: 'server_not_exchange',
  unexpected: 'provider_refused',
};

/** Tells why there is no way in, in the words of sessions. */
export function failureOf(refusal: RefusalOfServer, host: string): SignInFailure {
  const code = codeOf(refusal);
  return { outcome: 'failed', reason: reasonOf(refusal), host, ...(code === undefined ? {} : { code: plainCode(code) }) };
}

function reasonOf(refusal: RefusalOfServer): FailureReason {
  if (isShutOut(refusal)) return 'server_access_denied';
  // Nobody's server is to blame for it, and only the operator can mend it.
  return isOwnProxysFault(refusal) ? 'provider_misconfigured' : REASONS[refusal.outcome];
}

function codeOf(refusal: RefusalOfServer): string | undefined {
  switch (refusal.outcome) {
    case 'locked_or_expired':
    case 'not_allowed':
    case 'throttled':
      return refusal.code;
    case 'unreachable':
    case 'too_old':
      return refusal.reason;
    case 'certificate_untrusted':
      return `certificate_${refusal.why}`;
    case 'address_refused':
      return `refused_${refusal.why}`;
    case 'not_exchange':
      return refusal.status === 0 ? undefined : `STATUS_${refusal.status}`;
    case 'unexpected':
      return refusal.detail;
    case 'wrong_password':
    case 'modern_auth':
    case 'downgrade_refused':
      return undefined;
  }
}

/** These are our own words and the system's; nothing else shall ever get through. */
function plainCode(code: string): string {
  return code.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 60);
}

/** What a code means, for the person; it takes the place of what its reason says has happened. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  certificate_self_signed: 'The Exchange server shows a certificate that it signed itself, so your password was not sent.',
  certificate_unknown_authority:
    'The certificate of the Exchange server comes from an authority that is not trusted here, or an intermediate certificate is missing. Your password was not sent.',
  certificate_expired: 'The certificate of the Exchange server has expired, so your password was not sent.',
  certificate_not_yet_valid: 'The certificate of the Exchange server is not valid yet, so your password was not sent.',
  certificate_wrong_name: 'The certificate of the server is for another name than its address, so your password was not sent.',
  certificate_invalid: 'The certificate of the Exchange server is not one that can be checked, so your password was not sent.',
  refused_port: 'The Exchange server is at a port that is not asked from here: only 443 is.',
  refused_scheme: 'Only encrypted addresses, https, are asked.',
  ErrorPasswordExpired: 'Your password has expired.',
  ErrorPasswordChangeRequired: 'You have to set a new password before you can sign in.',
  ErrorAccountDisabled: 'Your account is disabled.',
  ErrorNonExistentMailbox: 'You are signed in, but you have no mailbox on this server.',
  ErrorInvalidServerVersion: 'The server is older than Exchange 2007 SP1.',
  name_of_the_inside:
    'Your organisation’s Autodiscover names a server for the inside of its network alone. Your IT team can set the external address of Exchange Web Services; or give the address of Outlook on the web.',
  connection_not_kept:
    'Something in front of the Exchange server ends each connection after one answer, so nobody can sign in with NTLM. Your IT team has to let the proxy or load balancer keep connections.',
  ntlm_unheeded:
    'Something in front of the Exchange server does not pass the sign-in with NTLM on. Your IT team has to let the proxy pass it through unchanged for Exchange Web Services.',
  ntlm_without_challenge:
    'The Exchange server offers NTLM and does not go on with it; mostly a proxy in front of it mixes or changes connections. Your IT team has to look into it.',
  ntlm_challenge_invalid:
    'The Exchange server, or a proxy in front of it, answers the sign-in with NTLM in a way that cannot be read. Your IT team has to look into it.',
  no_usable_scheme:
    'The Exchange server offers no way to sign in that can be used from here, such as Kerberos alone. Your IT team has to allow NTLM, or Basic over TLS, for Exchange Web Services.',
};

/** Codes that begin so have something of the moment behind it: a status, or what was wrong. */
const OPEN_ENDED = ['ntlm_unheeded', 'ntlm_challenge_invalid'] as const;

const OF_OWN_PROXY =
  'This service could not go out to the internet: its own proxy does not let it. Neither you nor the Exchange server is to blame.';

/** Says to the person what a code of {@link failureOf} means; `undefined` where its reason says all there is. */
export function explainFailure(code: string): string | undefined {
  if (isCodeOfOwnProxy(code)) return OF_OWN_PROXY;
  const known = OPEN_ENDED.find((beginning) => code.startsWith(`${beginning}_`)) ?? code;
  return Object.hasOwn(EXPLANATIONS, known) ? EXPLANATIONS[known] : undefined;
}
