import type { Context, Handler } from 'hono';
import { CalendarConnectError, type CalendarConnectErrorCode } from '../../errors.ts';
import { answerJson } from '../json-answer.ts';

/** What is wrong with one field, as the partner API tells it. */
export interface FieldError {
  /** The field, with dots where it is in another: `branding.accent_color`. */
  readonly field: string;
  /** Stable: `errors.required`, or `errors.` and the code of the rule. */
  readonly key: string;
  /** For the developer; holds no secret. */
  readonly description: string;
}

/** Fields of a request that cannot be taken. */
export class FieldErrors extends Error {
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super(errors.map(({ description }) => description).join('; '));
    this.name = 'FieldErrors';
    this.errors = errors;
  }
}

/** The field of a request that a rule of the domain speaks of. */
const FIELDS: Readonly<Partial<Record<CalendarConnectErrorCode, string>>> = {
  name_invalid: 'name',
  redirect_uri_invalid: 'redirect_uris',
  origin_invalid: 'origins',
  access_modes_invalid: 'access_modes',
  default_access_mode_invalid: 'default_access_mode',
  providers_invalid: 'providers',
  scope_invalid: 'scope',
  accent_color_invalid: 'branding.accent_color',
  logo_invalid: 'branding.logo',
  privacy_url_invalid: 'branding.privacy_url',
  organizer_name_invalid: 'invitations.organizer_name',
  organizer_email_invalid: 'invitations.organizer_email',
  reply_to_invalid: 'invitations.reply_to',
  notification_url_invalid: 'notification_url',
  client_secret_needed: 'client_secret',
  client_secret_wrong: 'client_secret',
  provider_unknown: 'provider',
  provider_client_id_invalid: 'client_id',
  provider_client_secret_invalid: 'client_secret',
};

const NOT_FOUND: readonly CalendarConnectErrorCode[] = ['application_not_found', 'provider_client_not_found'];

/** Answers as `handler` does, and 422 or 404 where it found that a field cannot be taken, or that there is none of what it is about. */
export function withFieldErrors(handler: (c: Context) => Promise<Response>): Handler {
  return async function withFieldErrors(c) {
    try {
      return await handler(c);
    } catch (error) {
      if (error instanceof FieldErrors) return unprocessable(c, error.errors);
      if (!(error instanceof CalendarConnectError)) throw error;
      if (NOT_FOUND.includes(error.code)) return notFound(c);
      const field = FIELDS[error.code];
      if (field === undefined) throw error;
      return unprocessable(c, [{ field, key: `errors.${error.code}`, description: error.message }]);
    }
  };
}

/** 404 with an empty body, as at the rest of the partner API. */
export function notFound(c: Context): Response {
  c.header('Cache-Control', 'no-store');
  return c.body(null, 404);
}

function unprocessable(c: Context, errors: readonly FieldError[]): Response {
  const byField = Map.groupBy(errors, ({ field }) => field);
  const entries = [...byField].map(([field, ofField]) => [field, ofField.map(({ key, description }) => ({ key, description }))]);
  c.header('Cache-Control', 'no-store');
  return answerJson(c, { errors: Object.fromEntries(entries) as object }, 422);
}
