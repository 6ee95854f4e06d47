import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { FaultStatus } from '../serving/service-faults.ts';

/** A status Webex refuses with. */
export type WebexErrorStatus = 400 | FaultStatus;

/** An error of Webex: words, once more as a list, and a number for the support. */
export class WebexError extends Error {
  readonly status: WebexErrorStatus;

  constructor(status: WebexErrorStatus, message: string) {
    super(message);
    this.name = 'WebexError';
    this.status = status;
  }
}

/** Answers with an error as Webex writes it. */
export function answerWebexError(c: Context, { status, message }: WebexError): Response {
  const trackingId = `ROUTER_${randomUUID().toUpperCase()}`;
  c.header('TrackingId', trackingId);
  return c.json({ message, errors: [{ description: message }], trackingId }, status);
}
