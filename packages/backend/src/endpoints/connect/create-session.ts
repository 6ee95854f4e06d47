import type { Context, Handler } from 'hono';
import { isEnded, type MintedSession, type PartnerMintedSession } from '@calendar-connect/protocol';
import { answerJson } from '../json-answer.ts';
import { authenticateApplication } from '../../accounts/authenticate-application.ts';
import type { Backend } from '../../backend.ts';
import { changedConnection } from '../../connect/changed-connection.ts';
import { ConnectError } from '../../connect/connect-error.ts';
import { mintForPage, mintForPartner, SESSION_LIFE_SECONDS } from '../../connect/mint-session.ts';
import { offerOf } from '../../connect/offer.ts';
import { sessionBySecret, stateOf } from '../../connect/session-status.ts';
import type { Application } from '../../storage/questions/applications.ts';
import type { NewSession } from '../../storage/questions/sessions.ts';
import { type ConnectEnv, requireApplication, requirePageOrigin } from '../cors.ts';
import { clientKey } from '../client-address.ts';
import { basicCredentials, bearerToken } from '../credentials.ts';
import { readJson } from '../request-body.ts';
import { readPageSession, readPartnerSession } from './session-requests.ts';

type Deps = Pick<Backend, 'store' | 'providers' | 'mailer' | 'knownApplications' | 'limits' | 'trustedProxies' | 'now'>;

/** `POST /connect/sessions`: by an element's page, which a browser marks with its origin; or by a partner's server, with its secret. */
export function createSession(deps: Deps): Handler<ConnectEnv> {
  return async function createSession(c) {
    const body = await readJson(c);
    return c.get('pageOrigin') === undefined ? forPartner(deps, c, body) : forPage(deps, c, body);
  };
}

async function forPage(deps: Deps, c: Context<ConnectEnv>, body: unknown): Promise<Response> {
  const application = requireApplication(c);
  const request = await readPageSession(body);
  deps.limits.countSession(application.id, clientKey(deps, c));
  const retryOf = request.retry_of === undefined ? undefined : await endedSession(deps, c, request.retry_of);
  const minted = await mintForPage(deps, {
    application,
    origin: requirePageOrigin(c),
    codeChallenge: request.code_challenge,
    retryOf,
    scope: request.scope,
    providers: request.providers,
    accessModes: request.access_modes,
    locale: request.locale,
    comeBack: request.return_path && request.state ? { path: request.return_path, state: request.state } : undefined,
  });
  return answerJson(c, await mintedSession(deps, application, { ...minted, state: 'created', version: 1 }), 201);
}

/** The session that the new one takes the place of, proven by its secret. */
async function endedSession(deps: Deps, c: Context<ConnectEnv>, id: string) {
  const secret = bearerToken(c) ?? '';
  const session = await sessionBySecret(deps.store, { id, secret, applicationId: requireApplication(c).id });
  // One that is connected counts too: a page whose exchange failed does not know whether it did.
  const tooLate = session.retryUntilMs <= deps.now() && !session.isRedeemed;
  if (!isEnded(stateOf(session, deps.now())) || tooLate) {
    throw new ConnectError(
      'invalid_request',
      'retry_of: expected a session that has ended, at most four hours after the first try, or connected',
    );
  }
  return session;
}

/** What a page is told of the session that is its own from now on. */
export async function mintedSession(
  deps: Pick<Deps, 'store' | 'providers' | 'mailer' | 'now'>,
  application: Application,
  minted: { session: NewSession; secret: string; ticket?: string | undefined } & Pick<MintedSession, 'state' | 'version'>,
): Promise<MintedSession> {
  const { session } = minted;
  const change = await changedConnection(deps, session);
  return {
    id: session.id,
    secret: minted.secret,
    expires_in: Math.floor((session.expiresAtMs - deps.now()) / 1000),
    state: minted.state,
    version: minted.version,
    offer: offerOf(deps, application, session),
    ...(session.endUser === undefined ? {} : { end_user: { name: session.endUserName ?? session.endUser } }),
    ...(change === undefined ? {} : { change }),
    ...(minted.ticket === undefined ? {} : { ticket: minted.ticket }),
  };
}

async function forPartner(deps: Deps, c: Context<ConnectEnv>, body: unknown): Promise<Response> {
  const request = await readPartnerSession(body);
  const basic = basicCredentials(c);
  const clientId = basic?.clientId ?? request.client_id ?? c.req.query('client_id');
  const clientSecret = basic?.clientSecret ?? request.client_secret ?? bearerToken(c);
  const application = clientSecret && (await authenticateApplication(deps, { clientId, clientSecret, address: clientKey(deps, c) }));
  if (!application) {
    throw new ConnectError(
      'invalid_client',
      'client_id, client_secret: expected those of an application. A page needs no secret: its browser sends an Origin',
    );
  }
  const { session, token } = await mintForPartner(deps, {
    application,
    endUser: { id: request.end_user.id, name: request.end_user.name },
    profileId: request.profile_id,
    scope: request.scope,
    providers: request.providers,
    accessModes: request.access_modes,
    locale: request.locale,
  });
  const answer: PartnerMintedSession = { id: session.id, session: token, expires_in: SESSION_LIFE_SECONDS, state: 'created' };
  return answerJson(c, answer, 201);
}
