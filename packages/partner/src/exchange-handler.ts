import type { ConnectionSummary } from '@calendar-connect/protocol';
import { type ExchangeFailure, type ExchangeHandlerOptions, validateExchangeOptions } from './exchange-options.ts';
import { answerJson, ExchangeRefusal, invalid, refusalFor } from './exchange-refusal.ts';
import { type ExchangeBody, readExchangeBody, requireRequestOfOurPage } from './exchange-request.ts';
import { isSameText } from './is-same-text.ts';
import { PartnerError } from './partner-error.ts';
import { type CodeGrant, requestTokens, type Tokens } from './tokens.ts';

/** Takes a `Request`, or whatever carries one as Hono's context does. It always answers. */
export type ExchangeHandler = (input: Request | { readonly req: { readonly raw: Request } }) => Promise<Response>;

/**
 * Makes the endpoint that the element's `exchange` attribute names: it redeems the code of a page with your secret, hands the tokens to
 * your server, and answers the page with a {@link ConnectionSummary}, in which there is no token.
 *
 * Codes of any `/oauth/authorize` are redeemed too, with `authorization`.
 *
 * @throws PartnerError `option_invalid`, at once
 * @see [RFC 6749 §4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3), [RFC 9700 §2.1.1](https://www.rfc-editor.org/rfc/rfc9700#section-2.1.1)
 */
export function exchangeHandler<User>(options: ExchangeHandlerOptions<User>): ExchangeHandler {
  validateExchangeOptions(options);
  const { onError = logFailure } = options;
  return async function exchange(input) {
    const request = 'req' in input ? input.req.raw : input;
    try {
      return answerJson(await exchangeFor(request, options));
    } catch (error) {
      if (error instanceof ExchangeRefusal) return error.toResponse();
      const failure = error instanceof PartnerError ? error : new PartnerError('callback_failed', 'the exchange failed', { cause: error });
      // A code that is too old or comes twice is everyday life, and the page's to mend.
      if (failure.code !== 'invalid_grant') await told(onError, { error: failure, request });
      return refusalFor(failure).toResponse();
    }
  };
}

/** Whoever keeps the log may fail too: the page gets its answer all the same. */
async function told(onError: (failure: ExchangeFailure) => unknown, failure: ExchangeFailure): Promise<void> {
  try {
    await onError(failure);
  } catch (error) {
    logFailure(failure);
    logFailure({ error: new PartnerError('callback_failed', 'onError failed', { cause: error }), request: failure.request });
  }
}

async function exchangeFor<User>(request: Request, options: ExchangeHandlerOptions<User>): Promise<ConnectionSummary> {
  const expected = { clientId: options.clientId, origins: options.origins, redirectUris: options.redirectUris };
  requireRequestOfOurPage(request, expected);
  const user = await called('user', () => options.user(request));
  if (user === undefined || user === null) {
    throw new ExchangeRefusal('not_signed_in', { status: 401, description: 'nobody is signed in: sign in and connect again' });
  }
  const grant = await grantOf(await readExchangeBody(request, expected), request, options);
  const tokens = await requestTokens(options, grant);
  try {
    await options.onTokens({ user, tokens, request });
  } catch (error) {
    const message = `onTokens failed: the calendar of account ${tokens.accountId} is connected, and its tokens were not kept. Connecting it again gives them again`;
    throw new PartnerError('tokens_not_kept', message, { cause: error });
  }
  return summaryOf(tokens);
}

/**
 * What binds the code to this person's browser: a verifier that the page itself has kept since before there was a code, or the state, and
 * mostly the verifier too, that our server kept for it. A code with neither could be anybody's, brought here by a link.
 */
async function grantOf<User>(body: ExchangeBody, request: Request, options: ExchangeHandlerOptions<User>): Promise<CodeGrant> {
  const { code, code_verifier, redirect_uri, state } = body;
  if (code_verifier !== undefined) return { code, code_verifier, redirect_uri };
  const { authorization } = options;
  if (authorization === undefined) throw invalid('code_verifier: expected, as the element sends it');
  if (state === undefined) throw invalid('state: expected, because there is no code_verifier');
  if (redirect_uri === undefined) throw invalid('redirect_uri: expected, because there is no code_verifier');
  const kept = await called('authorization', () => authorization(request));
  if (kept === undefined || !isSameText(kept.state, state)) {
    throw new ExchangeRefusal('invalid_grant', { status: 400, description: 'state: this authorization was not begun in this browser' });
  }
  return { code, code_verifier: kept.codeVerifier, redirect_uri };
}

function summaryOf({ accountId, profile }: Tokens): ConnectionSummary {
  return {
    account_id: accountId,
    profile_id: profile.id,
    provider: profile.provider,
    access_mode: profile.accessMode,
    name: profile.name,
  };
}

async function called<T>(name: string, ask: () => T | Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new PartnerError('callback_failed', `${name} failed; nothing was redeemed`, { cause: error });
  }
}

/** The cause stays out of the log: it may be a database's complaint that repeats what it was given. */
function logFailure({ error }: ExchangeFailure): void {
  // oxlint-disable-next-line no-console -- a server that sets no onError shall still be told
  console.error(`@calendar-connect/partner: ${error.message} (${error.code})`);
}
