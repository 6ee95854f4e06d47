import { printable } from '../answer.ts';
import type { CalendarAccessOutcome, CalendarOutcome, EventChangeOutcome } from '../calendar-reader.ts';
import type { Unavailable } from '../provider.ts';
import type { EwsRefusal } from './caller.ts';

/** For operators, and not the same at every Exchange: why somebody may have no mailbox there, or is not let in. */
export interface EwsHints {
  readonly noMailbox: string;
  readonly notAllowed: string;
}

/**
 * What a code says. `busy`: the server's own trouble, and it passes. Those of a change: only of a request that was to change something; of any other
 * it is a fault of the server's.
 */
export type EwsMeaning = 'no_mailbox' | 'account' | 'not_allowed' | 'not_found' | 'busy' | 'change_conflict' | 'change_invalid';

/**
 * What the codes mean, at sign-in as later. One that is not here is taken for the server's own trouble, because only what surely concerns this
 * person may cost them the connection.
 *
 * @see [ResponseCode](https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode)
 */
const MEANINGS: readonly (readonly [code: RegExp, meaning: EwsMeaning])[] = [
  [/^Error(?:NonExistentMailbox|MissingEmailAddress|MissingInformationEmailAddress|MailRecipientNotFound)$/, 'no_mailbox'],
  [/^Error(?:PasswordExpired|PasswordChangeRequired|AccountDisabled)$/, 'account'],
  // An administrator can let the login in; waiting cannot.
  [
    /^Error(?:AccessDenied|NoFreeBusyAccess|Impersonat(?:eUserDenied|ionDenied|ionFailed)|ProxyRequestNotAllowed|MailboxLogonFailed)$/,
    'not_allowed',
  ],
  // Not there, not to be seen, or an id that can be nobody's: Exchange does not say which.
  [
    /^Error(?:ItemNotFound|FolderNotFound|InvalidId\w*|InvalidFolderId|CannotUse\w+IdFor\w+|CalendarFolderIsInvalidForCalendarView)$/,
    'not_found',
  ],
  [/^Error(?:ServerBusy|Exceeded(?:Connection|Subscription)Count|ExceededFindCountLimit|TimeoutExpired)$/, 'busy'],
  [/^Error(?:MailboxMoveInProgress|MailboxStoreUnavailable|MailboxFailover|ConnectionFailed)$/, 'busy'],
  [/^Error(?:ADUnavailable|InternalServerTransientError|NoRespondingCASInDestinationSite)$/, 'busy'],
  [/^Error(?:IrresolvableConflict|StaleObject|InvalidChangeKey|ChangeKeyRequired(?:ForWriteOperations)?)$/, 'change_conflict'],
  [
    /^Error(?:Calendar\w+|InvalidProperty\w+|InvalidRecipients|PropertyUpdate|ObjectTypeChanged|TimeZone|SchemaValidation|InvalidRequest)$/,
    'change_invalid',
  ],
];

/** Says what a code of Exchange's means; `undefined` for one that is the server's own trouble, and nobody knows whether it passes. */
export function meaningOf(code: string | undefined): EwsMeaning | undefined {
  return code === undefined ? undefined : MEANINGS.find(([pattern]) => pattern.test(code))?.[1];
}

type Failure = Exclude<CalendarOutcome<never>, { outcome: 'ok' }>;
type AccessFailure = Exclude<CalendarAccessOutcome<never>, { outcome: 'ok' }>;
type ChangeFailure = Exclude<EventChangeOutcome<never>, { outcome: 'ok' }>;

/** Says what a refusal means, where it is about the whole mailbox. */
export function ewsFailure({ hints }: { readonly hints: EwsHints }, what: string, refusal: EwsRefusal): Failure {
  const { status, retryAfterMs } = refusal;
  const meaning = meaningOf(refusal.code);
  const operatorHint = `${what}: Exchange answered ${describe(refusal)}`;
  if (meaning === 'no_mailbox') return { outcome: 'no_mailbox', operatorHint: `${operatorHint}: ${hints.noMailbox}` };
  if (status === 401 || meaning === 'account') return { outcome: 'unauthorized' };
  if (status === 403 || meaning === 'not_allowed') return { outcome: 'forbidden', operatorHint: `${operatorHint}: ${hints.notAllowed}` };
  return { outcome: 'unavailable', retryAfterMs, operatorHint: `${what}: ${describe(refusal)}` };
}

/** The same where one calendar or event was asked for, whose owner alone may refuse it. */
export function ewsAccessFailure(caller: { readonly hints: EwsHints }, what: string, refusal: EwsRefusal): AccessFailure {
  const operatorHint = `${what}: Exchange answered ${describe(refusal)}`;
  const meaning = meaningOf(refusal.code);
  if (meaning === 'not_found') return { outcome: 'not_found', operatorHint };
  if (meaning === 'not_allowed' && !refusal.whole) {
    return { outcome: 'denied', operatorHint: `${operatorHint}: the calendar is not open to this login` };
  }
  return ewsFailure(caller, what, refusal);
}

/** The same where something was to be changed. */
export function ewsChangeFailure(caller: { readonly hints: EwsHints }, what: string, refusal: EwsRefusal): ChangeFailure {
  const failure = ewsAccessFailure(caller, what, refusal);
  if (failure.outcome !== 'unavailable') return failure;
  const operatorHint = `${what}: Exchange answered ${describe(refusal)}`;
  const meaning = meaningOf(refusal.code);
  if (meaning === 'change_conflict') return { outcome: 'conflict', operatorHint };
  return meaning === 'change_invalid' ? { outcome: 'invalid', operatorHint } : failure;
}

/** An answer that holds something else than was asked for. */
export function unreadable(what: string): Unavailable {
  return { outcome: 'unavailable', retryAfterMs: undefined, operatorHint: `${what}: the answer could not be read` };
}

function describe({ status, code, noAnswer }: EwsRefusal): string {
  if (noAnswer !== undefined) return `no answer (${noAnswer})`;
  return code === undefined ? `${status} without a code` : `${status} ${printable(code)}`;
}
