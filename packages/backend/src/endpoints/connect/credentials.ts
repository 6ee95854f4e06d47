import type { Context, Handler } from 'hono';
import { readChoice } from '../../connect/depart.ts';
import { goOnward } from '../../connect/onward.ts';
import { answerConsent, changeMailbox, findMailbox, giveUpSigningIn, signInOnce } from '../../connect/sign-in-with-password.ts';
import { onwardPage } from '../../pages/onward-page.ts';
import { answerPage } from '../../pages/page.ts';
import { lookOf } from '../look-of.ts';
import { field, readFields } from '../request-body.ts';
import { credentialsAddress, type CredentialsDeps, type Entering, enteringSession } from './credentials-session.ts';
import { cloudOf, credentialsPage } from './credentials-view.ts';
import { isOnlyLooking, leave, takesTicket } from './proving-session.ts';

/** `GET /connect/credentials/{id}`: where somebody signs in with a password, one page for each step. */
export function showCredentials(deps: CredentialsDeps): Handler {
  return async function showCredentials(c) {
    if (isOnlyLooking(c)) return c.body(null, c.req.method === 'HEAD' ? 200 : 503);
    const entering = await enteringSession(deps, c);
    if (entering instanceof Response) return entering;
    const response = await answerPage(c, await credentialsPage(deps, entering), await lookOf(deps, entering.application));
    // No window shares a process or a handle with one in which somebody types a password, and nobody learns from where they came.
    response.headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    response.headers.set('Referrer-Policy', 'no-referrer');
    return response;
  };
}

/**
 * `POST /connect/credentials/{id}`: takes one step. Every answer is a 303 to the page of the next one, so that a reload sends nothing again and the
 * password is in no page.
 */
export function takeCredentials(deps: CredentialsDeps): Handler {
  return async function takeCredentials(c) {
    const fields = await readFields(c);
    const entering = await enteringSession(deps, c);
    if (entering instanceof Response) return entering;
    const { who, application } = entering;
    const here = credentialsAddress(deps, who.session);
    // Sent twice, it counts once; what came of the first is shown.
    if (!(await takesTicket(deps, { session: who.session, application }, fields))) return c.redirect(here, 303);
    switch (field(fields, 'choice')) {
      case 'cancel':
        await giveUpSigningIn(deps, who.session);
        return leave(deps, c, { session: who.session, application });
      case 'cloud':
        return goToCloud(deps, c, entering);
      case 'change':
        await changeMailbox(deps, who);
        return c.redirect(here, 303);
      case 'allow':
      case 'refuse':
        await answerConsent(deps, who, field(fields, 'choice') === 'allow');
        return c.redirect(here, 303);
      case 'sign_in': {
        const end = await signInOnce(deps, who, { userName: field(fields, 'user_name'), password: fields.get('password') ?? '' });
        return end === 'over' ? leave(deps, c, { session: who.session, application }) : c.redirect(here, 303);
      }
      default:
        await findMailbox(deps, who, {
          address: fields.get('email') ?? '',
          serverAddress: field(fields, 'server_address'),
          userName: field(fields, 'user_name'),
        });
        return c.redirect(here, 303);
    }
  };
}

/** The same session goes on at the provider of the vendor's cloud, in the mode that was chosen. */
async function goToCloud(deps: CredentialsDeps, c: Context, entering: Entering): Promise<Response> {
  const { who, application } = entering;
  const { session } = who;
  const cloud = cloudOf(deps, entering);
  if (cloud === undefined || session.browserHash === undefined) return c.redirect(credentialsAddress(deps, session), 303);
  const choice = readChoice(deps, { session, application }, { provider: cloud.id, accessMode: session.accessMode });
  await deps.store.eraseSignIn(session.id);
  const { to, name } = await goOnward(deps, { session, choice, browserHash: session.browserHash });
  return name === undefined ? c.redirect(to.href, 303) : answerPage(c, onwardPage({ to: to.href, name }));
}
