import type { Handler } from 'hono';
import { answerJson } from '../json-answer.ts';
import type { Backend } from '../../backend.ts';
import { claimForPage } from '../../connect/mint-session.ts';
import { resumeWaiting } from '../../connect/resume-waiting.ts';
import { type ConnectEnv, requireApplication, requirePageOrigin } from '../cors.ts';
import { readJson } from '../request-body.ts';
import { mintedSession } from './create-session.ts';
import { readClaim } from './session-requests.ts';

/** `POST /connect/sessions/{id}/claim`: the page takes over the session that its server minted. */
export function claimSession(deps: Pick<Backend, 'store' | 'providers' | 'mailer' | 'clients' | 'now'>): Handler<ConnectEnv> {
  return async function claimSession(c) {
    const application = requireApplication(c);
    const request = await readClaim(await readJson(c));
    const { secret, session: own } = await claimForPage(deps, {
      application,
      sessionId: c.req.param('id') ?? '',
      token: request.session,
      origin: requirePageOrigin(c),
      codeChallenge: request.code_challenge,
      locale: request.locale,
    });
    const session = await resumeWaiting(deps, application, own);
    return answerJson(c, await mintedSession(deps, application, { session, secret, state: session.state, version: session.version }));
  };
}
