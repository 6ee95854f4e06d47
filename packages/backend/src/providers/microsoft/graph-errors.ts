import { z } from 'zod';
import { type Answer, describeAnswer, printable } from '../answer.ts';
import type { CalendarAccessOutcome, CalendarOutcome, EventChangeOutcome } from '../calendar-reader.ts';
import type { GraphCaller } from './graph.ts';

/** [Graph's errors](https://learn.microsoft.com/graph/errors). The message is left where it is: it may name people. */
const GRAPH_ERROR = z.object({ error: z.object({ code: z.string().min(1) }) });

/** The mailbox is on a server of the organisation's own, has no licence, or was never there. It comes with 404, and was seen with 401. */
const NO_MAILBOX: readonly string[] = [
  'MailboxNotEnabledForRESTAPI',
  'MailboxNotSupportedForRESTAPI',
  'MailboxNotHostedInExchangeOnline',
  'ErrorNonExistentMailbox',
];

/** Not there, or an id that can be nobody's. */
const NOT_FOUND: readonly string[] = ['ErrorItemNotFound', 'ErrorFolderNotFound', 'ErrorInvalidIdMalformed', 'ErrorCalendarNotFound'];

/** Somebody is too busy, whatever the status says. */
const THROTTLED = /throttl|toomanyrequests|limit|quota|serverbusy/i;

/** Whether a code of Graph's says that it was asked too much, whatever the status beside it. */
export function isThrottled(code: string): boolean {
  return THROTTLED.test(code);
}

type Failure = Exclude<CalendarOutcome<never>, { outcome: 'ok' }>;
type AccessFailure = Exclude<CalendarAccessOutcome<never>, { outcome: 'ok' }>;
type ChangeFailure = Exclude<EventChangeOutcome<never>, { outcome: 'ok' }>;

/** The code of a Graph error; `undefined` where the answer is none of Graph's. */
export function graphErrorOf(answer: Answer): string | undefined {
  if (!answer.answered || answer.status < 400) return undefined;
  return GRAPH_ERROR.safeParse(answer.body).data?.error.code;
}

/**
 * What an answer without the wanted content means, where it is about the whole mailbox. Throttling, faults of Microsoft's and everything
 * unknown are `unavailable`: only what surely concerns this person's grant may cost them the connection.
 */
export function graphFailure(what: string, answer: Answer): Failure {
  const code = graphErrorOf(answer);
  if (answer.answered && code !== undefined && !isThrottled(code)) {
    if (NO_MAILBOX.includes(code)) {
      return { outcome: 'no_mailbox', operatorHint: `Microsoft answered ${printable(code)}: the mailbox is not in Exchange Online` };
    }
    if (answer.status === 401) return { outcome: 'unauthorized' };
    if (answer.status === 403) {
      return { outcome: 'forbidden', operatorHint: `${what}: Microsoft answered ${printable(code)}: the grant does not cover this call` };
    }
  }
  return {
    outcome: 'unavailable',
    retryAfterMs: answer.answered ? answer.retryAfterMs : undefined,
    operatorHint: `${describeAnswer(what, answer)}${code === undefined ? '' : ` (${printable(code)})`}`,
  };
}

/**
 * The same where one calendar was asked for. Graph says `ErrorAccessDenied` both for a grant that does not reach and for a calendar that
 * does not: what was granted tells them apart.
 */
export function accessFailure(what: string, answer: Answer, { credential, permission }: GrantToCheck): AccessFailure {
  const code = graphErrorOf(answer);
  if (code !== undefined && NOT_FOUND.includes(code)) {
    return { outcome: 'not_found', operatorHint: `${what}: Microsoft answered ${printable(code)}` };
  }
  const failure = graphFailure(what, answer);
  if (failure.outcome !== 'forbidden' || !credential.grantedScopes.some((scope) => permission.test(scope))) return failure;
  return {
    outcome: 'denied',
    operatorHint: `${what}: Microsoft answered ${printable(code ?? '')}: the calendar is not open to this login`,
  };
}

/** The same where something was to be changed. */
export function changeFailure(what: string, answer: Answer, grant: GrantToCheck): ChangeFailure {
  const failure = accessFailure(what, answer, grant);
  const code = graphErrorOf(answer);
  if (failure.outcome !== 'unavailable' || !answer.answered || code === undefined || isThrottled(code)) return failure;
  const operatorHint = `${what}: Microsoft answered ${answer.status} ${printable(code)}`;
  if (answer.status === 409 || answer.status === 412) return { outcome: 'conflict', operatorHint };
  return answer.status === 400 || answer.status === 422 ? { outcome: 'invalid', operatorHint } : failure;
}

/** Whose grant it is, and which permission would have been enough. */
export type GrantToCheck = Pick<GraphCaller, 'credential'> & { readonly permission: RegExp };

/** [Calendar permissions](https://learn.microsoft.com/graph/permissions-reference#calendars-permissions), as bare names and with Graph's address before them. */
export const MAY_READ: RegExp = /(?:^|\/)Calendars\.Read/;
export const MAY_CHANGE: RegExp = /(?:^|\/)Calendars\.ReadWrite$/;
