import type { Clients, GoogleClient } from './clients.ts';
import { isChallengeMethod, type CodeChallenge } from '../../oauth/pkce.ts';
import { canonicalScope, isKnownScope } from './scopes.ts';

/** What `prompt` may hold. @see {@link https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient} */
export const PROMPTS = ['none', 'consent', 'select_account'] as const;

/** One of {@link PROMPTS}. */
export type Prompt = (typeof PROMPTS)[number];

/** An authorization request that passed every check. */
export interface AuthorizationRequest {
  readonly client: GoogleClient;
  readonly redirectUri: string;
  /** Canonical, each once, in the order asked. */
  readonly scopes: readonly string[];
  readonly state: string | undefined;
  readonly offline: boolean;
  readonly prompts: readonly Prompt[];
  readonly includeGrantedScopes: boolean;
  readonly loginHint: string | undefined;
  readonly hostedDomain: string | undefined;
  readonly nonce: string | undefined;
  readonly challenge: CodeChallenge | undefined;
}

/** An error that Google shows on its own page and that never reaches the app's callback. */
export interface PageError {
  readonly status: 400 | 401 | 403 | 429 | 500 | 502 | 503 | 504;
  readonly error: string;
  readonly detail: string;
}

/** The outcome of reading an authorization request. */
export type ParsedRequest =
  { readonly ok: true; readonly request: AuthorizationRequest } | { readonly ok: false; readonly refusal: PageError };

/** Reads an authorization request as strictly as Google does. Each refusal is a page, never a redirect. */
export function parseAuthorizationRequest(query: URLSearchParams, clients: Clients): ParsedRequest {
  const client = clients.find(query.get('client_id') ?? '');
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!query.has('client_id')) return refuse(400, 'invalid_request', 'Missing required parameter: client_id');
  if (client === undefined) return refuse(401, 'invalid_client', 'The OAuth client was not found.');
  if (!query.has('redirect_uri')) return refuse(400, 'invalid_request', 'Missing required parameter: redirect_uri');
  if (!client.redirectUris.includes(redirectUri)) {
    return refuse(
      400,
      'redirect_uri_mismatch',
      `The redirect URI in the request, ${redirectUri}, does not match the ones authorized for the OAuth client.`,
    );
  }
  const problem = responseTypeProblem(query) ?? scopeProblem(query) ?? parameterProblem(query) ?? challengeProblem(query);
  if (problem !== undefined) return { ok: false, refusal: problem };
  return { ok: true, request: toRequest(query, client, redirectUri) };
}

function toRequest(query: URLSearchParams, client: GoogleClient, redirectUri: string): AuthorizationRequest {
  const challenge = query.get('code_challenge');
  const method = query.get('code_challenge_method') ?? 'plain';
  return {
    client,
    redirectUri,
    scopes: [...new Set(words(query.get('scope')).map(canonicalScope))],
    state: query.get('state') ?? undefined,
    offline: query.get('access_type') === 'offline',
    prompts: PROMPTS.filter((prompt) => words(query.get('prompt')).includes(prompt)),
    includeGrantedScopes: query.get('include_granted_scopes') === 'true',
    loginHint: query.get('login_hint') ?? undefined,
    hostedDomain: query.get('hd') ?? undefined,
    nonce: query.get('nonce') ?? undefined,
    challenge: challenge === null || !isChallengeMethod(method) ? undefined : { value: challenge, method },
  };
}

function responseTypeProblem(query: URLSearchParams): PageError | undefined {
  if (!query.has('response_type')) return pageError(400, 'invalid_request', 'Required parameter is missing: response_type');
  // Google also knows the implicit types; the emulator is for server-side apps and knows one.
  if (query.get('response_type') !== 'code')
    return pageError(400, 'unsupported_response_type', `Invalid response_type: ${query.get('response_type')}`);
  return undefined;
}

function scopeProblem(query: URLSearchParams): PageError | undefined {
  const asked = words(query.get('scope'));
  if (asked.length === 0) return pageError(400, 'invalid_request', 'Missing required parameter: scope');
  const unknown = asked.filter((scope) => !isKnownScope(canonicalScope(scope)));
  if (unknown.length > 0) return pageError(400, 'invalid_scope', `Some requested scopes were invalid. {invalid=[${unknown.join(', ')}]}`);
  return undefined;
}

function parameterProblem(query: URLSearchParams): PageError | undefined {
  const accessType = query.get('access_type') ?? 'online';
  if (accessType !== 'online' && accessType !== 'offline') return pageError(400, 'invalid_request', `Invalid access_type: ${accessType}`);
  const prompts = words(query.get('prompt'));
  const known: readonly string[] = PROMPTS;
  if (prompts.some((prompt) => !known.includes(prompt)))
    return pageError(400, 'invalid_request', `Invalid parameter value for prompt: ${prompts.join(' ')}`);
  if (prompts.includes('none') && prompts.length > 1)
    return pageError(400, 'invalid_request', 'prompt=none cannot be combined with other values');
  return undefined;
}

function challengeProblem(query: URLSearchParams): PageError | undefined {
  const challenge = query.get('code_challenge');
  const method = query.get('code_challenge_method');
  if (challenge === null)
    return method === null ? undefined : pageError(400, 'invalid_request', 'code_challenge_method without code_challenge');
  if (method !== null && !isChallengeMethod(method)) return pageError(400, 'invalid_request', `Invalid code_challenge_method: ${method}`);
  if (!/^[\w.~-]{43,128}$/.test(challenge)) return pageError(400, 'invalid_request', 'Invalid code_challenge');
  return undefined;
}

function words(text: string | null): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

function pageError(status: PageError['status'], error: string, detail: string): PageError {
  return { status, error, detail };
}

function refuse(status: PageError['status'], error: string, detail: string): ParsedRequest {
  return { ok: false, refusal: pageError(status, error, detail) };
}
