import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { readForm } from '../../oauth/read-form.ts';
import type { Principal } from '../directory/people.ts';
import type { ConsentPolicy } from '../directory/tenants.ts';
import { consentPage } from '../pages/consent-page.ts';
import { sendPage } from '../pages/send-page.ts';
import type { MicrosoftEnv } from '../parts.ts';
import { AadstsError } from './aadsts.ts';
import { showApprovalPage } from './approval.ts';
import { principalAt } from './authority.ts';
import { appValues } from './authorization-request.ts';
import { answerCallback, refuseOnPage } from './callback-answer.ts';
import { appNameOf } from './clients.ts';
import { beginStep, redirectWithAadsts, stepAction, type Conversation, type ConversationDeps } from './conversation.ts';
import { permissionOf } from './scopes.ts';

/** `POST …/authorize/consent`: somebody pressed *Accept* or *Cancel*. */
export function consent(deps: ConversationDeps): (c: Context<MicrosoftEnv>) => Promise<Response> {
  return async function takeConsent(c) {
    const step = await beginStep(c, deps);
    if (step instanceof Response) return step;
    const form = await readForm(c.req.raw);
    const user = deps.people.find(form.get('account') ?? '');
    if (user === undefined) return refuseOnPage(c, new AadstsError(50034, appValues(step.request.client)), deps);
    const principal = principalAt(user, step.request.authority, { people: deps.people, client: step.request.client });
    if (form.get('decision') !== 'accept') return redirectDeclined(step, principal);
    const asked = askedOf(step, principal);
    if (!mayConsent(step, principal, asked)) return showApprovalPage(step, principal, asked);
    grant(step, principal, form.get('for_organization') !== null);
    return redirectWithCode(step, principal);
  };
}

/** Shows the consent page, or *Need admin approval*, or answers at once where nothing is left to consent to. */
export function askOrAnswer(step: Conversation, principal: Principal): Response | Promise<Response> {
  const { c, request, deps } = step;
  const refusal = tenantRefusal(step, principal);
  if (refusal !== undefined) return refuseOnPage(c, refusal, deps);
  const asked = askedOf(step, principal);
  if (asked.length === 0) return redirectWithCode(step, principal);
  if (!mayConsent(step, principal, asked)) return showApprovalPage(step, principal, asked);
  const page = consentPage({
    appName: appNameOf(request.client),
    email: principal.user.email,
    permissions: asked.map((scope) => ({ scope, text: permissionOf(scope).text })),
    withOrganizationBox: principal.isAdmin,
    forOrganization: undefined,
    action: stepAction(c, 'consent'),
  });
  return sendPage(c, page, { switches: deps.switches.forUser(principal.user.email) });
}

/** Returns what the person, or the organisation, has not consented to yet. */
export function missingScopes({ request, deps }: Conversation, principal: Principal): string[] {
  const granted = deps.consents.scopesFor(principal, request.client.clientId);
  return [...request.scopes.signIn, ...request.scopes.access].filter((scope) => !granted.has(scope));
}

/** Sends the browser to the app with a code. */
export function redirectWithCode({ c, request, deps }: Conversation, principal: Principal): Response | Promise<Response> {
  const { user, tenantId } = principal;
  const code = deps.codes.issue(
    {
      clientId: request.client.clientId,
      redirectUri: request.callback.redirectUri,
      challenge: request.challenge,
      email: user.email,
      tenantId,
      authorityKey: request.authority.key,
      scopes: [...request.scopes.signIn, ...request.scopes.access],
      asUrls: request.scopes.asUrls,
      nonce: request.nonce,
    },
    user.isPersonal,
  );
  const parameters = user.isPersonal ? { code } : { code, session_state: randomUUID() };
  return answerCallback(c, request.callback, { parameters, deps });
}

/**
 * With `prompt=consent` everything is asked anew, even where an administrator has consented: where people may not consent they then
 * end at *Need admin approval*.
 */
function askedOf(step: Conversation, principal: Principal): string[] {
  const { signIn, access } = step.request.scopes;
  return step.request.prompt === 'consent' ? [...signIn, ...access] : missingScopes(step, principal);
}

function mayConsent({ deps }: Conversation, principal: Principal, asked: readonly string[]): boolean {
  if (principal.user.isPersonal && !principal.isGuest) return true;
  if (principal.isAdmin) return true;
  const policy = deps.tenants.find(principal.tenantId)?.consentPolicy ?? 'closed';
  return asked.every((scope) => personMayConsent(policy, scope));
}

function personMayConsent(policy: ConsentPolicy, scope: string): boolean {
  const { need } = permissionOf(scope);
  if (policy === 'closed' || need === 'admin') return false;
  return policy === 'user' || need === 'person';
}

function grant({ request, deps }: Conversation, principal: Principal, forOrganization: boolean): void {
  const { clientId } = request.client;
  const scopes = [...request.scopes.signIn, ...request.scopes.access];
  if (forOrganization && principal.isAdmin) {
    deps.consents.grantForTenant({ tenantId: principal.tenantId, clientId, scopes, roles: [], effectiveMs: deps.now() });
  }
  deps.consents.grantForUser(principal, clientId, scopes);
}

/** The organisation shut the app, or left it for assigned people. */
function tenantRefusal({ request: { client }, deps }: Conversation, principal: Principal): AadstsError | undefined {
  const tenant = deps.tenants.find(principal.tenantId);
  if (tenant?.disabledClients.has(client.clientId) === true) return new AadstsError(7000112, appValues(client));
  if (tenant?.assignedOnlyClients.has(client.clientId) === true) return new AadstsError(50105, appValues(client));
  return undefined;
}

/** A personal account's refusal has a text of its own and no AADSTS code. */
function redirectDeclined(step: Conversation, { user }: Principal): Response | Promise<Response> {
  const { c, request, deps } = step;
  if (!user.isPersonal) return redirectWithAadsts(step, 65004, deps.switches.forUser(user.email).declineError);
  const parameters = {
    error: 'access_denied',
    error_description: 'The user has denied access to the scope requested by the client application.',
  };
  return answerCallback(c, request.callback, { parameters, deps });
}
