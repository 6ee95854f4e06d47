import type { Handler } from 'hono';
import { answerJson } from '../json-answer.ts';
import type { Backend } from '../../backend.ts';
import { offerOf, wholeOffer } from '../../connect/offer.ts';
import { type ConnectEnv, requireApplication } from '../cors.ts';

/** `GET /connect/offer`: what the button and the chooser show. Writes nothing, and may be cached: applications change seldom. */
export function offer(deps: Pick<Backend, 'providers' | 'mailer'>): Handler<ConnectEnv> {
  return function offer(c) {
    const application = requireApplication(c);
    c.header('Cache-Control', 'public, max-age=60');
    return answerJson(c, offerOf(deps, application, wholeOffer(application)));
  };
}
