import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';

/** A status Graph refuses with. */
export type GraphErrorStatus = 400 | 401 | 403 | 404 | 409 | 412 | 429 | 500 | 502 | 503 | 504;

/** An error in the shape of Microsoft Graph. @see {@link https://learn.microsoft.com/graph/errors} */
export class GraphError extends Error {
  readonly status: GraphErrorStatus;
  /** Graph's machine-readable word, such as `ErrorItemNotFound`. */
  readonly code: string;

  constructor(status: GraphErrorStatus, code: string, message: string) {
    super(message);
    this.name = 'GraphError';
    this.status = status;
    this.code = code;
  }
}

/** Answers with an error as Graph writes it. `client-request-id` is repeated. */
export function answerGraphError(c: Context, { status, code, message }: GraphError, nowMs: number): Response {
  const requestId = randomUUID();
  const clientRequestId = c.req.header('client-request-id') ?? requestId;
  const innerError = { date: new Date(nowMs).toISOString().slice(0, 19), 'request-id': requestId, 'client-request-id': clientRequestId };
  c.header('request-id', requestId);
  c.header('client-request-id', clientRequestId);
  return c.json({ error: { code, message, innerError } }, status);
}

/** Returns what Graph answers for an event or calendar that does not exist. */
export function itemNotFound(): GraphError {
  return new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
}

/** Returns what Graph answers for a person's call whose token lacks the permission, at Exchange's endpoints. */
export function accessDenied(): GraphError {
  return new GraphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
}

/** Returns what Graph answers where the person's mailbox is not in Exchange Online. */
export function mailboxNotEnabled(): GraphError {
  return new GraphError(404, 'MailboxNotEnabledForRESTAPI', 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.');
}

/** Returns what Graph answers for a parameter or field that makes no sense. */
export function badRequest(message: string, code = 'ErrorInvalidRequest'): GraphError {
  return new GraphError(400, code, message);
}

/** Returns what Graph answers for a zone that it does not know. */
export function unknownZone(name: string): GraphError {
  return new GraphError(
    400,
    'TimeZoneNotSupportedException',
    `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${name}'.`,
  );
}
