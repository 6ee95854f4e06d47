import type { Context } from 'hono';
import type { Backend } from '../../backend.ts';
import { applicationOf } from '../../connect/application-of.ts';
import { ConnectError } from '../../connect/connect-error.ts';
import { isOffered, offerOf } from '../../connect/offer.ts';
import { stateOf } from '../../connect/session-status.ts';
import type { SignInDeps, SigningIn } from '../../connect/sign-in-with-password.ts';
import { staleFormPage } from '../../pages/end-page.ts';
import { answerPage } from '../../pages/page.ts';
import type { Application } from '../../storage/questions/applications.ts';
import type { Session } from '../../storage/session-row.ts';
import { clientKey } from '../client-address.ts';
import { leave, type ProvingDeps } from './proving-session.ts';
import { ownSession } from './waiting-session.ts';

/** What the pages need on which somebody signs in with a password. */
export type CredentialsDeps = SignInDeps & ProvingDeps & Pick<Backend, 'egressAddresses'>;

/** A session in which somebody signs in, in the browser that goes through it. */
export interface Entering {
  readonly who: SigningIn;
  readonly application: Application;
}

/**
 * The session of a page on which somebody signs in; or the answer instead of that page, where it is another browser's or over.
 *
 * @throws ConnectError `provider_not_offered` where the application does without the provider from now on
 */
export async function enteringSession(deps: CredentialsDeps, c: Context): Promise<Entering | Response> {
  const session = await ownSession(deps, c);
  if (session === undefined) return answerPage(c, staleFormPage());
  const application = await applicationOf(deps, session);
  if (stateOf(session, deps.now()) !== 'needs_credentials') return leave(deps, c, { session, application });
  const provider = deps.providers.get(session.provider ?? '');
  const signIn = await provider?.passwordSignIn?.();
  // It waits for something else, on another page.
  if (provider === undefined || signIn === undefined) return answerPage(c, staleFormPage());
  if (!isOffered(offerOf(deps, application, session), provider.id, session.accessMode ?? '')) {
    throw new ConnectError('provider_not_offered', `${application.name} no longer offers to connect calendars of ${provider.name}.`);
  }
  return { who: { session, provider, signIn, client: clientKey(deps, c) }, application };
}

/** Where a person signs in. */
export function credentialsAddress(deps: Pick<Backend, 'publicUrl'>, session: Pick<Session, 'id'>): string {
  return deps.publicUrl.at(`/connect/credentials/${session.id}`);
}
