import type { FailureReason } from '@calendar-connect/protocol';
import { z } from 'zod';
import { type Answer, printable } from '../answer.ts';

/** Why something failed, in our words, and what the operator should know. */
export interface Failure {
  readonly reason: FailureReason;
  readonly operatorHint: string;
}

const CREDENTIALS_PAGE = 'the OAuth client at https://console.cloud.google.com/apis/credentials';

/**
 * Google's error codes, which mean the same at the callback and at the token endpoint.
 *
 * @see [Authorization errors](https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors)
 * @see [Refresh token expiration](https://developers.google.com/identity/protocols/oauth2#expiration)
 * @see [RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)
 */
const FAILURES: ReadonlyMap<string, readonly [FailureReason, string]> = new Map([
  ['invalid_grant', ['provider_refused', 'the code or the refresh token is used, expired, revoked or another client’s']],
  ['access_denied', ['provider_refused', 'the access was denied, by the person or by a rule of the organisation']],
  [
    'admin_policy_enforced',
    [
      'admin_policy_enforced',
      'the administrator of the organisation restricts apps; our client id must be trusted in Admin console → Security → API controls',
    ],
  ],
  ['org_internal', ['provider_refused', 'the OAuth client is Internal and the login is of another organisation']],
  ['disallowed_useragent', ['provider_refused', 'Google does not sign in inside an embedded web view']],
  ['invalid_client', ['provider_misconfigured', `client id or client secret is wrong; compare both with ${CREDENTIALS_PAGE}`]],
  ['deleted_client', ['provider_misconfigured', `the OAuth client was deleted; restore it within 30 days, or replace ${CREDENTIALS_PAGE}`]],
  ['unauthorized_client', ['provider_misconfigured', `the client may not ask so; check the type and the state of ${CREDENTIALS_PAGE}`]],
  ['redirect_uri_mismatch', ['provider_misconfigured', `our callback address is not registered, exactly, with ${CREDENTIALS_PAGE}`]],
  ['invalid_scope', ['provider_misconfigured', 'a scope is unknown to the project; check the OAuth consent screen and the Calendar API']],
  ['invalid_request', ['provider_misconfigured', 'Google did not accept the form of the request']],
  ['unsupported_grant_type', ['provider_misconfigured', 'Google did not accept the form of the request; check the token endpoint']],
  ['server_error', ['provider_unavailable', 'Google had an error of its own']],
  ['temporarily_unavailable', ['provider_unavailable', 'Google is overloaded']],
]);

/** What an error code means. An unknown one is a refusal. */
export function failureOf(code: string): Failure {
  const [reason, meaning] = FAILURES.get(code) ?? ['provider_refused', 'unknown to us; see Google’s documentation'];
  return { reason, operatorHint: `Google answered ${printable(code)}: ${meaning}` };
}

const ERROR_ANSWER = z.object({ error: z.string().min(1) });

/**
 * The `error` of a refusal that is really Google's: a 4xx with JSON. Anything else, such as a proxy's page, says nothing about the grant.
 * 429 is no refusal whatever its body says.
 */
export function oauthErrorOf(answer: Answer): string | undefined {
  if (!answer.answered || answer.status < 400 || answer.status >= 500 || answer.status === 429) return undefined;
  return ERROR_ANSWER.safeParse(answer.body).data?.error;
}
