import type { CertificateFault, ForbiddenReason } from '../../../outbound/outbound-error.ts';
import { OutboundError } from '../../../outbound/outbound-error.ts';
import { parseRetryAfter } from '../../../outbound/retry-after.ts';
import { meaningOf } from '../../ews/ews-errors.ts';
import type { CredentialFault } from './text-fault.ts';

/** Why a certificate is not trusted. Stable. */
export type CertificateWhy = Exclude<CertificateFault, 'unknown_ca'> | 'unknown_authority';

/** Why there is no login. Every one is expected, has a state of its own for the person and a code for the partner, and holds no secret. */
export type Refusal =
  /** The user name or password cannot be one. Nobody was asked. */
  | { readonly outcome: 'credential_invalid'; readonly field: 'user_name' | 'password'; readonly why: CredentialFault }
  /** Also a user name in another form than the server knows: it does not say which. */
  | { readonly outcome: 'wrong_password' }
  /** Only where Exchange says so itself: the web server in front of it says `wrong_password` for a locked account too. */
  | { readonly outcome: 'locked_or_expired'; readonly code: string }
  /** Exchange knows the person and does not let them in by EWS; `code` is its own, where there is one. */
  | { readonly outcome: 'not_allowed'; readonly code: string | undefined }
  /** Busy, or in trouble that passes; `code` is Exchange's own, where there is one. */
  | { readonly outcome: 'throttled'; readonly retryAfterMs: number | undefined; readonly code?: string | undefined }
  | { readonly outcome: 'unreachable'; readonly reason: string }
  | { readonly outcome: 'certificate_untrusted'; readonly why: CertificateWhy }
  | { readonly outcome: 'address_refused'; readonly why: ForbiddenReason }
  /** A server that knows no TLS of today; `reason` is TLS's own. Or an Exchange before 2007 SP1: `ErrorInvalidServerVersion`. */
  | { readonly outcome: 'too_old'; readonly reason: string }
  /** The server takes tokens only (Hybrid Modern Authentication, or AD FS). No password was sent. */
  | { readonly outcome: 'modern_auth'; readonly authorizationUri: string | undefined; readonly trustedIssuers: string | undefined }
  /** The server wanted the password in the clear where it had offered a way without. It was not sent. */
  | { readonly outcome: 'downgrade_refused' }
  /** Something answers there, and it is no EWS: a web site, or the page of Outlook on the web. Status 0: the path is none of Exchange's. */
  | { readonly outcome: 'not_exchange'; readonly status: number }
  /** `detail` is one of our own words or a status, never the server's text. */
  | { readonly outcome: 'unexpected'; readonly detail: string };

/** What OpenSSL says of servers that speak what it no longer does. */
const OLD_TLS: readonly (string | undefined)[] = [
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY',
  'ERR_SSL_DH_KEY_TOO_SMALL',
  'ERR_SSL_EE_KEY_TOO_SMALL',
  'ERR_SSL_CA_MD_TOO_WEAK',
  'ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED',
  'ERR_SSL_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED',
  'EE_KEY_TOO_SMALL',
  'CA_MD_TOO_WEAK',
];

/** Tells a failed request as an outcome. Anything but an {@link OutboundError} is a surprise and thrown again. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof OutboundError)) throw error;
  const { code, reason } = error;
  switch (code) {
    case 'forbidden_address':
      return { outcome: 'address_refused', why: (reason ?? 'address') as ForbiddenReason };
    case 'untrusted_certificate':
      return {
        outcome: 'certificate_untrusted',
        why: reason === 'unknown_ca' ? 'unknown_authority' : ((reason ?? 'invalid') as CertificateWhy),
      };
    case 'unreachable':
      return OLD_TLS.includes(reason) ? { outcome: 'too_old', reason: reason ?? code } : { outcome: 'unreachable', reason: reason ?? code };
    case 'timeout':
    case 'aborted':
    case 'proxy_failed':
      return { outcome: 'unreachable', reason: reason === undefined ? code : `${code} ${reason}` };
    case 'invalid_url':
    case 'too_large':
    case 'too_many_redirects':
      return { outcome: 'unexpected', detail: code };
  }
}

/** Tells a status that says the same everywhere as an outcome; `undefined` for one that does not. */
export function refusalOfStatus(response: Response, nowMs: number): Refusal | undefined {
  const { status } = response;
  if (status === 429 || status === 503) {
    return { outcome: 'throttled', retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), nowMs) };
  }
  if (status === 502 || status === 504) return { outcome: 'unreachable', reason: `STATUS_${status}` };
  return undefined;
}

/** Tells what Exchange says of a request as an outcome, by the table of codes that every later request is read by. */
export function refusalOfCode(code: string | undefined, backOffMs: number | undefined): Refusal {
  // Its own words for errors only; anything else could be anybody's text.
  const own = code !== undefined && /^Error[A-Za-z]{2,60}$/.test(code) ? code : undefined;
  switch (meaningOf(own)) {
    case 'account':
      return { outcome: 'locked_or_expired', code: own ?? '' };
    case 'no_mailbox':
    case 'not_allowed':
    case 'not_found':
      return { outcome: 'not_allowed', code: own };
    case 'busy':
      return { outcome: 'throttled', retryAfterMs: backOffMs, code: own };
    case 'change_conflict':
    case 'change_invalid':
    case undefined:
      if (own === 'ErrorInvalidServerVersion') return { outcome: 'too_old', reason: own };
      // A busy server can be told of inside of another error.
      if (backOffMs !== undefined) return { outcome: 'throttled', retryAfterMs: backOffMs, code: own };
      return { outcome: 'unexpected', detail: own ?? 'answer_unreadable' };
  }
}
