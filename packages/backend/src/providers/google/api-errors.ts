import { z } from 'zod';
import { type Answer, describeAnswer, printable } from '../answer.ts';
import type { CalendarAccessOutcome, CalendarOutcome, EventChangeOutcome } from '../calendar-reader.ts';

/** [Calendar API errors](https://developers.google.com/workspace/calendar/api/guides/errors), with the newer [ErrorInfo](https://cloud.google.com/apis/design/errors#error_info) beside them. */
const API_ERROR = z.object({
  error: z.object({
    errors: z.array(z.object({ reason: z.string().optional() })).optional(),
    details: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
});

/** The grant does not reach so far, or this login has no calendar for us: asking again changes nothing. */
const FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ['insufficientPermissions', 'the grant does not cover this call'],
  ['ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'the grant does not cover this call'],
  ['domainPolicy', 'the administrator of the organisation has switched off the Calendar API'],
  ['notACalendarUser', 'the login has no Google Calendar'],
]);

/** Ours to mend, and no reason to disconnect anybody. */
const MISCONFIGURED: readonly string[] = ['accessNotConfigured', 'SERVICE_DISABLED'];

/** Not there, never there, or not for this login to know of. */
const NOT_FOUND: readonly string[] = ['notFound', 'deleted'];

/** The grant is good, and this calendar or event is another's. */
const DENIED: readonly string[] = ['requiredAccessLevel', 'forbiddenForNonOrganizer', 'cannotChangeOrganizer', 'forbidden'];

type ApiFailure = Exclude<CalendarOutcome<never>, { outcome: 'ok' }>;
type AccessFailure = Exclude<CalendarAccessOutcome<never>, { outcome: 'ok' }>;
type ChangeFailure = Exclude<EventChangeOutcome<never>, { outcome: 'ok' }>;

/**
 * What an answer without the wanted content means. Quotas (403 `rateLimitExceeded` and its kin, 429), faults of Google's and everything
 * unknown are `unavailable`: only what surely concerns this person's grant may cost them the connection.
 */
export function apiFailure(what: string, answer: Answer): ApiFailure {
  const reasons = reasonsOf(answer);
  if (answer.answered && answer.status === 401 && answer.body !== undefined) return { outcome: 'unauthorized' };
  if (answer.answered && answer.status === 403) {
    const [reason, meaning] = [...FORBIDDEN].find(([name]) => reasons.includes(name)) ?? [];
    if (reason !== undefined) return { outcome: 'forbidden', operatorHint: `Google answered ${reason}: ${meaning}` };
  }
  return {
    outcome: 'unavailable',
    retryAfterMs: answer.answered ? answer.retryAfterMs : undefined,
    operatorHint: reasons.some((reason) => MISCONFIGURED.includes(reason))
      ? 'the Google Calendar API is not enabled in the project of the OAuth client; see https://console.cloud.google.com/apis/library/calendar-json.googleapis.com'
      : `${describeAnswer(what, answer)}${reasons.length === 0 ? '' : ` (${reasons.map(printable).join(', ')})`}`,
  };
}

/** The same where one calendar was asked for. */
export function accessFailure(what: string, answer: Answer): AccessFailure {
  const failure = apiFailure(what, answer);
  if (failure.outcome !== 'unavailable' || !answer.answered) return failure;
  const reasons = reasonsOf(answer);
  const said = (known: readonly string[]): boolean => reasons.some((reason) => known.includes(reason));
  if ((answer.status === 404 || answer.status === 410) && said(NOT_FOUND))
    return { outcome: 'not_found', operatorHint: failure.operatorHint };
  return answer.status === 403 && said(DENIED) ? { outcome: 'denied', operatorHint: failure.operatorHint } : failure;
}

/** The same where something was to be changed. */
export function changeFailure(what: string, answer: Answer): ChangeFailure {
  const failure = accessFailure(what, answer);
  if (failure.outcome !== 'unavailable' || !answer.answered || reasonsOf(answer).length === 0) return failure;
  const { operatorHint } = failure;
  if (answer.status === 409 || answer.status === 412) return { outcome: 'conflict', operatorHint };
  return answer.status === 400 ? { outcome: 'invalid', operatorHint } : failure;
}

function reasonsOf(answer: Answer): readonly string[] {
  const { data } = API_ERROR.safeParse(answer.answered ? answer.body : undefined);
  return [...(data?.error.errors ?? []), ...(data?.error.details ?? [])].flatMap(({ reason }) => reason ?? []).slice(0, 5);
}
