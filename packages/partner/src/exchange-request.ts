import { ExchangeRefusal, invalid } from './exchange-refusal.ts';
import { isRecord } from './parsing.ts';
import { parseJson, readText, TooLongError } from './read-text.ts';

/** Many times what a page has to say. */
const MAX_BODY_BYTES = 16 * 1024;

/** One or more of the characters that [RFC 6749 A.11](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.11) allows in a code, and A.5 in a state. */
const PRINTABLE = /^[\x20-\x7e]{1,4096}$/;

/** [RFC 7636 §4.1](https://www.rfc-editor.org/rfc/rfc7636#section-4.1) */
const CODE_VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** What a page sends, by its wire names. Members that are not listed are left alone: a newer element may send more. */
export interface ExchangeBody {
  readonly code: string;
  readonly code_verifier: string | undefined;
  readonly redirect_uri: string | undefined;
  readonly state: string | undefined;
}

/** Which requests are answered at all. */
export interface Expected {
  /** The handler's own where absent. */
  readonly origins: readonly string[] | undefined;
  readonly redirectUris: readonly string[] | undefined;
  readonly clientId: string;
}

/**
 * Checks everything but the body: a `POST` of JSON by a page of ours. A page of another site can send neither this content type without
 * being asked first, nor our origin.
 *
 * @throws ExchangeRefusal
 */
export function requireRequestOfOurPage(request: Request, { origins }: Pick<Expected, 'origins'>): void {
  if (request.method !== 'POST') throw invalid(`expected POST, received ${request.method}`, { status: 405, headers: { allow: 'POST' } });
  const origin = request.headers.get('origin');
  if (origin === null || !(origins ?? [ownOrigin(request)]).includes(origin)) {
    const expected =
      origins === undefined ? `${ownOrigin(request)}, the origin of this endpoint as it sees itself` : 'one of the option origins';
    const behindProxy = origins === undefined ? '. Behind a TLS proxy, set the option origins' : '';
    throw new ExchangeRefusal('origin_not_registered', { status: 403, description: `Origin: expected ${expected}${behindProxy}` });
  }
  const [contentType = ''] = (request.headers.get('content-type') ?? '').split(';');
  if (contentType.trim().toLowerCase() !== 'application/json') throw invalid('Content-Type: expected application/json', { status: 415 });
}

/** @throws ExchangeRefusal */
export async function readExchangeBody(request: Request, expected: Expected): Promise<ExchangeBody> {
  const members = parseJson(await readBody(request));
  if (!isRecord(members)) throw invalid('the body: expected a JSON object');
  const { client_id: clientId, ...fields } = members;
  if (clientId !== undefined && clientId !== expected.clientId) {
    throw invalid('client_id: expected the application of this endpoint: the client-id of the element and the option clientId differ');
  }
  const code = optional(fields, 'code', PRINTABLE);
  if (code === undefined) throw invalid('code: expected');
  return {
    code,
    code_verifier: optional(fields, 'code_verifier', CODE_VERIFIER),
    redirect_uri: allowedRedirectUri(request, optional(fields, 'redirect_uri', PRINTABLE), expected),
    state: optional(fields, 'state', PRINTABLE),
  };
}

async function readBody(request: Request): Promise<string> {
  try {
    return await readText(request, MAX_BODY_BYTES);
  } catch (error) {
    if (error instanceof TooLongError) throw invalid(`the body: expected at most ${MAX_BODY_BYTES} bytes`, { status: 413 });
    throw invalid('the body: expected JSON in UTF-8, not read by anybody before');
  }
}

function optional(fields: Readonly<Record<string, unknown>>, name: string, pattern: RegExp): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && pattern.test(value)) return value;
  const expected = pattern === CODE_VERIFIER ? '43 to 128 of the characters A-Z a-z 0-9 - . _ ~' : '1 to 4096 printable ASCII characters';
  throw invalid(`${name}: expected ${expected}`);
}

/** The code would not be redeemed with an address that it was not made for. This keeps a code that somebody else's page caught from being redeemed here. */
function allowedRedirectUri(request: Request, redirectUri: string | undefined, expected: Expected): string | undefined {
  if (redirectUri === undefined) return undefined;
  const { redirectUris, origins = [ownOrigin(request)] } = expected;
  const isAllowed =
    redirectUris === undefined
      ? URL.canParse(redirectUri) && origins.includes(new URL(redirectUri).origin)
      : redirectUris.includes(redirectUri);
  if (isAllowed) return redirectUri;
  throw invalid(`redirect_uri: expected ${redirectUris === undefined ? 'an address of this site' : 'one of the option redirectUris'}`);
}

function ownOrigin(request: Request): string {
  return new URL(request.url).origin;
}
