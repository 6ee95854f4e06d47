import { printable } from '../../answer.ts';
import type { CalendarAccessOutcome, CalendarOutcome, EventChangeOutcome } from '../../calendar-reader.ts';
import type { Unavailable } from '../../provider.ts';
import type { EwsRefusal } from './ask-ews.ts';

const NO_MAILBOX: readonly string[] = ['ErrorNonExistentMailbox', 'ErrorMissingEmailAddress', 'ErrorMissingInformationEmailAddress'];

/** Not there, or an id that can be nobody's. */
const NOT_FOUND =
  /^Error(?:ItemNotFound|FolderNotFound|InvalidId\w*|InvalidFolderId|CannotUse\w+IdFor\w+|CalendarFolderIsInvalidForCalendarView)$/;

const CONFLICT = /^Error(?:IrresolvableConflict|StaleObject|InvalidChangeKey|ChangeKeyRequired(?:ForWriteOperations)?)$/;

/** What a request says that is to change something, and not a fault of the server's. */
const INVALID =
  /^Error(?:Calendar\w+|InvalidProperty\w+|InvalidRecipients|PropertyUpdate|ObjectTypeChanged|TimeZone|SchemaValidation|InvalidRequest)$/;

type Failure = Exclude<CalendarOutcome<never>, { outcome: 'ok' }>;
type AccessFailure = Exclude<CalendarAccessOutcome<never>, { outcome: 'ok' }>;
type ChangeFailure = Exclude<EventChangeOutcome<never>, { outcome: 'ok' }>;

/**
 * What a refusal means, where it is about the whole mailbox. Everything unknown is `unavailable`: only what surely concerns this person's
 * grant may cost them the connection.
 *
 * What Exchange Online says where an organisation has EWS switched off is not documented anywhere we could read: 403 and
 * `ErrorAccessDenied` after a good token are taken for it.
 *
 * @see [ResponseCode](https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode)
 */
export function ewsFailure(what: string, refusal: EwsRefusal): Failure {
  const { status, code } = refusal;
  if (code !== undefined && NO_MAILBOX.includes(code)) {
    return { outcome: 'no_mailbox', operatorHint: `${what}: Exchange answered ${code}: the mailbox is not in Exchange Online` };
  }
  if (status === 401) return { outcome: 'unauthorized' };
  if (status === 403 || code === 'ErrorAccessDenied') {
    return {
      outcome: 'forbidden',
      operatorHint:
        `${what}: Exchange answered ${describe(refusal)}: the organisation has EWS switched off, or does not let this application use it ` +
        '(EwsEnabled, EwsAllowedAppIDs); to connect again moves to Microsoft Graph where legacyEws is off',
    };
  }
  return { outcome: 'unavailable', retryAfterMs: refusal.retryAfterMs, operatorHint: `${what}: ${describe(refusal)}` };
}

/** The same where one calendar or event was asked for, whose owner alone may refuse it. */
export function ewsAccessFailure(what: string, refusal: EwsRefusal): AccessFailure {
  const operatorHint = `${what}: Exchange answered ${describe(refusal)}`;
  if (refusal.code !== undefined && NOT_FOUND.test(refusal.code)) return { outcome: 'not_found', operatorHint };
  if (refusal.code === 'ErrorAccessDenied' && !refusal.whole) {
    return { outcome: 'denied', operatorHint: `${operatorHint}: the calendar is not open to this login` };
  }
  return ewsFailure(what, refusal);
}

/** The same where something was to be changed. */
export function ewsChangeFailure(what: string, refusal: EwsRefusal): ChangeFailure {
  const failure = ewsAccessFailure(what, refusal);
  if (failure.outcome !== 'unavailable' || refusal.code === undefined) return failure;
  const operatorHint = `${what}: Exchange answered ${describe(refusal)}`;
  if (CONFLICT.test(refusal.code)) return { outcome: 'conflict', operatorHint };
  return INVALID.test(refusal.code) ? { outcome: 'invalid', operatorHint } : failure;
}

/** An answer that holds something else than was asked for. */
export function unreadable(what: string): Unavailable {
  return { outcome: 'unavailable', retryAfterMs: undefined, operatorHint: `${what}: the answer could not be read` };
}

function describe({ status, code, outboundCode }: EwsRefusal): string {
  if (outboundCode !== undefined) return `no answer (${outboundCode})`;
  return code === undefined ? `${status} without a code` : `${status} ${printable(code)}`;
}
