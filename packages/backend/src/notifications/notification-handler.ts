import type { Backend } from '../backend.ts';
import { OutboundError } from '../outbound/outbound-error.ts';
import { parseRetryAfter } from '../outbound/retry-after.ts';
import type { NotificationPayload } from '../storage/notification-work.ts';
import type { WorkPayload } from '../storage/questions/work.ts';
import { ID_PREFIX } from '../vault/issued-token.ts';
import { newId } from '../vault/secrets.ts';
import { type NotifiedApproval, notificationBody } from './notification-body.ts';
import { clientSecretPlace, SIGNATURE_HEADER, signatureOf } from './signature.ts';

/** Twice as long as Cronofy waits for the same notification. */
const DEFAULT_TIMEOUT_MS = 10_000;
const GONE = 410;

/** What delivering needs. */
export interface NotificationDeps extends Pick<Backend, 'store' | 'vault' | 'network' | 'log' | 'now'> {
  /** Reads what an administrator was asked; `undefined` where it was forgotten meanwhile. */
  readonly describeApproval: (id: string) => Promise<NotifiedApproval | undefined>;
  /** For the partner's whole answer. Default 10,000. */
  readonly timeoutMs?: number;
}

/** How a delivery ended, as the work of lanes knows it. */
type Delivered =
  { readonly outcome: 'done' } | { readonly outcome: 'later'; readonly reason: string; readonly retryAfterMs?: number | undefined };

/** The work of telling partners' servers what happened. A notification may arrive twice; its id is the same then. */
export function notificationHandler(deps: NotificationDeps): {
  handle(payload: WorkPayload): Promise<Delivered>;
  giveUp(payload: WorkPayload): Promise<WorkPayload>;
} {
  return {
    // Only `notificationWork` writes such items.
    handle: (payload) => deliver(deps, payload as NotificationPayload),
    giveUp: async (payload) => {
      await recordGivenUp(deps, payload as NotificationPayload);
      return payload;
    },
  };
}

async function deliver(deps: NotificationDeps, payload: NotificationPayload): Promise<Delivered> {
  const application = await deps.store.findApplication(payload.applicationId);
  const approval = await deps.describeApproval(payload.approvalId);
  // Nobody listens any longer, or it is forgotten what to tell.
  if (application?.notificationUrl === undefined || application.secretSealed === undefined || approval === undefined) {
    return { outcome: 'done' };
  }
  const dataKey = await deps.store.findDataKey(application.id);
  const clientSecret = deps.vault.open(dataKey, clientSecretPlace(application.id), application.secretSealed);
  const answer = await post(deps, application.notificationUrl, { body: JSON.stringify(notificationBody(payload, approval)), clientSecret });
  if (answer !== 'gone') return answer;
  deps.log({ level: 'warn', event: 'notification_gone', application: application.id, session: payload.sessionId, type: payload.type });
  await recordGivenUp(deps, payload);
  return { outcome: 'done' };
}

async function post(
  deps: NotificationDeps,
  url: string,
  { body, clientSecret }: { body: string; clientSecret: string },
): Promise<Delivered | 'gone'> {
  const headers = { 'content-type': 'application/json; charset=utf-8', [SIGNATURE_HEADER]: signatureOf(body, [clientSecret]) };
  try {
    // Redirects are not followed: what is told goes to the address that was registered and to no other.
    const init = { method: 'POST', headers, body, timeoutMs: deps.timeoutMs ?? DEFAULT_TIMEOUT_MS };
    const { ok, status, headers: answered } = await deps.network.guarded.fetch(url, init);
    if (ok) return { outcome: 'done' };
    if (status === GONE) return 'gone';
    const retryAfterMs = parseRetryAfter(answered.get('retry-after'), deps.now());
    return { outcome: 'later', reason: `the partner's server answered ${status}`, retryAfterMs };
  } catch (error) {
    // Its message names the host and why, and nothing of the request.
    if (error instanceof OutboundError) return { outcome: 'later', reason: error.message };
    throw error;
  }
}

async function recordGivenUp(deps: NotificationDeps, payload: NotificationPayload): Promise<void> {
  await deps.store.recordAudit({
    id: newId(ID_PREFIX.auditEvent, deps.now()),
    event: 'notification_given_up',
    applicationId: payload.applicationId,
    subjectId: payload.sessionId,
    detail: payload.type,
  });
}
