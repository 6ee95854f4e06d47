import type { Context } from 'hono';

/** A status the Meet API refuses with. */
export type MeetErrorStatus = 400 | 401 | 403 | 404 | 429 | 500 | 502 | 503 | 504;

/** An error in the shape of Google's newer APIs. @see {@link https://google.aip.dev/193} */
export class MeetError extends Error {
  readonly status: MeetErrorStatus;
  /** gRPC's name, such as `PERMISSION_DENIED`. */
  readonly statusName: string;
  /** `reason` of the `google.rpc.ErrorInfo` in `details`. */
  readonly reason: string | undefined;

  constructor(status: MeetErrorStatus, statusName: string, { message, reason }: { readonly message: string; readonly reason?: string }) {
    super(message);
    this.name = 'MeetError';
    this.status = status;
    this.statusName = statusName;
    this.reason = reason;
  }
}

/** Answers with an error as the API writes it. */
export function answerMeetError(c: Context, { status, statusName, message, reason }: MeetError): Response {
  const detail = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata: { service: 'meet.googleapis.com' },
  };
  return c.json({ error: { code: status, message, status: statusName, ...(reason === undefined ? {} : { details: [detail] }) } }, status);
}
