import type { Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { depart, readChoice } from '../../connect/depart.ts';
import { againPage } from '../../pages/again-page.ts';
import { staleFormPage } from '../../pages/end-page.ts';
import { answerPage } from '../../pages/page.ts';
import { isSameBrowser } from '../browser-cookie.ts';
import { lookOf } from '../look-of.ts';

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'conferencing' | 'clients' | 'mailer' | 'changes' | 'publicUrl' | 'now'>;

/**
 * `GET /connect/again/{id}`: says why the provider asks once more, and leads there. What the person shared before has just been ended there, and
 * that ended the consent to share less as well. A reload goes on with the same trip.
 */
export function again(deps: Deps): Handler {
  return async function again(c) {
    const session = await deps.store.findSession(c.req.param('id') ?? '');
    const underWay = session?.state === 'at_provider' && session.tripInteraction === 'continue' && session.providerStateHash !== undefined;
    if (session?.browserHash === undefined || !underWay || !isSameBrowser(c, deps.publicUrl, session))
      return answerPage(c, staleFormPage());
    const application = await applicationOf(deps, session);
    const choice = readChoice(deps, { session, application }, { provider: session.provider, accessMode: session.accessMode });
    if (choice.provider === undefined) return answerPage(c, staleFormPage());
    const to = await depart(deps, { session, choice, browserHash: session.browserHash, interaction: 'continue' });
    return answerPage(
      c,
      againPage({ to: to.href, provider: choice.provider.name, application: application.name, accessMode: choice.accessMode }),
      await lookOf(deps, application),
    );
  };
}
