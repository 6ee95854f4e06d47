import type { Context } from 'hono';
import { readForm } from '../../oauth/read-form.ts';
import type { Principal } from '../directory/people.ts';
import { approvalPage, requestSentPage } from '../pages/approval-page.ts';
import { sendPage } from '../pages/send-page.ts';
import type { MicrosoftEnv } from '../parts.ts';
import { AadstsError } from './aadsts.ts';
import { appValues } from './authorization-request.ts';
import { answerCallback, cancelParameters, errorParameters, refuseOnPage } from './callback-answer.ts';
import { appNameOf } from './clients.ts';
import { beginStep, showAccountPage, stepAction, type Conversation, type ConversationDeps } from './conversation.ts';
import { permissionOf } from './scopes.ts';
import { signedInUsers } from './signed-in-accounts.ts';

/** Shows *Need admin approval*, or the page that sends the administrator a request. Neither tells the app anything. */
export function showApprovalPage(
  { c, request, deps }: Conversation,
  principal: Principal,
  asked: readonly string[],
): Response | Promise<Response> {
  const tenant = deps.tenants.find(principal.tenantId);
  const page = approvalPage({
    appName: appNameOf(request.client),
    email: principal.user.email,
    organization: tenant?.displayName ?? '',
    permissions: asked.map((scope) => ({ scope, text: permissionOf(scope).text })),
    withRequest: tenant?.consentPolicy === 'workflow',
    action: stepAction(c, 'approval'),
  });
  return sendPage(c, page, { switches: deps.switches.forUser(principal.user.email) });
}

/** `POST …/authorize/approval`: somebody asks the administrator, signs in with another account, or returns without consent. */
export function approval(deps: ConversationDeps): (c: Context<MicrosoftEnv>) => Promise<Response> {
  return async function takeApproval(c) {
    const step = await beginStep(c, deps);
    if (step instanceof Response) return step;
    const form = await readForm(c.req.raw);
    const user = deps.people.find(form.get('account') ?? '');
    if (user === undefined) return refuseOnPage(c, new AadstsError(50034, appValues(step.request.client)), deps);
    switch (form.get('decision')) {
      case 'other_account':
        return showAccountPage(step, signedInUsers(c, deps.people));
      case 'request':
        return sendRequest(step, user.email, form.get('justification') ?? '');
      default:
        return returnWithoutConsent(step, user.email);
    }
  };
}

function sendRequest({ c, request, deps }: Conversation, email: string, justification: string): Response | Promise<Response> {
  const { client, scopes, authority } = request;
  const tenantId = authority.tenant?.id ?? deps.people.find(email)?.homeTenantId ?? '';
  const asked = [...scopes.signIn, ...scopes.access];
  deps.approvalRequests.add({ tenantId, clientId: client.clientId, email, scopes: asked, justification, atMs: deps.now() });
  const page = requestSentPage({ appName: appNameOf(client), email, action: stepAction(c, 'approval') });
  return sendPage(c, page, { switches: deps.switches.forUser(email) });
}

function returnWithoutConsent({ c, request, deps }: Conversation, email: string): Response | Promise<Response> {
  const { approvalReturnCode } = deps.switches.forUser(email);
  const explained =
    approvalReturnCode === undefined
      ? {}
      : errorParameters(new AadstsError(approvalReturnCode, appValues(request.client)), deps, 'access_denied');
  return answerCallback(c, request.callback, { parameters: { ...cancelParameters(), ...explained }, deps });
}
