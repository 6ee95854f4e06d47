/** Why a request of ours got no usable answer. Stable. */
export const OUTBOUND_ERROR_CODES = ['invalid_url', 'unreachable', 'timeout', 'aborted', 'too_large'] as const;

/** One of {@link OUTBOUND_ERROR_CODES}. */
export type OutboundErrorCode = (typeof OUTBOUND_ERROR_CODES)[number];

/**
 * A request that got no usable answer: no connection, no time left, or more bytes than we take.
 *
 * The message names the host and nothing else of the request. There is no `cause` on purpose: what Node throws can quote a URL or a
 * header, and with it a token; `reason` keeps the part worth reading.
 */
export class OutboundError extends Error {
  readonly code: OutboundErrorCode;
  /** The operating system's, TLS's or the parser's own code, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
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
