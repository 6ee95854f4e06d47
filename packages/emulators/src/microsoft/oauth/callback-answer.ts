import type { Context } from 'hono';
import { formPostPage } from '../pages/form-post-page.ts';
import { errorPage } from '../pages/error-page.ts';
import { guardPage, sendPage } from '../pages/send-page.ts';
import type { MicrosoftParts } from '../parts.ts';
import { errorUri, reportOf, type AadstsError } from './aadsts.ts';
import type { Callback } from './authorization-request.ts';

/** What answering uses. */
export type AnswerDeps = Pick<MicrosoftParts, 'now' | 'switches'>;

/** Sends the browser to the app, the way the request asked for. */
export function answerCallback(
  c: Context,
  callback: Callback,
  { parameters, deps }: { parameters: Readonly<Record<string, string>>; deps: AnswerDeps },
): Response | Promise<Response> {
  const values = { ...parameters, ...(callback.state === undefined ? {} : { state: callback.state }) };
  guardPage(c, deps.switches.forAll());
  if (callback.responseMode === 'form_post') return c.html(formPostPage(callback.redirectUri, values));
  const target = new URL(callback.redirectUri);
  if (callback.responseMode === 'fragment') target.hash = new URLSearchParams(values).toString();
  else for (const [name, value] of Object.entries(values)) target.searchParams.append(name, value);
  return c.redirect(target.href, 302);
}

/** Returns what a callback says of an error. */
export function errorParameters(error: AadstsError, deps: Pick<AnswerDeps, 'now'>, oauthError?: string): Record<string, string> {
  const { code, entry, description } = reportOf(error, { nowMs: deps.now() });
  return { error: oauthError ?? entry.callbackError ?? entry.error, error_description: description, error_uri: errorUri(code) };
}

/** Returns what a callback says when somebody went back: nothing of why. */
export function cancelParameters(): Record<string, string> {
  return { error: 'access_denied', error_subcode: 'cancel' };
}

/** Shows an error on Microsoft's own page. The app's callback never hears of it. */
export function refuseOnPage(c: Context, error: AadstsError, deps: AnswerDeps): Response | Promise<Response> {
  const report = reportOf(error, { nowMs: deps.now() });
  return sendPage(c, errorPage(report), { status: 400, switches: deps.switches.forAll() });
}
