import { isEnded } from '@calendar-connect/protocol';
import type { Context, Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { failureSentences } from '../../connect/failure-sentences.ts';
import { codeFor } from '../../connect/poll-session.ts';
import { stateOf } from '../../connect/session-status.ts';
import { isWaiting } from '../../connect/wait-for-admin.ts';
import { type AuthorizationAnswer, authorizationAnswer, retryAddress } from '../../connect/authorization-answer.ts';
import {
  cancelledText,
  connectedText,
  declinedText,
  expiredText,
  failureText,
  finishingPage,
  problemPage,
  provenText,
  relayPage,
  replacedPage,
  retryPage,
  staleFormPage,
} from '../../pages/end-page.ts';
import { answerPage, type Markup } from '../../pages/page.ts';
import type { Application } from '../../storage/questions/applications.ts';
import type { Session } from '../../storage/session-row.ts';
import { isSameBrowser } from '../browser-cookie.ts';
import { lookOf } from '../look-of.ts';

type Deps = Pick<Backend, 'store' | 'publicUrl' | 'providers' | 'now'>;

/**
 * `GET /connect/relay/{id}`: the end of a trip, for the browser that made it. A popup closes; a redirect goes back to the partner.
 *
 * The browser's cookie stays until it ends by itself, so that a reload shows the result once more.
 */
export function relay(deps: Deps): Handler {
  return async function relay(c) {
    // The address that leads back to the partner carries a code: nobody on the way may keep it or pass it on.
    c.header('Cache-Control', 'no-store');
    c.header('Referrer-Policy', 'no-referrer');
    // Asking what is here must not give the one code away.
    if (c.req.method === 'HEAD') return c.body(null, 200);
    const session = await deps.store.findSession(c.req.param('id') ?? '');
    if (session === undefined || !isSameBrowser(c, deps.publicUrl, session)) return answerPage(c, staleFormPage());
    // It ends elsewhere, and without a code.
    if (session.purpose === 'conferencing') return c.redirect(deps.publicUrl.at(`/conferencing_services/${session.id}/end`), 302);
    const state = stateOf(session, deps.now());
    if (state === 'at_provider') return answerPage(c, isArriving(session) ? finishingPage() : replacedPage());
    if (isWaiting(session, deps.now())) return c.redirect(deps.publicUrl.at(`/connect/waiting/${session.id}`), 302);
    if (!isEnded(state)) return answerPage(c, staleFormPage());
    const application = await applicationOf(deps, session);
    if (session.door !== 'poll') return redirectBack(deps, c, { session, application });
    return answerPage(c, relayPage(session, await outcomeText(deps, session, application)), await lookOf(deps, application));
  };
}

/** The trip came back and is being settled; otherwise a newer window is under way, whose trip took the place of this one's. */
function isArriving(session: Session): boolean {
  return session.providerStateHash === undefined && session.ticketHash === undefined;
}

async function outcomeText(deps: Deps, session: Session, application: Application): Promise<Markup> {
  const state = stateOf(session, deps.now());
  if (state === 'connected') return session.accessMode === 'no_access' ? provenText(application.name) : connectedText(application.name);
  if (state === 'expired') return expiredText(application.name);
  if (state === 'cancelled') return cancelledText(application.name);
  const sentences = state === 'failed' ? await failureSentences(deps, session) : undefined;
  return sentences === undefined ? declinedText(application.name) : failureText(session, sentences);
}

async function redirectBack(deps: Deps, c: Context, at: { session: Session; application: Application }): Promise<Response> {
  const { session, application } = at;
  const state = stateOf(session, deps.now());
  const back = (answer: AuthorizationAnswer) => authorizationAnswer(deps.publicUrl.issuer, session, answer);
  if (state === 'connected') {
    const code = await codeFor(deps, session);
    if (code !== undefined) return c.redirect(back({ code }), 302);
    return answerPage(c, alreadyDonePage(application), await lookOf(deps, application));
  }
  // The element says by itself what went wrong: it asks for the reason.
  const sentences = state === 'failed' && session.door === 'redirect' ? await failureSentences(deps, session) : undefined;
  if (sentences !== undefined) {
    const text = failureText(session, sentences);
    const retry = retryAddress(deps.publicUrl, session, providerNameOf(deps, session));
    const page = retryPage({ text, retry, back: back({ error: 'access_denied' }), application: application.name });
    return answerPage(c, page, await lookOf(deps, application));
  }
  return c.redirect(back({ error: 'access_denied' }), 302);
}

function providerNameOf(deps: Deps, session: Session): string | undefined {
  return session.accessMode && deps.providers.get(session.provider ?? '')?.modes[session.accessMode]?.requestNames[0];
}

function alreadyDonePage(application: Application) {
  return problemPage({
    title: 'Your calendar is connected already',
    what: `${application.name} got its answer when you were here first.`,
    todo: `Go back to ${application.name}.`,
    status: 409,
  });
}
