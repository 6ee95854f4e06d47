import type { GoogleUser } from '../world/world.ts';
import type { Conversation, ConversationDeps } from './conversation.ts';
import { callbackScope } from './scopes.ts';

/** What somebody agreed to. */
export interface Agreement {
  readonly user: GoogleUser;
  readonly scopes: readonly string[];
  /** Whether the consent page was shown. */
  readonly consented: boolean;
  /** The account's place among those signed in in this browser. */
  readonly authuser: number;
}

/** Notes the consent and sends the browser to the app with a code. */
export function redirectWithCode(conversation: Conversation, agreement: Agreement): Response {
  const { request, deps } = conversation;
  const { user, scopes, consented } = agreement;
  const { clientId } = request.client;
  const given = deps.grants.consentOf(user.sub, clientId);
  // A refresh token comes with the first offline consent, and again only when the app asks for consent anew.
  const withRefreshToken = request.offline && (!given.offlineClients.has(clientId) || request.prompts.includes('consent'));
  const earlier = request.includeGrantedScopes ? [...given.scopes] : [];
  for (const scope of scopes) given.scopes.add(scope);
  if (request.offline) given.offlineClients.add(clientId);

  const granted = [...new Set([...scopes, ...earlier])];
  const code = deps.codes.issue({
    clientId,
    redirectUri: request.redirectUri,
    challenge: request.challenge,
    sub: user.sub,
    scopes: granted,
    offline: request.offline,
    withRefreshToken,
    nonce: request.nonce,
  });
  return redirectTo(conversation, {
    ...issuerParameter(deps, user.email),
    code,
    scope: callbackScope(granted),
    authuser: String(agreement.authuser),
    ...(user.hostedDomain === undefined ? {} : { hd: user.hostedDomain }),
    prompt: consented ? 'consent' : 'none',
  });
}

/** Sends the browser to the app with an error. Whether Google adds `iss` here as it does beside a code is not known. */
export function redirectWithError(conversation: Conversation, error: string): Response {
  return redirectTo(conversation, { ...issuerParameter(conversation.deps), error });
}

/**
 * Google has sent `iss` (RFC 9207) to callbacks since early 2026, in phases and without announcing it in its discovery document.
 */
function issuerParameter({ switches, issuer }: ConversationDeps, email?: string): { iss?: string } {
  const { issInCallback } = email === undefined ? switches.forAll() : switches.forUser(email);
  return issInCallback ? { iss: issuer } : {};
}

function redirectTo({ c, request }: Conversation, parameters: Readonly<Record<string, string>>): Response {
  const target = new URL(request.redirectUri);
  const state = request.state === undefined ? {} : { state: request.state };
  for (const [name, value] of Object.entries({ ...state, ...parameters })) target.searchParams.append(name, value);
  c.header('Cache-Control', 'no-store');
  return c.redirect(target.href, 302);
}
