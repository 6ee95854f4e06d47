import type { FailureReason } from '@calendar-connect/protocol';
import { z } from 'zod';
import { type Answer, printable } from '../answer.ts';

/** Why something failed, in our words, and what the operator should know. */
export interface Failure {
  readonly reason: FailureReason;
  readonly operatorHint: string;
}

const CLIENT_WRONG = 'the client id or the client secret is not accepted; compare both with the registration at the vendor';

/**
 * What the standard's error codes mean, at the callback and at the token endpoint.
 *
 * @see [RFC 6749 §4.1.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1), [§5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)
 */
const FAILURES: ReadonlyMap<string, readonly [FailureReason, string]> = new Map([
  ['access_denied', ['provider_refused', 'the access was denied, by the person or by a rule of the organisation']],
  ['invalid_grant', ['provider_refused', 'the code or the refresh token is used, expired, revoked or another client’s']],
  ['invalid_client', ['provider_misconfigured', CLIENT_WRONG]],
  [
    'unauthorized_client',
    ['provider_misconfigured', 'the registration does not allow this; check its type, its grants and whether it is active'],
  ],
  ['redirect_uri_mismatch', ['provider_misconfigured', 'our callback address is not registered, exactly, at the vendor']],
  ['invalid_scope', ['provider_misconfigured', 'a scope is not part of the registration at the vendor']],
  ['invalid_request', ['provider_misconfigured', 'the form of the request was not accepted; check the redirect address at the vendor']],
  ['unsupported_response_type', ['provider_misconfigured', 'the registration does not allow the authorization code grant']],
  ['unsupported_grant_type', ['provider_misconfigured', 'the registration does not allow this grant']],
  ['server_error', ['provider_unavailable', 'the vendor had an error of its own']],
  ['temporarily_unavailable', ['provider_unavailable', 'the vendor is overloaded']],
]);

/** Errors that only the operator can mend: the client itself is not accepted, and no person is disconnected for that. */
export const NEEDS_OPERATOR: readonly string[] = ['invalid_client', 'unauthorized_client'];

/** What an error code means. An unknown one is a refusal. */
export function failureOf(vendor: string, code: string): Failure {
  const [reason, meaning] = FAILURES.get(code) ?? ['provider_refused', 'unknown to us; see the vendor’s documentation'];
  return { reason, operatorHint: `${vendor} answered ${printable(code)}: ${meaning}` };
}

const ERROR_ANSWER = z.object({ error: z.string().min(1) });

/** The `error` of a body as the standard has it. */
export function standardError(body: unknown): string | undefined {
  return ERROR_ANSWER.safeParse(body).data?.error;
}

/**
 * The error of a refusal that is really the vendor's: a 4xx whose body says so. Anything else, such as a proxy's page, says nothing about
 * the grant. 429 is no refusal whatever its body says.
 */
export function oauthErrorOf(answer: Answer, readError: (body: unknown) => string | undefined = standardError): string | undefined {
  const isRefusal = answer.answered && answer.status >= 400 && answer.status < 500 && answer.status !== 429;
  return isRefusal ? readError(answer.body) : undefined;
}
