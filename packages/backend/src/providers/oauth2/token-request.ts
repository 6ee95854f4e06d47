import { type Answer, ask } from '../answer.ts';
import { type IssuedTokens, readIssuedTokens } from '../openid/token-answer.ts';
import type { ProviderClient } from '../provider.ts';
import type { OAuth2Vendor } from './vendor.ts';

/** What came of a token request: tokens, or the answer that holds none. */
export interface TokenReading {
  readonly answer: Answer;
  readonly issued: IssuedTokens | undefined;
}

/** Sends one token request, once: a code that was sent may be used up even where no answer came. */
export async function requestTokens(
  vendor: OAuth2Vendor,
  client: ProviderClient,
  grant: Readonly<Record<string, string>>,
): Promise<TokenReading> {
  const askedAtMs = vendor.settings.now();
  const answer = await postAsClient(vendor, client, { address: vendor.settings.endpoints.token, form: grant });
  return { answer, issued: answer.answered && answer.status === 200 ? readTokens(answer.body, askedAtMs) : undefined };
}

/** Sends a form as the client, with its secret where the vendor wants it and nowhere else. */
export function postAsClient(
  { settings, clientAuthentication }: Pick<OAuth2Vendor, 'settings' | 'clientAuthentication'>,
  { clientId, clientSecret }: ProviderClient,
  { address, form }: { readonly address: string; readonly form: Readonly<Record<string, string>> },
): Promise<Answer> {
  const inHeader = clientAuthentication === 'header';
  // As they are, and not form-encoded as RFC 6749 has it: the vendors document it so, and secrets hold plus and equals signs.
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  return ask(settings, address, {
    method: 'POST',
    headers: { accept: 'application/json', ...(inHeader && { authorization: basic }) },
    body: new URLSearchParams({ ...form, ...(!inHeader && { client_id: clientId, client_secret: clientSecret }) }),
  });
}

/** `token_type` may be left out: two of the vendors' own examples do. One that is there has to be a bearer's. */
function readTokens(body: unknown, askedAtMs: number): IssuedTokens | undefined {
  const tokens = typeof body === 'object' && body !== null ? { token_type: 'Bearer', ...body } : body;
  return readIssuedTokens(tokens, askedAtMs, (scope) => [...new Set(scope.split(/[\s,]+/).filter((name) => name !== ''))]);
}
