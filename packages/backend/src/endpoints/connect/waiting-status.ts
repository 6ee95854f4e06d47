import type { Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { waitForChange } from '../../connect/poll-session.ts';
import { stateOf, versionOf } from '../../connect/session-status.ts';
import { isProbeDue, probeAtMs, waitingOf } from '../../connect/wait-for-admin.ts';
import type { Session } from '../../storage/session-row.ts';
import { answerJson } from '../json-answer.ts';
import { ownSession } from './waiting-session.ts';

/** How long one question of the page waits for news. Longer than this, proxies on the way cut a silent connection. */
const WAIT_MS = 25_000;

type Deps = Pick<Backend, 'store' | 'changes' | 'publicUrl' | 'now'>;

/**
 * `GET /connect/waiting/{id}/status?after=version`: what the page is to do next, as soon as there is something. `probe` says that it is time to
 * look at the provider whether somebody allowed it there: an approval given in the provider's own console is told to nobody.
 */
export function waitingStatus(deps: Deps): Handler {
  return async function waitingStatus(c) {
    const known = await ownSession(deps, c);
    if (known === undefined) return answerJson(c, { version: 0, next: 'reload' });
    const after = Number(c.req.query('after') ?? -1);
    const waiting = await waitingOf(deps, known);
    const probeInMs = waiting === undefined ? WAIT_MS : Math.max(0, probeAtMs(waiting) - deps.now());
    const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(Math.min(WAIT_MS, probeInMs))]);
    const session = stateOf(known, deps.now()) === 'waiting_for_admin' ? await waitForChange(deps, known, { after, signal }) : known;
    return answerJson(c, { version: versionOf(session, deps.now()), next: await nextOf(deps, session, after) });
  };
}

async function nextOf(deps: Deps, session: Session, after: number): Promise<'wait' | 'go' | 'probe' | 'reload'> {
  const state = stateOf(session, deps.now());
  if (state === 'approved') return 'go';
  if (state !== 'waiting_for_admin' || versionOf(session, deps.now()) > after) return 'reload';
  const waiting = await waitingOf(deps, session);
  return waiting !== undefined && isProbeDue(waiting, deps.now()) ? 'probe' : 'wait';
}
