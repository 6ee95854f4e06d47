import { isMailAddress } from '../mail/mail-address.ts';
import type { InvitedEvent } from './invited-event.ts';

const UID = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]{1,255}$/u;
const DATE = /^\d{4}-\d\d-\d\d$/;
/** The last instant that fits into the four digits of a year: https://www.rfc-editor.org/rfc/rfc5545#section-3.3.4 */
const LAST_MS = Date.UTC(9999, 11, 30);

/**
 * Checks what would make an invitation that calendars read wrong or not at all.
 *
 * @throws RangeError naming the field and what was expected; never an address or a text
 */
export function checkInvitedEvent({ uid, sequence, time, organizer, attendees, createdMs, stampMs }: InvitedEvent): void {
  demand(UID.test(uid), 'uid', '1 to 255 characters that can be seen, and no space');
  demand(Number.isSafeInteger(sequence) && sequence >= 0 && sequence < 2 ** 31, 'sequence', 'a whole number from 0 to 2147483647');
  demand(isInstant(createdMs), 'createdMs', 'milliseconds since 1970');
  demand(isInstant(stampMs), 'stampMs', 'milliseconds since 1970');
  if (time.allDay) {
    demand(isDate(time.startDate) && isDate(time.endDate), 'time', 'dates such as 2026-11-19');
    demand(time.endDate > time.startDate, 'time', 'an end date after the start date');
  } else {
    demand(isInstant(time.startMs) && isInstant(time.endMs), 'time', 'milliseconds since 1970');
    demand(time.endMs >= time.startMs, 'time', 'an end that is not before the start');
  }
  demand(isMailAddress(organizer.email), 'organizer.email', 'one mail address');
  demand(attendees.length > 0, 'attendees', 'at least one');
  for (const [index, { email }] of attendees.entries()) demand(isMailAddress(email), `attendees[${index}].email`, 'one mail address');
}

function demand(isMet: boolean, field: string, expected: string): void {
  if (!isMet) throw new RangeError(`invitation.${field}: expected ${expected}`);
}

function isInstant(ms: number): boolean {
  return Number.isFinite(ms) && ms >= 0 && ms <= LAST_MS;
}

/** The 30th of February reads as the 2nd of March, and is no date. */
function isDate(text: string): boolean {
  return DATE.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}
