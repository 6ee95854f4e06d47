import type { Context } from 'hono';

/** What one field of a body lacks. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** An error in the shape of Zoom's API: a number of Zoom's own and words. @see {@link https://developers.zoom.us/docs/api/errors/} */
export class ZoomError extends Error {
  readonly status: 400 | 401 | 404 | 429;
  readonly code: number;
  readonly errors: readonly FieldProblem[] | undefined;

  constructor(status: ZoomError['status'], code: number, { message, errors }: { message: string; errors?: readonly FieldProblem[] }) {
    super(message);
    this.name = 'ZoomError';
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

/** Answers with an error as the API writes it. */
export function answerZoomError(c: Context, { status, code, message, errors }: ZoomError): Response {
  return c.json({ code, message, ...(errors === undefined ? {} : { errors }) }, status);
}

/** Returns what Zoom answers for a meeting that does not exist. */
export function noSuchMeeting(id: string): ZoomError {
  return new ZoomError(404, 3001, { message: `Meeting does not exist: ${id}.` });
}

/** Returns what Zoom answers for a body that it does not take. */
export function invalidFields(errors: readonly FieldProblem[]): ZoomError {
  return new ZoomError(400, 300, { message: 'Validation Failed.', errors });
}
