import type { Context } from 'hono';
import { readForm } from '../../oauth/read-form.ts';
import type { MicrosoftUser, Principal } from '../directory/people.ts';
import { accountPage } from '../pages/account-page.ts';
import { approvalPage } from '../pages/approval-page.ts';
import { consentPage } from '../pages/consent-page.ts';
import { sendPage } from '../pages/send-page.ts';
import type { MicrosoftEnv } from '../parts.ts';
import { AadstsError } from './aadsts.ts';
import { parseAdminConsentRequest, type AdminConsentRequest, type AdminConsentVersion } from './admin-consent-request.ts';
import { principalAt } from './authority.ts';
import { appValues } from './authorization-request.ts';
import { answerCallback, cancelParameters, errorParameters, refuseOnPage } from './callback-answer.ts';
import { appNameOf } from './clients.ts';
import { offeredAccounts, stepAction, type ConversationDeps } from './conversation.ts';
import { permissionOf } from './scopes.ts';
import { noteSignIn, signedInUsers, singleSignOn } from './signed-in-accounts.ts';

interface AdminStep {
  readonly c: Context<MicrosoftEnv>;
  readonly request: AdminConsentRequest;
  readonly deps: ConversationDeps;
}

/** `GET /{tenant}/adminconsent` and `GET /{tenant}/v2.0/adminconsent`: the page that asks for an account, or the question itself. */
export function adminConsent(deps: ConversationDeps, version: AdminConsentVersion): (c: Context<MicrosoftEnv>) => Promise<Response> {
  return async function showAdminConsent(c) {
    const step = await beginAdminStep(c, deps, version);
    if (step instanceof Response) return step;
    const signedIn = signedInUsers(c, deps.people);
    const isWelcome = (user: MicrosoftUser): boolean => !user.isPersonal && user.isAdmin;
    const user = singleSignOn({ signedIn, people: deps.people, loginHint: undefined, prompt: undefined, isWelcome });
    return user === undefined ? showAccounts(step, signedIn) : askAdmin(step, user);
  };
}

/** `POST …/adminconsent/account`: somebody chose an account, or went back. */
export function chooseAdminAccount(deps: ConversationDeps, version: AdminConsentVersion): (c: Context<MicrosoftEnv>) => Promise<Response> {
  return async function takeAdminAccount(c) {
    const step = await beginAdminStep(c, deps, version);
    if (step instanceof Response) return step;
    const form = await readForm(c.req.raw);
    if (form.get('decision') === 'back') return answerApp(step, cancelParameters());
    const user = deps.people.find(form.get('account') ?? '');
    if (user === undefined) return refuseOnPage(c, new AadstsError(50034, appValues(step.request.client)), deps);
    noteSignIn(c, user, deps.people);
    return askAdmin(step, user);
  };
}

/** `POST …/adminconsent/decision`: an administrator pressed *Accept* or *Cancel*. */
export function decideAdminConsent(deps: ConversationDeps, version: AdminConsentVersion): (c: Context<MicrosoftEnv>) => Promise<Response> {
  return async function takeAdminDecision(c) {
    const step = await beginAdminStep(c, deps, version);
    if (step instanceof Response) return step;
    const form = await readForm(c.req.raw);
    const user = deps.people.find(form.get('account') ?? '');
    if (user === undefined) return refuseOnPage(c, new AadstsError(50034, appValues(step.request.client)), deps);
    switch (form.get('decision')) {
      case 'accept':
        return acceptAs(step, user);
      case 'other_account':
        return showAccounts(step, signedInUsers(c, deps.people));
      case 'return':
        return answerApp(step, cancelParameters());
      default:
        return answerApp(step, errorParameters(new AadstsError(65004), deps));
    }
  };
}

async function beginAdminStep(
  c: Context<MicrosoftEnv>,
  deps: ConversationDeps,
  version: AdminConsentVersion,
): Promise<AdminStep | Response> {
  const query = new URL(c.req.url).searchParams;
  const parsed = parseAdminConsentRequest(c.req.param('tenant') ?? '', query, { ...deps, version });
  if (!parsed.ok) {
    if (parsed.callback === undefined) return refuseOnPage(c, parsed.error, deps);
    const parameters = { ...errorParameters(parsed.error, deps), admin_consent: 'True' };
    return answerCallback(c, parsed.callback, { parameters, deps });
  }
  const step = { c, request: parsed.request, deps };
  const forcedCode = c.get('forcedCode');
  return forcedCode === undefined
    ? step
    : answerApp(step, errorParameters(new AadstsError(forcedCode, appValues(parsed.request.client)), deps));
}

/** Every answer says `admin_consent=True`, also the ones that are errors. */
function answerApp({ c, request, deps }: AdminStep, parameters: Readonly<Record<string, string>>): Response | Promise<Response> {
  return answerCallback(c, request.callback, { parameters: { ...parameters, admin_consent: 'True' }, deps });
}

/** An account that the tenant does not have is an error of the callback here, other than at the authorization endpoint. */
function askAdmin(step: AdminStep, user: MicrosoftUser): Response | Promise<Response> {
  const principal = principalOf(step, user);
  if (principal instanceof AadstsError) return answerApp(step, errorParameters(principal, step.deps, 'access_denied'));
  const { c, request, deps } = step;
  const permissions = [...request.scopes, ...request.roles].map((scope) => ({ scope, text: permissionOf(scope).text }));
  const organization = deps.tenants.find(principal.tenantId)?.displayName ?? '';
  const view = { appName: appNameOf(request.client), email: user.email, permissions, action: stepAction(c, 'decision') };
  const page = principal.isAdmin
    ? consentPage({ ...view, withOrganizationBox: false, forOrganization: organization })
    : approvalPage({ ...view, organization, withRequest: false });
  return sendPage(c, page, { switches: deps.switches.forUser(user.email) });
}

function acceptAs(step: AdminStep, user: MicrosoftUser): Response | Promise<Response> {
  const principal = principalOf(step, user);
  if (principal instanceof AadstsError) return answerApp(step, errorParameters(principal, step.deps, 'access_denied'));
  if (!principal.isAdmin) return askAdmin(step, user);
  const { request, deps } = step;
  const { adminConsentLagMs, forgedTenant } = deps.switches.forUser(user.email);
  deps.consents.grantForTenant({
    tenantId: principal.tenantId,
    clientId: request.client.clientId,
    // Signing in is part of what an administrator allows, asked for or not.
    scopes: [...new Set([...request.scopes, 'openid', 'profile', 'email', 'offline_access'])],
    roles: request.roles,
    effectiveMs: deps.now() + adminConsentLagMs,
  });
  const scope = request.scope === undefined ? {} : { scope: request.scope };
  return answerApp(step, { tenant: forgedTenant ?? principal.tenantId, ...scope });
}

function principalOf({ request, deps }: AdminStep, user: MicrosoftUser): Principal | AadstsError {
  if (user.isPersonal) return new AadstsError(500208);
  try {
    return principalAt(user, request.authority, { people: deps.people, client: request.client });
  } catch (error) {
    if (error instanceof AadstsError) return error;
    throw error;
  }
}

function showAccounts({ c, request, deps }: AdminStep, signedIn: readonly MicrosoftUser[]): Response | Promise<Response> {
  const page = accountPage({
    appName: appNameOf(request.client),
    accounts: offeredAccounts(undefined, deps),
    signedIn,
    hinted: undefined,
    action: stepAction(c, 'account'),
  });
  return sendPage(c, page, { switches: deps.switches.forAll() });
}
