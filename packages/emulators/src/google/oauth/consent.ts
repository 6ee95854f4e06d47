import type { Context } from 'hono';
import { consentPage } from '../pages/consent-page.ts';
import { sendPage } from '../pages/send-page.ts';
import type { GoogleParts } from '../parts.ts';
import type { GoogleUser } from '../world/world.ts';
import { redirectWithCode, redirectWithError } from './authorization-answer.ts';
import type { AuthorizationRequest, PageError } from './authorization-request.ts';
import {
  appNameOf,
  beginStep,
  queryOf,
  refuseOnPage,
  refuseUnknownAccount,
  signedInUsers,
  type Conversation,
  type ConversationDeps,
} from './conversation.ts';
import { readForm } from '../../oauth/read-form.ts';
import { SIGN_IN_SCOPES } from './scopes.ts';

/** `POST /o/oauth2/v2/auth/consent`: somebody pressed *Allow* or *Cancel*. */
export function consent(deps: ConversationDeps): (c: Context) => Promise<Response> {
  return async function takeConsent(c) {
    const step = await beginStep(c, deps);
    if (step instanceof Response) return step;
    const form = await readForm(c.req.raw);
    const user = deps.world.userByEmail(form.get('account') ?? '');
    if (user === undefined) return refuseUnknownAccount(c, deps);
    const refusal = policyRefusal(user, deps);
    if (refusal !== undefined) return refuseOnPage(c, refusal, deps);
    const scopes = allowedScopes(step.request, form, showsBoxes(step, user));
    if (form.get('decision') !== 'allow' || scopes.length === 0) return redirectWithError(step, 'access_denied');
    return redirectWithCode(step, { user, scopes, consented: true, authuser: authuserOf(step, user) });
  };
}

/** Shows the consent page, or answers at once where nothing is left to consent to, or refuses where the organisation forbids the app. */
export function askOrAnswer(step: Conversation, user: GoogleUser): Response | Promise<Response> {
  const { c, request, deps } = step;
  const refusal = policyRefusal(user, deps);
  if (refusal !== undefined) return refuseOnPage(c, refusal, deps);
  if (!needsConsent(step, user)) {
    return redirectWithCode(step, { user, scopes: request.scopes, consented: false, authuser: authuserOf(step, user) });
  }
  const page = consentPage({
    appName: appNameOf(request),
    email: user.email,
    signInScopes: request.scopes.filter((scope) => SIGN_IN_SCOPES.has(scope)),
    accessScopes: accessScopes(request),
    withBoxes: showsBoxes(step, user),
    query: queryOf(c),
  });
  return sendPage(c, page, { switches: deps.switches.forUser(user.email) });
}

/** Says whether there is something to ask: a scope that is new, offline access that is new, or an app that wants to ask again. */
export function needsConsent({ request, deps }: Conversation, user: GoogleUser): boolean {
  const { scopes, offlineClients } = deps.grants.consentOf(user.sub, request.client.clientId);
  const newOffline = request.offline && !offlineClients.has(request.client.clientId);
  return request.prompts.includes('consent') || newOffline || request.scopes.some((scope) => !scopes.has(scope));
}

/** Returns why the person's organisation does not let this app in. @see {@link https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors} */
export function policyRefusal(user: GoogleUser, { switches }: Pick<GoogleParts, 'switches'>): PageError | undefined {
  const { adminPolicyEnforced, orgInternal } = switches.forUser(user.email);
  if (adminPolicyEnforced) {
    return {
      status: 400,
      error: 'admin_policy_enforced',
      detail: "Your organization's administrator restricts which apps may read this account's data.",
    };
  }
  if (orgInternal) return { status: 403, error: 'org_internal', detail: 'This app is only for people of the organization that made it.' };
  return undefined;
}

function accessScopes({ scopes }: AuthorizationRequest): string[] {
  return scopes.filter((scope) => !SIGN_IN_SCOPES.has(scope));
}

/** Check boxes appear when more than one scope besides signing in is asked, and never for an app that the administrator trusts. */
function showsBoxes({ request, deps: { switches } }: Conversation, user: GoogleUser): boolean {
  return accessScopes(request).length > 1 && !switches.forUser(user.email).trustedApp;
}

/** With check boxes and none of them ticked nothing is granted, signing in included. */
function allowedScopes(request: AuthorizationRequest, form: URLSearchParams, withBoxes: boolean): readonly string[] {
  if (!withBoxes) return request.scopes;
  const ticked = accessScopes(request).filter((scope) => form.getAll('scope').includes(scope));
  return ticked.length === 0 ? [] : request.scopes.filter((scope) => SIGN_IN_SCOPES.has(scope) || ticked.includes(scope));
}

function authuserOf({ c, deps }: Conversation, user: GoogleUser): number {
  const index = signedInUsers(c, deps).indexOf(user);
  return index < 0 ? 0 : index;
}
