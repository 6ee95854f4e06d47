import type { Handler } from 'hono';
import { answerJson } from '../json-answer.ts';
import type { Backend } from '../../backend.ts';
import { claimForPage } from '../../connect/mint-session.ts';
import { type ConnectEnv, requireApplication, requirePageOrigin } from '../cors.ts';
import { readJson } from '../request-body.ts';
import { mintedSession } from './create-session.ts';
import { readClaim } from './session-requests.ts';

/** `POST /connect/sessions/{id}/claim`: the page takes over the session that its server minted. */
export function claimSession(deps: Pick<Backend, 'store' | 'providers' | 'now'>): Handler<ConnectEnv> {
  return async function claimSession(c) {
    const application = requireApplication(c);
    const request = readClaim(await readJson(c));
    const claimed = await claimForPage(deps, {
      application,
      sessionId: c.req.param('id') ?? '',
      token: request.session,
      origin: requirePageOrigin(c),
      codeChallenge: request.code_challenge,
      locale: request.locale,
    });
    return answerJson(c, mintedSession(deps, application, { ...claimed, state: claimed.session.state, version: claimed.session.version }));
  };
}
