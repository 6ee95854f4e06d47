import { type Answer, ask, describeAnswer } from '../answer.ts';
import type { ProviderClient } from '../provider.ts';
import { ERROR_KINDS, type ErrorKind } from './aadsts-kinds.ts';
import type { MicrosoftSettings } from './options.ts';
import { describeError, errorOfAnswer, isRefusal, kindOf, nameOf } from './oauth-errors.ts';
import { type IssuedTokens, parseTokenAnswer } from './token-answer.ts';

/** What came of a token request. */
export type TokenOutcome =
  | { readonly outcome: 'issued'; readonly issued: IssuedTokens }
  | {
      readonly outcome: 'not_issued';
      readonly kind: ErrorKind;
      /** The OAuth error that is believed. */
      readonly error: string | undefined;
      /** What the code is called that it came to this by. */
      readonly code?: string;
      readonly retryAfterMs: number | undefined;
      readonly operatorHint: string;
    };

/** A token request. `authority` is the segment of the address: a code is redeemed where it was asked for (AADSTS700005). */
export interface TokenRequest {
  readonly client: ProviderClient;
  readonly authority: string;
  readonly grant: Readonly<Record<string, string>>;
}

/**
 * Sends one token request, once. `scope` is left out: it stays what it was at the authorization endpoint. There is no `Origin`, with which
 * Microsoft takes no secret.
 *
 * @see [Redeem a code for an access token](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#redeem-a-code-for-an-access-token)
 */
export async function requestTokens(settings: MicrosoftSettings, { client, authority, grant }: TokenRequest): Promise<TokenOutcome> {
  const askedAtMs = settings.now();
  const answer = await ask(settings, `${settings.endpoints.tokenAuthority}/${encodeURIComponent(authority)}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ ...grant, client_id: client.clientId, client_secret: client.clientSecret }),
  });
  const issued = answer.answered && answer.status === 200 ? parseTokenAnswer(answer.body, askedAtMs) : undefined;
  return issued === undefined ? notIssued(answer) : { outcome: 'issued', issued };
}

function notIssued(answer: Answer): TokenOutcome {
  const received = errorOfAnswer(answer);
  const retryAfterMs = answer.answered ? answer.retryAfterMs : undefined;
  const operatorHint =
    received === undefined || (answer.answered && answer.status === 200)
      ? describeAnswer('Microsoft’s token endpoint', answer)
      : describeError(received);
  const meant = received && kindOf(received);
  // An outage may quote any code: only one that is about outages is believed.
  if (received === undefined || meant === undefined || !(isRefusal(answer) || meant.exchange === 'provider_unavailable')) {
    return { outcome: 'not_issued', kind: ERROR_KINDS.transient, error: undefined, retryAfterMs, operatorHint };
  }
  const said = { error: received.error, ...nameOf(received) };
  return { outcome: 'not_issued', kind: meant, ...said, retryAfterMs: retryAfterMs ?? meant.restMs, operatorHint };
}
