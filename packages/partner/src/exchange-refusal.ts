import type { PartnerError } from './partner-error.ts';

/** Where the backend names no time of its own. */
const DEFAULT_RETRY_AFTER_SECONDS = 1;

/** The `error` member of what an exchange handler refuses with, and its status. Stable. */
export type ExchangeErrorCode =
  /** 400, 405, 413, 415: a field, the method, the length or the content type is not as expected; the description says which. */
  | 'invalid_request'
  /** 403: the request comes from a page of no origin that is expected, or says none. */
  | 'origin_not_registered'
  /** 401: `user` knows nobody behind this request. */
  | 'not_signed_in'
  /** 400: the code is unknown, too old, already used, or not made for this verifier, redirect URI or browser. */
  | 'invalid_grant'
  /** 500, 502, 503: the backend did not exchange the code, for no fault of the page's. `Retry-After` where trying again can help. */
  | 'server_error'
  /** 500: the calendar is connected, and `onTokens` failed. */
  | 'tokens_not_kept';

/** What a refusal says besides its code. */
export interface RefusalDetails {
  readonly status: number;
  /** One sentence for a developer: which field, what was expected, what to do. */
  readonly description: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ends an exchange; the handler answers with it. */
export class ExchangeRefusal extends Error {
  readonly code: ExchangeErrorCode;
  readonly details: RefusalDetails;

  constructor(code: ExchangeErrorCode, details: RefusalDetails) {
    super(details.description);
    this.name = 'ExchangeRefusal';
    this.code = code;
    this.details = details;
  }

  toResponse(): Response {
    const { status, description, headers } = this.details;
    return answerJson({ error: this.code, error_description: description }, { status, headers });
  }
}

/** Refuses because of one field, or of the whole. */
export function invalid(description: string, { status = 400, headers = {} }: Partial<RefusalDetails> = {}): ExchangeRefusal {
  return new ExchangeRefusal('invalid_request', { status, description, headers });
}

/** A JSON answer that nobody keeps. */
export function answerJson(
  body: object,
  { status = 200, headers = {} }: { status?: number; headers?: Readonly<Record<string, string>> | undefined } = {},
): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } });
}

/** What the page is told. Whose fault it is on the server, only its log is told. */
export function refusalFor({ code, retryAfterSeconds }: PartnerError): ExchangeRefusal {
  switch (code) {
    case 'invalid_grant':
      return new ExchangeRefusal('invalid_grant', {
        status: 400,
        description: 'code: unknown, expired, already used, or not made for this code_verifier and redirect_uri',
      });
    case 'unreachable':
    case 'timeout':
    case 'unavailable':
      return new ExchangeRefusal('server_error', {
        status: 503,
        description: 'the backend did not answer: try again with another code',
        headers: { 'retry-after': `${retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS}` },
      });
    case 'unexpected_answer':
      return new ExchangeRefusal('server_error', { status: 502, description: 'the backend gave no answer that could be read' });
    case 'tokens_not_kept':
      return new ExchangeRefusal('tokens_not_kept', {
        status: 500,
        description: 'the calendar is connected, and this server could not keep that: connect it again',
      });
    case 'option_invalid':
    case 'invalid_client':
    case 'session_not_found':
    case 'refused':
    case 'callback_failed':
      return new ExchangeRefusal('server_error', {
        status: 500,
        description: 'the code was not exchanged: the log of this server says why',
      });
  }
}
