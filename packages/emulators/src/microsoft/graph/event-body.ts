import type { TimeZones } from '../../time-zones.ts';
import {
  SENSITIVITIES,
  SHOW_AS,
  type Attendee,
  type DateTimeTimeZone,
  type EventFields,
  type PatternedRecurrence,
} from '../mailbox/events.ts';
import { ONLINE_MEETING_PROVIDERS } from '../mailbox/online-meeting.ts';
import { instantOf } from '../mailbox/mailboxes.ts';
import { ianaZone } from '../mailbox/zone-names.ts';
import { badRequest, unknownZone } from './graph-error.ts';

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Says whether a value is a JSON object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads an event that a client sent, whole or laid over the stored one.
 * @throws GraphError 400 for what Graph would not take.
 */
export function parseEventFields(body: JsonObject, zones: TimeZones): EventFields {
  const start = parseTime('start', body['start'], zones);
  const end = parseTime('end', body['end'], zones);
  const startMs = instantOf(start, zones) ?? 0;
  const endMs = instantOf(end, zones) ?? 0;
  if (endMs < startMs) throw badRequest('The end date must be after the start date.', 'ErrorPropertyValidationFailure');
  const isAllDay = body['isAllDay'] === true;
  if (isAllDay && (!isMidnight(start) || !isMidnight(end) || endMs === startMs)) {
    throw badRequest(
      'The Event.Start or Event.End property for an all-day event needs to be set to midnight.',
      'ErrorPropertyValidationFailure',
    );
  }
  return {
    start,
    end,
    isAllDay,
    ...optional('subject', text(body['subject'])),
    ...optional('transactionId', text(body['transactionId'])),
    ...optional('showAs', choice('showAs', body['showAs'], SHOW_AS)),
    ...optional('sensitivity', choice('sensitivity', body['sensitivity'], SENSITIVITIES)),
    ...optional('body', parseBody(body['body'])),
    ...optional('location', parseLocation(body['location'])),
    ...optional('attendees', parseAttendees(body['attendees'])),
    ...optional(
      'categories',
      Array.isArray(body['categories']) ? body['categories'].filter((name) => typeof name === 'string') : undefined,
    ),
    ...optional('recurrence', parseRecurrence(body['recurrence'])),
    ...optional('isReminderOn', typeof body['isReminderOn'] === 'boolean' ? body['isReminderOn'] : undefined),
    ...optional('isOnlineMeeting', typeof body['isOnlineMeeting'] === 'boolean' ? body['isOnlineMeeting'] : undefined),
    ...optional('onlineMeetingProvider', choice('onlineMeetingProvider', body['onlineMeetingProvider'], ONLINE_MEETING_PROVIDERS)),
    ...optional(
      'reminderMinutesBeforeStart',
      typeof body['reminderMinutesBeforeStart'] === 'number' ? body['reminderMinutesBeforeStart'] : undefined,
    ),
  };
}

/** Reads a time as Graph takes it. @throws GraphError 400 */
export function parseTime(name: string, value: unknown, zones: TimeZones): DateTimeTimeZone {
  if (!isJsonObject(value) || typeof value['dateTime'] !== 'string')
    throw badRequest(`The property '${name}' is required.`, 'ErrorPropertyValidationFailure');
  const timeZone = value['timeZone'] ?? 'UTC';
  if (typeof timeZone !== 'string') throw unknownZone(JSON.stringify(timeZone));
  if (ianaZone(timeZone, zones) === undefined) throw unknownZone(timeZone);
  const time = { dateTime: value['dateTime'], timeZone };
  if (instantOf(time, zones) === undefined) throw badRequest(`Invalid DateTime value for '${name}'.`, 'ErrorInvalidRequest');
  return time;
}

function optional<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: V }; // a computed key is a string to the compiler
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function choice<T extends string>(name: string, value: unknown, choices: readonly T[]): T | undefined {
  if (value === undefined || value === null) return undefined;
  const found = choices.find((known) => known === value);
  if (found === undefined)
    throw badRequest(`Requested value '${JSON.stringify(value)}' was not found for property '${name}'.`, 'RequestBodyRead');
  return found;
}

function parseBody(value: unknown): EventFields['body'] {
  if (!isJsonObject(value) || typeof value['content'] !== 'string') return undefined;
  return { contentType: String(value['contentType']).toLowerCase() === 'text' ? 'text' : 'html', content: value['content'] };
}

function parseLocation(value: unknown): EventFields['location'] {
  return isJsonObject(value) && typeof value['displayName'] === 'string' ? { displayName: value['displayName'] } : undefined;
}

function parseAttendees(value: unknown): readonly Attendee[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.map((attendee: unknown) => {
    const address = isJsonObject(attendee) && isJsonObject(attendee['emailAddress']) ? attendee['emailAddress'] : {};
    if (typeof address['address'] !== 'string') throw badRequest('At least one recipient is not valid.', 'ErrorInvalidRecipients');
    return {
      type: 'required',
      status: { response: 'none', time: '0001-01-01T00:00:00Z' },
      emailAddress: { name: text(address['name']) ?? address['address'], address: address['address'] },
    };
  });
}

function parseRecurrence(value: unknown): PatternedRecurrence | undefined {
  if (!isJsonObject(value)) return undefined;
  const { pattern, range } = value;
  if (!isJsonObject(pattern) || !isJsonObject(range)) throw badRequest('The recurrence is not valid.', 'ErrorInvalidRequest');
  if (
    !['daily', 'weekly', 'absoluteMonthly'].includes(String(pattern['type'])) ||
    !['noEnd', 'endDate', 'numbered'].includes(String(range['type']))
  ) {
    throw badRequest('The Microsoft emulator knows daily, weekly and absoluteMonthly series only.', 'ErrorInvalidRequest');
  }
  return value as unknown as PatternedRecurrence; // its kinds are checked above
}

function isMidnight({ dateTime }: DateTimeTimeZone): boolean {
  return !dateTime.includes('T') || /T00:00(:00(\.0+)?)?Z?$/.test(dateTime);
}
