import type { Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { depart, readChoice } from '../../connect/depart.ts';
import { staleFormPage } from '../../pages/end-page.ts';
import { onwardPage } from '../../pages/onward-page.ts';
import { answerPage } from '../../pages/page.ts';
import { hashSecret } from '../../vault/secrets.ts';
import { isSameBrowser } from '../browser-cookie.ts';
import { field, readFields } from '../request-body.ts';
import { askPerson, conferencingSession, servicesOf, wayBack } from './conferencing-session.ts';

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'conferencing' | 'clients' | 'mailer' | 'changes' | 'publicUrl' | 'now'>;

/**
 * `POST /conferencing_services/{id}`: the form of the page that asked the person. Its one-time ticket and the browser's cookie show that they saw
 * it: without them, anybody's page could say yes in their name.
 */
export function chooseService(deps: Deps): Handler {
  return async function chooseService(c) {
    const fields = await readFields(c);
    const shown = await conferencingSession(deps, c);
    const ticket = field(fields, 'ticket');
    if (shown === undefined || ticket === undefined || !isSameBrowser(c, deps.publicUrl, shown)) return answerPage(c, staleFormPage());
    const session = await deps.store.takeTicket({ id: shown.id, ticketHash: hashSecret(ticket) });
    if (session?.browserHash === undefined) return answerPage(c, staleFormPage());
    const application = await applicationOf(deps, session);
    if (field(fields, 'choice') === 'cancel') {
      await deps.store.endSession({ id: session.id, state: 'declined', nowMs: deps.now() });
      return answerPage(c, onwardPage({ to: wayBack(session, 'access_denied'), name: application.name }));
    }
    const service = servicesOf(deps, session).find(({ id }) => id === field(fields, 'provider'));
    if (service === undefined) return askPerson(deps, c, { session, problem: 'Choose where you meet.' });
    const choice = readChoice(deps, { session, application }, { provider: service.id, accessMode: 'full' });
    if (choice.provider === undefined) return answerPage(c, staleFormPage());
    const to = await depart(deps, { session, choice, browserHash: session.browserHash });
    return answerPage(c, onwardPage({ to: to.href, name: service.name }));
  };
}
