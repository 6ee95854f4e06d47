import { ACCESS_MODES, type Offer } from '@calendar-connect/protocol';
import { en } from '@calendar-connect/protocol/sentences/en';
import type { Context, Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { authorizationAnswer } from '../../connect/authorization-answer.ts';
import { readChoice } from '../../connect/depart.ts';
import { isOffered, offerOf } from '../../connect/offer.ts';
import { goOnward } from '../../connect/onward.ts';
import { chooserPage } from '../../pages/chooser-page.ts';
import { staleFormPage } from '../../pages/end-page.ts';
import { onwardPage } from '../../pages/onward-page.ts';
import { answerPage } from '../../pages/page.ts';
import { providerLabel } from '../../pages/shares.ts';
import type { Application } from '../../storage/questions/applications.ts';
import type { Session } from '../../storage/session-row.ts';
import { hashSecret, newSecret } from '../../vault/secrets.ts';
import { isSameBrowser } from '../browser-cookie.ts';
import { lookOf } from '../look-of.ts';
import { field, readFields } from '../request-body.ts';

type Deps = Pick<
  Backend,
  'store' | 'vault' | 'providers' | 'conferencing' | 'clients' | 'mailer' | 'changes' | 'publicUrl' | 'log' | 'now'
>;

/**
 * `POST /oauth/authorize/{id}`: the form of the hosted chooser. Its one-time ticket and the browser's cookie show that the person saw it:
 * without them, anybody's page could consent in a person's name.
 */
export function authorizeChoice(deps: Deps): Handler {
  return async function authorizeChoice(c) {
    const fields = await readFields(c);
    const id = c.req.param('id') ?? '';
    const shown = await deps.store.findSession(id);
    const ticket = field(fields, 'ticket');
    if (shown?.door !== 'redirect' || ticket === undefined || !isSameBrowser(c, deps.publicUrl, shown))
      return answerPage(c, staleFormPage());
    const session = await deps.store.takeTicket({ id, ticketHash: hashSecret(ticket) });
    if (session?.browserHash === undefined) return answerPage(c, staleFormPage());
    if (field(fields, 'choice') === 'cancel') return cancel(deps, c, session);
    const application = await applicationOf(deps, session);
    const chosen = { provider: field(fields, 'provider'), accessMode: field(fields, 'access_mode') };
    const offer = offerOf(deps, application, session);
    if (!isOffered(offer, chosen.provider ?? '', chosen.accessMode ?? '')) return askAgain(deps, c, { session, application, chosen });
    const choice = readChoice(deps, { session, application }, chosen);
    const { to, name } = await goOnward(deps, { session, choice, browserHash: session.browserHash });
    return name === undefined ? c.redirect(to.href, 303) : answerPage(c, onwardPage({ to: to.href, name }));
  };
}

async function cancel(deps: Deps, c: Context, session: Session): Promise<Response> {
  await deps.store.endSession({ id: session.id, state: 'declined', nowMs: deps.now() });
  const to = authorizationAnswer(deps.publicUrl.issuer, session, { error: 'access_denied' });
  return answerPage(c, onwardPage({ to, name: (await applicationOf(deps, session)).name }));
}

async function askAgain(
  deps: Deps,
  c: Context,
  again: { session: Session; application: Application; chosen: { provider: string | undefined; accessMode: string | undefined } },
): Promise<Response> {
  const ticket = newSecret();
  const accessMode = ACCESS_MODES.find((mode) => mode === again.chosen.accessMode);
  const offer = offerOf(deps, again.application, again.session);
  await deps.store.rememberPage({ id: again.session.id, browserHash: again.session.browserHash ?? '', ticketHash: hashSecret(ticket) });
  return answerPage(
    c,
    chooserPage({
      offer,
      action: deps.publicUrl.at(`/oauth/authorize/${again.session.id}`),
      ticket,
      chosen: { provider: again.chosen.provider, accessMode },
      problem: problemWith(offer, again.chosen),
    }),
    await lookOf(deps, again.application),
  );
}

/** Without a script the page shows every mode beside every provider. */
function problemWith({ providers }: Offer, chosen: { provider: string | undefined; accessMode: string | undefined }): string {
  const provider = providers.find(({ id }) => id === chosen.provider);
  const mode = ACCESS_MODES.find((each) => each === chosen.accessMode);
  if (provider === undefined || mode === undefined) return 'Choose where your calendar is, and how much you want to share.';
  return `“${en.accessModes[mode].label}” does not go with “${providerLabel(provider)}”. Choose another of the two.`;
}
