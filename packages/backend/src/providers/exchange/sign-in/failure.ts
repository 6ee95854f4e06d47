import type { FailureReason } from '@calendar-connect/protocol';
import type { SignInFailure } from '../../password-sign-in.ts';
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
  return { outcome: 'failed', reason: REASONS[refusal.outcome], host, ...(code === undefined ? {} : { code: plainCode(code) }) };
}

function codeOf(refusal: RefusalOfServer): string | undefined {
  switch (refusal.outcome) {
    case 'locked_or_expired':
    case 'not_allowed':
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
    case 'throttled':
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
  refused_port: 'The Exchange server is at a port that is not asked from here: only 443 is.',
  refused_scheme: 'Only encrypted addresses, https, are asked.',
  ErrorPasswordExpired: 'Your password has expired.',
  ErrorPasswordChangeRequired: 'You have to set a new password before you can sign in.',
  ErrorAccountDisabled: 'Your account is disabled.',
  ErrorNonExistentMailbox: 'You are signed in, but you have no mailbox on this server.',
  ErrorInvalidServerVersion: 'The server is older than Exchange 2007 SP1.',
};

/** Says to the person what a code of {@link failureOf} means; `undefined` where its reason says all there is. */
export function explainFailure(code: string): string | undefined {
  return Object.hasOwn(EXPLANATIONS, code) ? EXPLANATIONS[code] : undefined;
}
