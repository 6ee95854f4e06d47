import { type Answer, describeAnswer } from '../answer.ts';
import type { ProviderClient, RevokeOutcome } from '../provider.ts';
import { oauthErrorOf } from './oauth-errors.ts';
import { postAsClient } from './token-request.ts';
import type { OAuth2Vendor } from './vendor.ts';

/** Refusals that say that there is nothing left to give back. */
const GONE: readonly string[] = ['invalid_token', 'invalid_grant'];

/** Revokes a token. The token is in the body, and never in the address. @see [RFC 7009 §2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.1) */
export async function revokeToken(
  vendor: Pick<OAuth2Vendor, 'name' | 'settings' | 'clientAuthentication' | 'readError'>,
  client: ProviderClient,
  { address, form }: { readonly address: string; readonly form: Readonly<Record<string, string>> },
): Promise<RevokeOutcome> {
  const answer = await postAsClient(vendor, client, { address, form });
  if (isDone(answer)) return { outcome: 'revoked' };
  if (GONE.includes(oauthErrorOf(answer, vendor.readError) ?? '')) return { outcome: 'already_gone' };
  return {
    outcome: 'unavailable',
    retryAfterMs: answer.answered ? answer.retryAfterMs : undefined,
    operatorHint: describeAnswer(`${vendor.name}’s revocation endpoint`, answer),
  };
}

/** RFC 7009 §2.2 allows an empty body. A page with status 200 is some proxy's. */
function isDone(answer: Answer): boolean {
  return answer.answered && (answer.status === 200 || answer.status === 204) && answer.contentType !== 'text/html';
}
