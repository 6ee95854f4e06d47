import { isChallengeMethod, type CodeChallenge } from './pkce.ts';
import type { RegisteredClient, RegisteredClients } from './registered-clients.ts';

/** An authorization request whose app and redirect URI are known. */
export interface SignInRequest {
  readonly client: RegisteredClient;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly scopes: readonly string[];
  readonly challenge: CodeChallenge | undefined;
}

/** The outcome of reading an authorization request. */
export type ParsedSignIn =
  | { readonly outcome: 'ok'; readonly request: SignInRequest }
  /** Stays on the service's own page: where to send the browser is not known. */
  | { readonly outcome: 'page'; readonly error: string; readonly detail: string }
  /** Goes to the app's callback. @see [RFC 6749 §4.1.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1) */
  | { readonly outcome: 'callback'; readonly request: SignInRequest; readonly error: string };

/** What a service demands of a request. */
export interface SignInRules {
  /** The scopes of a registration that lists none. */
  readonly defaultScopes: readonly string[];
  /** Whether a request must say which scopes it wants; otherwise it gets all that the registration lists. */
  readonly scopeRequired: boolean;
}

/** Reads an authorization request. */
export function parseSignIn(query: URLSearchParams, clients: RegisteredClients, rules: SignInRules): ParsedSignIn {
  const client = clients.find(query.get('client_id') ?? '');
  const redirectUri = query.get('redirect_uri') ?? '';
  if (client === undefined) return { outcome: 'page', error: 'invalid_client', detail: 'Invalid client_id.' };
  if (!client.redirectUris.includes(redirectUri)) {
    return { outcome: 'page', error: 'invalid_redirect_uri', detail: `Invalid redirect: ${redirectUri}` };
  }
  const registered = client.scopes ?? rules.defaultScopes;
  const asked = (query.get('scope') ?? '').split(/\s+/).filter((scope) => scope !== '');
  const scopes = asked.length === 0 ? registered : [...new Set(asked)];
  const request = { client, redirectUri, state: query.get('state') ?? undefined, scopes, challenge: challengeOf(query) };
  const error = errorOf(query, { asked, registered, rules });
  return error === undefined ? { outcome: 'ok', request } : { outcome: 'callback', request, error };
}

function errorOf(
  query: URLSearchParams,
  { asked, registered, rules }: { asked: readonly string[]; registered: readonly string[]; rules: SignInRules },
): string | undefined {
  const responseType = query.get('response_type');
  if (responseType === null) return 'invalid_request';
  if (responseType !== 'code') return 'unsupported_response_type';
  if (asked.length === 0 && rules.scopeRequired) return 'invalid_scope';
  if (asked.some((scope) => !registered.includes(scope))) return 'invalid_scope';
  const challenge = query.get('code_challenge');
  if (challenge !== null && challengeOf(query) === undefined) return 'invalid_request';
  return undefined;
}

function challengeOf(query: URLSearchParams): CodeChallenge | undefined {
  const value = query.get('code_challenge');
  const method = query.get('code_challenge_method') ?? 'plain';
  if (value === null || !/^[\w.~-]{43,128}$/.test(value) || !isChallengeMethod(method)) return undefined;
  return { value, method };
}
