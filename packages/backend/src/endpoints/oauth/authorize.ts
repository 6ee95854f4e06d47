import type { AccessMode, Offer } from '@calendar-connect/protocol';
import type { Context, Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { type AuthorizationAnswer, authorizationAnswer } from '../../connect/authorization-answer.ts';
import { ConnectError } from '../../connect/connect-error.ts';
import { readChoice } from '../../connect/depart.ts';
import { draftSession } from '../../connect/mint-session.ts';
import { offerOf } from '../../connect/offer.ts';
import { goOnward } from '../../connect/onward.ts';
import {
  type AuthorizationParameters,
  checkAuthorizationRequest,
  echoableState,
  readAuthorizationQuery,
} from '../../oauth/authorization-request.ts';
import { chooserPage } from '../../pages/chooser-page.ts';
import { problemPage } from '../../pages/end-page.ts';
import { answerPage, type Page } from '../../pages/page.ts';
import type { Application } from '../../storage/questions/applications.ts';
import type { NewSession } from '../../storage/questions/sessions.ts';
import { hashSecret, newSecret } from '../../vault/secrets.ts';
import { tieToBrowser } from '../browser-cookie.ts';
import { clientKey } from '../client-address.ts';
import { lookOf } from '../look-of.ts';

type Deps = Pick<
  Backend,
  | 'store'
  | 'vault'
  | 'providers'
  | 'conferencing'
  | 'clients'
  | 'mailer'
  | 'changes'
  | 'limits'
  | 'trustedProxies'
  | 'publicUrl'
  | 'log'
  | 'now'
>;

/**
 * `GET /oauth/authorize` ([RFC 6749 §4.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1)): makes a session that ends in a redirect,
 * and shows the chooser, or goes straight to the provider that `provider_name` names.
 *
 * What is wrong with `client_id` or `redirect_uri` is said on a page and never redirected; everything else goes back to the partner.
 *
 * @throws RateLimited after too many of one application from one address: whoever knows its link could fill the database with sessions
 */
export function authorize(deps: Deps): Handler {
  return async function authorize(c) {
    const { parameters, repeated, unreadable } = readAuthorizationQuery(new URL(c.req.url).search);
    if (unreadable === 'too_long') return answerPage(c, tooLongPage());
    const application = await deps.store.findApplication(parameters.client_id ?? '');
    if (application === undefined || repeated.includes('client_id')) return answerPage(c, unusableClientPage());
    const redirectUri = parameters.redirect_uri;
    if (unreadable === 'malformed') return answerPage(c, malformedPage(application));
    if (redirectUri === undefined || repeated.includes('redirect_uri') || !application.redirectUris.includes(redirectUri)) {
      return answerPage(c, unusableRedirectPage(application));
    }
    // Asking what a request would lead to must not begin it.
    if (c.req.method === 'HEAD') return c.body(null, 200);
    const partnerState = echoableState(parameters, repeated);
    const request: CheckedRequest = { issuer: deps.publicUrl.issuer, application, parameters, redirectUri, partnerState };
    const problem = checkAuthorizationRequest(parameters, repeated);
    return problem === undefined ? begin(deps, c, request) : refuse(c, request, problem);
  };
}

interface CheckedRequest {
  readonly issuer: string;
  readonly application: Application;
  readonly parameters: AuthorizationParameters;
  readonly redirectUri: string;
  readonly partnerState: string | undefined;
}

function refuse(c: Context, request: CheckedRequest, answer: AuthorizationAnswer): Response {
  c.header('Cache-Control', 'no-store');
  c.header('Referrer-Policy', 'no-referrer');
  return c.redirect(authorizationAnswer(request.issuer, request, answer), 302);
}

async function begin(deps: Deps, c: Context, request: CheckedRequest): Promise<Response> {
  let draft: ReturnType<typeof draftSession>;
  try {
    draft = draftSession(deps, request.application, { scope: request.parameters.scope, locale: request.parameters.locale?.slice(0, 200) });
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    return refuse(c, request, {
      error: error.code === 'invalid_request' ? 'invalid_scope' : 'invalid_request',
      description: error.message,
    });
  }
  const offer = offerOf(deps, request.application, draft);
  const named = request.parameters.provider_name;
  const straightTo = named === undefined ? undefined : modeNamed(deps, offer, named);
  if (named !== undefined && straightTo === undefined) {
    return refuse(c, request, {
      error: 'invalid_request',
      description:
        'provider_name: not offered: it is unknown, its access mode is switched off for this application, or the scope leaves no choice of mode',
    });
  }
  deps.limits.countSession(request.application.id, clientKey(deps, c));
  const ticket = newSecret();
  const session: NewSession = {
    ...draft,
    door: 'redirect',
    redirectUri: request.redirectUri,
    partnerState: request.partnerState,
    codeChallenge: request.parameters.code_challenge,
    browserHash: tieToBrowser(c, deps.publicUrl, draft.id),
    ticketHash: hashSecret(ticket),
  };
  await deps.store.insertSession(session);
  if (straightTo !== undefined) return goStraight(deps, c, { session, application: request.application, straightTo });
  const action = deps.publicUrl.at(`/oauth/authorize/${session.id}`);
  const page = chooserPage({ offer, action, ticket, chosen: { provider: undefined, accessMode: undefined } });
  return answerPage(c, page, await lookOf(deps, request.application));
}

interface NamedMode {
  readonly provider: string;
  readonly accessMode: AccessMode;
}

/** A mode may have several names: partners know work and personal accounts of one provider by different ones. */
function modeNamed(deps: Pick<Deps, 'providers'>, offer: Offer, providerName: string): NamedMode | undefined {
  for (const { id, access_modes } of offer.providers) {
    const modes = deps.providers.get(id)?.modes ?? {};
    const mode = access_modes.find(
      ({ access_mode, provider_name }) => provider_name === providerName || modes[access_mode]?.requestNames.includes(providerName),
    );
    if (mode !== undefined) return { provider: id, accessMode: mode.access_mode };
  }
  return undefined;
}

async function goStraight(
  deps: Deps,
  c: Context,
  at: { session: NewSession; application: Application; straightTo: NamedMode },
): Promise<Response> {
  const session = await deps.store.findSession(at.session.id);
  if (session?.browserHash === undefined) throw new Error('a session that was just made is not there');
  const choice = readChoice(deps, { session, application: at.application }, at.straightTo);
  c.header('Cache-Control', 'no-store');
  c.header('Referrer-Policy', 'no-referrer');
  const { to } = await goOnward(deps, { session, choice, browserHash: session.browserHash });
  // An empty fragment, so that none of the partner's link goes along to the provider (RFC 9700 §4.1.3).
  return c.redirect(`${to.href}#`, 302);
}

function unusableClientPage(): Page {
  return problemPage({
    title: 'This link does not work',
    what: 'The application that sent you here is not known to this service (client_id).',
    todo: 'Go back and tell the people who run that page.',
    code: 'invalid_client',
    status: 400,
  });
}

function tooLongPage(): Page {
  return problemPage({
    title: 'This link does not work',
    what: 'The address that you were sent to is too long.',
    todo: 'Go back and tell the people who run that page. What stands in the address, such as state, has to be shorter.',
    code: 'invalid_request',
    status: 400,
  });
}

function malformedPage(application: Application): Page {
  return problemPage({
    title: 'This link does not work',
    what: `The address that ${application.name} sent you to is not percent-encoded correctly.`,
    todo: 'Go back and tell the people who run that page. What stands in the address, such as state, has to be encoded.',
    code: 'invalid_request',
    status: 400,
  });
}

function unusableRedirectPage(application: Application): Page {
  return problemPage({
    title: 'This link does not work',
    what: `${application.name} asked to have you sent back to an address that is not registered for it (redirect_uri).`,
    todo: 'Go back and tell the people who run that page. An address has to be registered exactly as it is sent.',
    code: 'redirect_uri_mismatch',
    status: 400,
  });
}
