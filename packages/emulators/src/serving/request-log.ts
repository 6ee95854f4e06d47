import type { MiddlewareHandler } from 'hono';

const REQUESTS_KEPT = 10_000;

/** A request that reached the emulator. Neither query nor header nor body is kept, so there is no secret in it. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Milliseconds since 1970, of the emulator's clock. */
  readonly atMs: number;
}

/** The newest requests, oldest first. */
export interface RequestLog {
  readonly entries: () => readonly LoggedRequest[];
  readonly add: (entry: LoggedRequest) => void;
  readonly clear: () => void;
}

/** Creates a log that keeps the newest 10,000 requests. */
export function createRequestLog(): RequestLog {
  const entries: LoggedRequest[] = [];
  return {
    entries: () => [...entries],
    add: (entry) => {
      entries.push(entry);
      if (entries.length > REQUESTS_KEPT) entries.shift();
    },
    clear: () => {
      entries.length = 0;
    },
  };
}

/** Notes each request when it is answered. */
export function logRequests(log: RequestLog, now: () => number): MiddlewareHandler {
  return async function noteRequest(c, next) {
    await next();
    log.add({ method: c.req.method, path: c.req.path, status: c.res.status, atMs: now() });
  };
}
