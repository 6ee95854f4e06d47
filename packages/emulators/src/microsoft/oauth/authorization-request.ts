import { isChallengeMethod, type CodeChallenge } from '../../oauth/pkce.ts';
import type { MicrosoftParts } from '../parts.ts';
import { AadstsError } from './aadsts.ts';
import { checkAudience, parseAuthority, type Authority } from './authority.ts';
import { appNameOf, type MicrosoftClient } from './clients.ts';
import { redirectUriMatches } from './redirect-uris.ts';
import { parseScopes, type AskedScopes } from './scopes.ts';

/** What `prompt` may be. @see {@link https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code} */
export const PROMPTS = ['none', 'login', 'select_account', 'consent'] as const;

/** One of {@link PROMPTS}. */
export type Prompt = (typeof PROMPTS)[number];

/** How the answer reaches the callback. */
export const RESPONSE_MODES = ['query', 'fragment', 'form_post'] as const;

/** Where the answer goes. */
export interface Callback {
  readonly redirectUri: string;
  readonly responseMode: (typeof RESPONSE_MODES)[number];
  readonly state: string | undefined;
}

/** An authorization request that passed every check. */
export interface AuthorizationRequest {
  readonly client: MicrosoftClient;
  readonly authority: Authority;
  readonly callback: Callback;
  readonly scopes: AskedScopes;
  readonly prompt: Prompt | undefined;
  readonly loginHint: string | undefined;
  readonly domainHint: string | undefined;
  readonly nonce: string | undefined;
  readonly challenge: CodeChallenge | undefined;
}

/** The outcome of reading a request. A refusal without a callback stays on Microsoft's own page. */
export type Parsed<T> =
  { readonly ok: true; readonly request: T } | { readonly ok: false; readonly error: AadstsError; readonly callback: Callback | undefined };

/** What checking a request uses. */
export type RequestDeps = Pick<MicrosoftParts, 'clients' | 'tenants'>;

/** Who asks, at which address, and where the answer goes. */
export interface Addressee {
  readonly client: MicrosoftClient;
  readonly authority: Authority;
  readonly redirectUri: string;
}

/** Reads an authorization request as strictly as Microsoft does. */
export function parseAuthorizationRequest(segment: string, query: URLSearchParams, deps: RequestDeps): Parsed<AuthorizationRequest> {
  let callback: Callback | undefined;
  try {
    const addressee = parseAddressee(segment, query, deps);
    const mode = query.get('response_mode') ?? 'query';
    const responseMode = RESPONSE_MODES.find((known) => known === mode);
    callback = { redirectUri: addressee.redirectUri, responseMode: responseMode ?? 'query', state: query.get('state') ?? undefined };
    if (responseMode === undefined) throw new AadstsError(70007, { responseMode: mode });
    return { ok: true, request: toRequest(query, addressee, callback) };
  } catch (error) {
    if (error instanceof AadstsError) return { ok: false, error, callback };
    throw error;
  }
}

/**
 * Reads what every request to a page begins with.
 * @throws AadstsError for what must not reach a callback.
 */
export function parseAddressee(segment: string, query: URLSearchParams, { clients, tenants }: RequestDeps): Addressee {
  const authority = parseAuthority(segment, tenants);
  const clientId = query.get('client_id');
  if (clientId === null) throw new AadstsError(900144, { name: 'client_id' });
  const client = clients.find(clientId);
  if (client === undefined) throw new AadstsError(700016, { appId: clientId, tenant: authority.tenant?.displayName ?? segment });
  const redirectUri = query.get('redirect_uri');
  if (redirectUri === null) throw new AadstsError(900971);
  if (!client.redirectUris.some((registered) => redirectUriMatches(redirectUri, registered))) {
    throw new AadstsError(50011, { redirectUri, appId: client.clientId });
  }
  checkAudience(client, authority, tenants);
  return { client, authority, redirectUri };
}

function toRequest(query: URLSearchParams, { client, authority }: Addressee, callback: Callback): AuthorizationRequest {
  const responseType = query.get('response_type');
  if (responseType === null) throw new AadstsError(900144, { name: 'response_type' });
  // Microsoft also knows the implicit and hybrid types; the emulator is for server-side apps and knows one.
  if (responseType !== 'code') throw new AadstsError(70005, { responseType });
  const scope = query.get('scope');
  if (scope === null || scope.trim() === '') throw new AadstsError(900144, { name: 'scope' });
  const scopes = parseScopes(scope, client);
  if (scopes.resources.length > 1 && authority.kind === 'consumers') throw new AadstsError(700022, { scope });
  return {
    client,
    authority,
    callback,
    scopes,
    prompt: parsePrompt(query.get('prompt')),
    loginHint: query.get('login_hint') ?? undefined,
    domainHint: query.get('domain_hint') ?? undefined,
    nonce: query.get('nonce') ?? undefined,
    challenge: parseChallenge(query.get('code_challenge'), query.get('code_challenge_method')),
  };
}

function parsePrompt(text: string | null): Prompt | undefined {
  if (text === null || text === '') return undefined;
  const prompt = PROMPTS.find((known) => known === text);
  if (prompt === undefined) throw new AadstsError(90023, { name: 'prompt' });
  return prompt;
}

function parseChallenge(value: string | null, method: string | null): CodeChallenge | undefined {
  if (value === null) {
    if (method !== null) throw new AadstsError(50147);
    return undefined;
  }
  const name = method ?? 'plain';
  if (!isChallengeMethod(name)) throw new AadstsError(90023, { name: 'code_challenge_method' });
  if (!/^[\w.~-]{43,128}$/.test(value)) throw new AadstsError(501491);
  return { value, method: name };
}

/** Fills the blanks that errors about an app have. */
export function appValues(client: MicrosoftClient): Record<string, string> {
  return { appId: client.clientId, appName: appNameOf(client) };
}
