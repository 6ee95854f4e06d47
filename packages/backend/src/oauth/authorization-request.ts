import { isS256Challenge } from './pkce.ts';
import type { AuthorizationErrorCode } from './authorization-errors.ts';

/** Long enough for every honest `state`; a longer one could not be given back through every server on the way. */
const MAX_STATE_LENGTH = 4096;

/** Of the query, in characters as they are sent. Room for the longest `state` of plain text, percent-encoded, and as much as Node reads of a request's head. */
const MAX_QUERY_LENGTH = 16 * 1024;

/** Parameters that may stand once only. All others are ignored, as RFC 6749 §3.1 wants. */
const KNOWN = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'provider_name',
  'prompt',
  'locale',
  'request',
  'request_uri',
] as const;

/** The parameters of an authorization request, each at most once, empty ones left out. */
export type AuthorizationParameters = Readonly<Partial<Record<(typeof KNOWN)[number], string>>>;

/** What the query of an authorization request says. */
export interface AuthorizationQuery {
  readonly parameters: AuthorizationParameters;
  /** Known parameters that stand more than once. */
  readonly repeated: readonly string[];
  /** Why nothing of it can be relied on, and nobody can be told by redirect. */
  readonly unreadable: 'malformed' | 'too_long' | undefined;
}

/** What is wrong with an authorization request; tells whether it may be told at the redirect URI. */
export interface AuthorizationProblem {
  readonly error: AuthorizationErrorCode;
  readonly description: string;
}

/**
 * Reads the query of an authorization request. Repeated parameters are never resolved by taking one of them.
 *
 * @param search The raw query, so that malformed percent-encoding is seen and not silently replaced.
 */
export function readAuthorizationQuery(search: string): AuthorizationQuery {
  if (search.length > MAX_QUERY_LENGTH) return { parameters: {}, repeated: [], unreadable: 'too_long' };
  const query = new URLSearchParams(search);
  const repeated = KNOWN.filter((name) => query.getAll(name).length > 1);
  const parameters = Object.fromEntries(KNOWN.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : [])));
  return { parameters, repeated, unreadable: isDecodable(search) ? undefined : 'malformed' };
}

function isDecodable(search: string): boolean {
  try {
    decodeURIComponent(search);
    return true;
  } catch {
    return false;
  }
}

/** Checks all that can be told at the redirect URI, in the order in which a partner's developer would mend it. */
export function checkAuthorizationRequest(
  parameters: AuthorizationParameters,
  repeated: readonly string[],
): AuthorizationProblem | undefined {
  const twice = repeated[0];
  if (twice !== undefined) return invalid(`${twice}: expected once`);
  if (parameters.request !== undefined) return { error: 'request_not_supported', description: 'request: not supported' };
  if (parameters.request_uri !== undefined) return { error: 'request_uri_not_supported', description: 'request_uri: not supported' };
  if (parameters.response_type === undefined) return invalid('response_type: expected code');
  if (parameters.response_type !== 'code') return { error: 'unsupported_response_type', description: 'response_type: expected code' };
  if ((parameters.response_mode ?? 'query') !== 'query') return invalid('response_mode: expected query');
  if ((parameters.state?.length ?? 0) > MAX_STATE_LENGTH) return invalid(`state: expected at most ${MAX_STATE_LENGTH} characters`);
  return checkChallenge(parameters) ?? checkPrompt(parameters);
}

/** PKCE is honoured for everybody, and required for the element. `plain`, which is also what an absent method means, is refused. */
function checkChallenge(parameters: AuthorizationParameters): AuthorizationProblem | undefined {
  const { code_challenge: challenge, code_challenge_method: method } = parameters;
  if (challenge === undefined) return method === undefined ? undefined : invalid('code_challenge: expected with code_challenge_method');
  if (method !== 'S256') return invalid('code_challenge_method: expected S256');
  return isS256Challenge(challenge) ? undefined : invalid('code_challenge: expected 43 characters of base64url');
}

function checkPrompt(parameters: AuthorizationParameters): AuthorizationProblem | undefined {
  if (parameters.prompt?.split(' ').includes('none') !== true) return undefined;
  return { error: 'interaction_required', description: 'prompt: a person has to choose and to consent' };
}

function invalid(description: string): AuthorizationProblem {
  return { error: 'invalid_request', description };
}

/** The state that goes back with a refusal: none where it could not go back as it came. */
export function echoableState(parameters: AuthorizationParameters, repeated: readonly string[]): string | undefined {
  return repeated.includes('state') || (parameters.state?.length ?? 0) > MAX_STATE_LENGTH ? undefined : parameters.state;
}
