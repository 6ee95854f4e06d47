import type { Context, Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { stateOf } from '../../connect/session-status.ts';
import { conferencingFailedPage, conferencingFinishingPage } from '../../pages/conferencing-end-pages.ts';
import { replacedPage, staleFormPage } from '../../pages/end-page.ts';
import { answerPage } from '../../pages/page.ts';
import type { Session } from '../../storage/session-row.ts';
import { isSameBrowser } from '../browser-cookie.ts';
import { lookOf } from '../look-of.ts';
import { conferencingSession, wayBack } from './conferencing-session.ts';

type Deps = Pick<Backend, 'store' | 'conferencing' | 'publicUrl' | 'now'>;

/** `GET /conferencing_services/{id}/end`: leads back to the application, for the browser that made the trip; where it failed, says why first. */
export function end(deps: Deps): Handler {
  return async function end(c) {
    c.header('Cache-Control', 'no-store');
    c.header('Referrer-Policy', 'no-referrer');
    const session = await conferencingSession(deps, c);
    if (session === undefined || !isSameBrowser(c, deps.publicUrl, session)) return answerPage(c, staleFormPage());
    switch (stateOf(session, deps.now())) {
      case 'connected':
        return c.redirect(wayBack(session), 302);
      case 'failed':
        return failed(deps, c, session);
      case 'at_provider':
        if (session.providerStateHash !== undefined || session.ticketHash !== undefined) return answerPage(c, replacedPage());
        return answerPage(c, conferencingFinishingPage(serviceName(deps, session)));
      case 'created':
        return c.redirect(deps.publicUrl.at(`/conferencing_services/${session.id}`), 302);
      default:
        return c.redirect(wayBack(session, 'access_denied'), 302);
    }
  };
}

async function failed(deps: Deps, c: Context, session: Session): Promise<Response> {
  const application = await applicationOf(deps, session);
  const { failureReason: reason = 'provider_unavailable', failureCode: code } = session;
  const connect = code === undefined ? undefined : await deps.conferencing.get(session.provider ?? '')?.connect();
  const page = conferencingFailedPage({
    service: serviceName(deps, session),
    reason,
    explained: code === undefined ? undefined : connect?.explain?.(code),
    codes: [reason, code, session.id].filter((each) => each !== undefined),
    retry: deps.publicUrl.at(`/conferencing_services/${session.id}/again`),
    back: wayBack(session, 'access_denied'),
    application: application.name,
  });
  return answerPage(c, page, await lookOf(deps, application));
}

function serviceName({ conferencing }: Pick<Deps, 'conferencing'>, { provider }: Session): string {
  return conferencing.get(provider ?? '')?.name ?? 'The meeting service';
}
