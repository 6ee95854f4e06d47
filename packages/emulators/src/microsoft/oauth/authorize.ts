import type { Context } from 'hono';
import type { MicrosoftUser } from '../directory/people.ts';
import type { MicrosoftEnv } from '../parts.ts';
import { readForm } from '../../oauth/read-form.ts';
import { answerCallback, cancelParameters, refuseOnPage } from './callback-answer.ts';
import { AadstsError } from './aadsts.ts';
import { principalAt } from './authority.ts';
import { appValues } from './authorization-request.ts';
import { askOrAnswer, missingScopes, redirectWithCode } from './consent.ts';
import { beginStep, isWelcome, redirectWithAadsts, showAccountPage, type Conversation, type ConversationDeps } from './conversation.ts';
import { noteSignIn, signedInUsers, singleSignOn } from './signed-in-accounts.ts';

/** `GET /{tenant}/oauth2/v2.0/authorize`: the page that asks for an account, or single sign-on. */
export function authorize(deps: ConversationDeps): (c: Context<MicrosoftEnv>) => Promise<Response> {
  return async function showAuthorize(c) {
    const step = await beginStep(c, deps);
    if (step instanceof Response) return step;
    const signedIn = signedInUsers(c, deps.people);
    if (step.request.prompt === 'none') return answerSilently(step, signedIn);
    const { loginHint, prompt } = step.request;
    const user = singleSignOn({ signedIn, people: deps.people, loginHint, prompt, isWelcome: (account) => isWelcome(step, account) });
    return user === undefined ? showAccountPage(step, signedIn) : goOnAs(step, user);
  };
}

/** `POST …/authorize/account`: somebody chose an account, which stands for signing in, or went back. */
export function chooseAccount(deps: ConversationDeps): (c: Context<MicrosoftEnv>) => Promise<Response> {
  return async function takeAccount(c) {
    const step = await beginStep(c, deps);
    if (step instanceof Response) return step;
    const form = await readForm(c.req.raw);
    if (form.get('decision') === 'back') return answerCallback(c, step.request.callback, { parameters: cancelParameters(), deps });
    const user = deps.people.find(form.get('account') ?? '');
    if (user === undefined) return refuseOnPage(c, new AadstsError(50034, appValues(step.request.client)), deps);
    noteSignIn(c, user, deps.people);
    return goOnAs(step, user);
  };
}

/** Goes on with a person who is signed in, or says why this person cannot. */
function goOnAs(step: Conversation, user: MicrosoftUser): Response | Promise<Response> {
  const { c, request, deps } = step;
  const { signInError, callbackError } = deps.switches.forUser(user.email);
  if (signInError !== undefined) return refuseOnPage(c, new AadstsError(signInError, appValues(request.client)), deps);
  if (callbackError !== undefined) return redirectWithAadsts(step, callbackError);
  try {
    return askOrAnswer(step, principalAt(user, request.authority, { people: deps.people, client: request.client }));
  } catch (error) {
    if (error instanceof AadstsError) return refuseOnPage(c, error, deps);
    throw error;
  }
}

/** `prompt=none`: no page is shown, so whatever would need one is an error. */
function answerSilently(step: Conversation, signedIn: readonly MicrosoftUser[]): Response | Promise<Response> {
  const { request, deps } = step;
  const hinted = request.loginHint === undefined ? undefined : deps.people.find(request.loginHint);
  const fitting = signedIn.filter((user) => isWelcome(step, user) && (request.loginHint === undefined || user === hinted));
  const [user, ...others] = fitting;
  if (user === undefined) return redirectWithAadsts(step, 50058);
  if (others.length > 0) return redirectWithAadsts(step, 16000);
  const { signInError, callbackError } = deps.switches.forUser(user.email);
  const stopped = signInError ?? callbackError;
  if (stopped !== undefined) return redirectWithAadsts(step, stopped);
  const principal = principalAt(user, request.authority, { people: deps.people, client: request.client });
  if (missingScopes(step, principal).length > 0) return redirectWithAadsts(step, 65001);
  return redirectWithCode(step, principal);
}
