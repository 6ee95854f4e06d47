import type { EventErrorCode } from '@calendar-connect/protocol';

/** Why something did not work, with the code that `calendar-connect-error` events carry. The message is for developers. */
export class CalendarConnectError extends Error {
  declare readonly code: EventErrorCode;

  constructor(code: EventErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/**
 * The code of whatever was thrown; what is not ours comes from the network or from an answer that could not be read.
 * Goes by the member and not by the class, because the two files of the script tag have one each.
 */
export function codeOf(error: unknown): EventErrorCode {
  return (error as Partial<CalendarConnectError>).code || 'backend_unreachable';
}

/** Whether asking again can help: no answer, a fault of the server, or an attempt that is only too old or forgotten. */
export function isPassing(error: unknown): boolean {
  return /^(backend_unreachable|rate_limited|server_error|expired|return_unknown)$/.test(codeOf(error));
}
