import type { Context } from 'hono';
import { chooseAccountPage } from '../pages/choose-account-page.ts';
import { sendPage } from '../pages/send-page.ts';
import type { GoogleUser } from '../world/world.ts';
import { redirectWithCode, redirectWithError } from './authorization-answer.ts';
import { askOrAnswer, needsConsent, policyRefusal } from './consent.ts';
import { appNameOf, beginStep, queryOf, refuseOnPage, signedInUsers, type Conversation, type ConversationDeps } from './conversation.ts';

/** `GET /o/oauth2/v2/auth`, at Google under `https://accounts.google.com`: the page that asks for an account, or the answer at once. */
export function authorize(deps: ConversationDeps): (c: Context) => Promise<Response> {
  return async function showAuthorize(c) {
    const step = await beginStep(c, deps);
    if (step instanceof Response) return step;
    const { request } = step;
    const signedIn = signedInUsers(c, deps);
    if (request.prompts.includes('none')) return answerSilently(step, signedIn);
    const hinted = hintedUser(step);
    const skips = hinted !== undefined && signedIn.includes(hinted) && deps.switches.forUser(hinted.email).loginHintSkipsChooser;
    if (skips && !request.prompts.includes('select_account')) return askOrAnswer(step, hinted);
    const page = chooseAccountPage({ appName: appNameOf(request), accounts: offeredAccounts(step), hinted, query: queryOf(c) });
    return sendPage(c, page, { switches: deps.switches.forAll() });
  };
}

/** `prompt=none`: no page is shown, so whatever would need one is an error. The codes are those of OpenID Connect Core §3.1.2.6. */
function answerSilently(step: Conversation, signedIn: readonly GoogleUser[]): Response | Promise<Response> {
  const { c, request, deps } = step;
  const hinted = hintedUser(step);
  const [user, ...others] = request.loginHint === undefined ? signedIn : signedIn.filter((candidate) => candidate === hinted);
  if (user === undefined) return redirectWithError(step, 'login_required');
  if (others.length > 0 || needsConsent(step, user)) return redirectWithError(step, 'interaction_required');
  const refusal = policyRefusal(user, deps);
  if (refusal !== undefined) return refuseOnPage(c, refusal, deps);
  return redirectWithCode(step, { user, scopes: request.scopes, consented: false, authuser: signedIn.indexOf(user) });
}

/** `login_hint` is an address or a `sub`. */
function hintedUser({ request: { loginHint }, deps: { world } }: Conversation): GoogleUser | undefined {
  return loginHint === undefined ? undefined : (world.userByEmail(loginHint) ?? world.userBySub(loginHint));
}

/** `hd` narrows the list to a domain, `*` to all of Workspace. It is a hint: an app must check the claim of the ID token. */
function offeredAccounts({ request: { hostedDomain }, deps: { world } }: Conversation): readonly GoogleUser[] {
  if (hostedDomain === undefined) return world.users();
  return world.users().filter((user) => user.hostedDomain !== undefined && (hostedDomain === '*' || user.hostedDomain === hostedDomain));
}
