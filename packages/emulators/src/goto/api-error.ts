import type { Context } from 'hono';
import type { FaultStatus } from '../serving/service-faults.ts';

/** A status GoTo refuses with. */
export type GoToErrorStatus = 400 | FaultStatus;

/** An error of GoToMeeting's API: a word and a message. */
export class GoToError extends Error {
  readonly status: GoToErrorStatus;
  /** Such as `InvalidToken`. */
  readonly code: string;

  constructor(status: GoToErrorStatus, code: string, message: string) {
    super(message);
    this.name = 'GoToError';
    this.status = status;
    this.code = code;
  }
}

/** Answers with an error as the API writes it. */
export function answerGoToError(c: Context, { status, code, message }: GoToError): Response {
  return c.json({ int_err_code: code, msg: message }, status);
}

/** Returns what GoTo answers for a token that is none, or dead: a 403, seen in 2026. */
export function invalidToken(): GoToError {
  return new GoToError(403, 'InvalidToken', 'Invalid token passed');
}
