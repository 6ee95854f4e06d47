import type { Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { depart, readChoice } from '../../connect/depart.ts';
import { mintAgain } from '../../connect/mint-conferencing-session.ts';
import { stateOf } from '../../connect/session-status.ts';
import { conferencingNotWantedPage } from '../../pages/conferencing-end-pages.ts';
import { staleFormPage } from '../../pages/end-page.ts';
import { onwardPage } from '../../pages/onward-page.ts';
import { answerPage } from '../../pages/page.ts';
import { isSameBrowser, tieToBrowser } from '../browser-cookie.ts';
import { conferencingSession, servicesOf } from './conferencing-session.ts';

type Deps = Pick<
  Backend,
  'store' | 'vault' | 'providers' | 'conferencing' | 'clients' | 'mailer' | 'changes' | 'limits' | 'publicUrl' | 'now'
>;

/**
 * `POST /conferencing_services/{id}/again`: the same choice once more, in the browser that went through the failed attempt, within four hours of the
 * first. Other sites cannot send this form: the browser keeps the session's cookie (`SameSite=Lax`) from what they send.
 *
 * @throws RateLimited after too many for one account
 */
export function tryAgain(deps: Deps): Handler {
  return async function tryAgain(c) {
    const failed = await conferencingSession(deps, c);
    if (failed === undefined || !isSameBrowser(c, deps.publicUrl, failed)) return answerPage(c, staleFormPage());
    if (stateOf(failed, deps.now()) !== 'failed' || failed.retryUntilMs <= deps.now()) return answerPage(c, staleFormPage());
    deps.limits.countSession(failed.applicationId, failed.forAccount);
    const application = await applicationOf(deps, failed);
    const account = await deps.store.findAccountToConnect({ id: failed.forAccount ?? '', applicationId: failed.applicationId });
    if (account === undefined) return answerPage(c, conferencingNotWantedPage(application.name));
    const { id } = await mintAgain(deps, failed, (sessionId) => tieToBrowser(c, deps.publicUrl, sessionId));
    const session = await deps.store.findSession(id);
    if (session?.browserHash === undefined) throw new Error('a session that was just made is not there');
    const service = servicesOf(deps, session).find((each) => each.id === failed.provider);
    const here = deps.publicUrl.at(`/conferencing_services/${id}`);
    if (service === undefined) return c.redirect(here, 303);
    const choice = readChoice(deps, { session, application }, { provider: service.id, accessMode: 'full' });
    if (choice.provider === undefined) return c.redirect(here, 303);
    const to = await depart(deps, { session, choice, browserHash: session.browserHash });
    return answerPage(c, onwardPage({ to: to.href, name: service.name }));
  };
}
