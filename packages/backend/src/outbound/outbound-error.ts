/**
 * Why a request of ours got no usable answer. Stable.
 *
 * - `invalid_url`: no address, another scheme than https or http, or one with a user in it
 * - `forbidden_address`: an address that may not be asked; `reason` is one of {@link FORBIDDEN_REASONS}
 * - `unreachable`: no connection, or an answer that is not HTTP; `reason` is the system's, TLS's or the parser's own code
 * - `untrusted_certificate`: `reason` is one of {@link CERTIFICATE_FAULTS}
 * - `proxy_failed`: the egress proxy was not reached or did not open the way; `reason` is its status, such as `STATUS_407`, or a code as above
 * - `timeout`: no whole answer in time
 * - `aborted`: the caller's own signal
 * - `too_large`: a body or headers over the limit
 * - `too_many_redirects`: more than were to be followed, or a circle
 */
export const OUTBOUND_ERROR_CODES = [
  'invalid_url',
  'forbidden_address',
  'unreachable',
  'untrusted_certificate',
  'proxy_failed',
  'timeout',
  'aborted',
  'too_large',
  'too_many_redirects',
] as const;

/** One of {@link OUTBOUND_ERROR_CODES}. */
export type OutboundErrorCode = (typeof OUTBOUND_ERROR_CODES)[number];

/** What a certificate lacks. Stable. `unknown_ca` is also a server that leaves an intermediate certificate out. */
export const CERTIFICATE_FAULTS = ['expired', 'not_yet_valid', 'self_signed', 'unknown_ca', 'wrong_name', 'invalid'] as const;

/** One of {@link CERTIFICATE_FAULTS}. */
export type CertificateFault = (typeof CERTIFICATE_FAULTS)[number];

/** Why an address may not be asked. Stable. `address` says no more, so that nobody learns what our resolver knows. */
export const FORBIDDEN_REASONS = ['scheme', 'port', 'address'] as const;

/** One of {@link FORBIDDEN_REASONS}. */
export type ForbiddenReason = (typeof FORBIDDEN_REASONS)[number];

/**
 * A request that got no usable answer: no way there, no time left, or more bytes than we take.
 *
 * The message names the host and nothing else of the request. There is no `cause` on purpose: what Node throws can quote a URL or a
 * header, and with it a token; `reason` keeps the part worth reading.
 */
export class OutboundError extends Error {
  readonly code: OutboundErrorCode;
  /** What the code leaves open, such as `ECONNREFUSED` or `expired`; see {@link OUTBOUND_ERROR_CODES}. */
  readonly reason: string | undefined;

  constructor(code: OutboundErrorCode, host: string, reason?: string) {
    super(`request to ${host} failed: ${code}${reason === undefined ? '' : ` (${reason})`}`);
    this.name = 'OutboundError';
    this.code = code;
    this.reason = reason;
  }
}

/** The code that Node hides under `fetch failed`: upper-case words only, so nothing of the request can come along. */
export function reasonOf(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    const code: unknown = 'code' in at ? at.code : undefined;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
  }
  return undefined;
}

const FAULT_BY_CODE: Readonly<Record<string, CertificateFault>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not_yet_valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self_signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown_ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown_ca',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown_ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown_ca',
  CERT_UNTRUSTED: 'unknown_ca',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong_name',
  HOSTNAME_MISMATCH: 'wrong_name',
  CERT_REVOKED: 'invalid',
  CERT_REJECTED: 'invalid',
  CERT_CHAIN_TOO_LONG: 'invalid',
  CERT_SIGNATURE_FAILURE: 'invalid',
  INVALID_CA: 'invalid',
  INVALID_PURPOSE: 'invalid',
  PATH_LENGTH_EXCEEDED: 'invalid',
};

/**
 * What is wrong with the certificate, where that is why a connection failed.
 *
 * @see [Node's X509 codes](https://nodejs.org/api/tls.html#x509-certificate-error-codes)
 */
export function certificateFaultOf(reason: string | undefined): CertificateFault | undefined {
  return reason === undefined ? undefined : FAULT_BY_CODE[reason];
}
