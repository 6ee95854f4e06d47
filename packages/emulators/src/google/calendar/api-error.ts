import type { Context } from 'hono';

/** The statuses the Calendar API refuses with, and gRPC's names for them. */
const STATUS_NAMES = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  410: 'FAILED_PRECONDITION',
  412: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
} as const;

/** A status the Calendar API refuses with. */
export type ApiErrorStatus = keyof typeof STATUS_NAMES;

/** What an error says besides its status. */
export interface ApiErrorFacts {
  /** Google's machine-readable word, such as `notFound`. */
  readonly reason: string;
  /** For people. */
  readonly message: string;
  /** The longer message of newer errors; the default is `message`. */
  readonly outerMessage?: string;
  readonly domain?: 'global' | 'usageLimits' | 'calendar';
  readonly location?: string;
  readonly locationType?: 'parameter' | 'header';
  /** `reason` of the `google.rpc.ErrorInfo` in `details`, and what it is about. */
  readonly errorInfo?: { readonly reason: string; readonly method: string };
  /** Sent as `WWW-Authenticate`. */
  readonly challenge?: string;
}

/** An error in the shape of Google's APIs. @see {@link https://developers.google.com/workspace/calendar/api/guides/errors} */
export class ApiError extends Error {
  readonly status: ApiErrorStatus;
  readonly facts: ApiErrorFacts;

  constructor(status: ApiErrorStatus, facts: ApiErrorFacts) {
    super(facts.message);
    this.name = 'ApiError';
    this.status = status;
    this.facts = facts;
  }
}

/** Answers with an error as the Calendar API writes it. Only newer errors carry `status` and `details`. */
export function answerApiError(c: Context, { status, facts }: ApiError): Response {
  const { reason, message, outerMessage = message, domain = 'global', location, locationType, errorInfo, challenge } = facts;
  if (challenge !== undefined) c.header('WWW-Authenticate', challenge);
  const error = { message, domain, reason, ...(location === undefined ? {} : { location, locationType }) };
  const isNewer = outerMessage !== message || errorInfo !== undefined;
  return c.json(
    {
      error: {
        code: status,
        message: outerMessage,
        errors: [error],
        ...(isNewer ? { status: STATUS_NAMES[status] } : {}),
        ...(errorInfo === undefined ? {} : { details: [toDetail(errorInfo)] }),
      },
    },
    status,
  );
}

function toDetail({ reason, method }: { reason: string; method: string }): object {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata: { service: 'calendar-json.googleapis.com', method },
  };
}

/** Returns what Google answers for a calendar or event that does not exist or may not be known to exist. */
export function notFound(): ApiError {
  return new ApiError(404, { reason: 'notFound', message: 'Not Found' });
}

/** Returns what Google answers for a parameter that is missing. */
export function required(name: string, message: string): ApiError {
  return new ApiError(400, { reason: 'required', message, location: name, locationType: 'parameter' });
}

/** Returns what Google answers for a parameter or field that makes no sense. */
export function invalid(name: string, message: string): ApiError {
  return new ApiError(400, { reason: 'invalid', message, location: name, locationType: 'parameter' });
}
