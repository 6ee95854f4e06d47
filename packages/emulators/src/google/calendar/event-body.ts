import { recurrenceProblem } from '../world/recurrence.ts';
import type { EventFields, EventTime } from '../world/events.ts';
import type { TimeZones } from '../../time-zones.ts';
import { instantOf } from '../world/world.ts';
import { invalid, required } from './api-error.ts';

/** The fields a client may set; all others it sends are dropped without a word, as Google drops them. */
const TEXTS = ['summary', 'description', 'location', 'colorId', 'eventType'] as const;
const CHOICES = {
  status: ['confirmed', 'tentative', 'cancelled'],
  transparency: ['opaque', 'transparent'],
  visibility: ['default', 'public', 'private', 'confidential'],
} as const;
const TAKEN_AS_THEY_ARE = [
  'reminders',
  'source',
  'extendedProperties',
  'guestsCanInviteOthers',
  'guestsCanModify',
  'guestsCanSeeOtherGuests',
] as const;
const RESPONSES = ['needsAction', 'declined', 'tentative', 'accepted'];

/** What the check of an event needs to know of its calendar. */
export interface BodyContext {
  readonly timeZone: string;
  readonly zones: TimeZones;
}

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Says whether a value is a JSON object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads an event that a client sent, whole (`insert`, `update`) or laid over the stored one (`patch`); `null` clears a field.
 * @throws ApiError 400 for what Google would not take.
 */
export function parseEventFields(body: JsonObject, { timeZone, zones }: BodyContext): EventFields {
  if (!isJsonObject(body['start'])) throw required('start', 'Missing start time.');
  if (!isJsonObject(body['end'])) throw required('end', 'Missing end time.');
  const fields = { start: parseTime('start', body['start'], zones), end: parseTime('end', body['end'], zones) };
  const startMs = instantOf(fields.start, timeZone, zones);
  const endMs = instantOf(fields.end, timeZone, zones);
  if (startMs === undefined || endMs === undefined) throw invalid('start', 'Invalid start or end time.');
  if (endMs < startMs) throw emptyRange();
  const recurrence = parseRecurrence(body['recurrence'], fields.start);
  return {
    ...Object.fromEntries(TEXTS.flatMap((name) => parseText(name, body[name]))),
    ...Object.fromEntries(Object.entries(CHOICES).flatMap(([name, choices]) => parseChoice(name, body[name], choices))),
    ...Object.fromEntries(
      TAKEN_AS_THEY_ARE.flatMap((name) => (body[name] === undefined || body[name] === null ? [] : [[name, body[name]]])),
    ),
    ...(recurrence === undefined ? {} : { recurrence }),
    ...parseAttendees(body['attendees']),
    ...fields,
  };
}

/** Checks an id that a client chose: 5 to 1024 characters of base32hex. @throws ApiError 400. */
export function parseEventId(id: unknown): string | undefined {
  if (id === undefined || id === null) return undefined;
  if (typeof id !== 'string' || !/^[a-v0-9]{5,1024}$/.test(id)) throw invalid('id', 'Invalid resource id value.');
  return id;
}

function parseTime(name: string, value: JsonObject, zones: TimeZones): EventTime {
  const { date, dateTime, timeZone } = value;
  if (typeof timeZone === 'string' && !zones.has(timeZone)) throw invalid(`${name}.timeZone`, 'Invalid time zone definition.');
  const zone = typeof timeZone === 'string' ? { timeZone } : {};
  if (typeof date === 'string' && /^\d{4}-\d\d-\d\d$/.test(date)) return { date, ...zone };
  if (typeof dateTime === 'string') return { dateTime, ...zone };
  throw required(name, name === 'end' ? 'Missing end time.' : 'Missing start time.');
}

function parseText(name: string, value: unknown): [string, string][] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'string') throw invalid(name, `Invalid value for: ${name}`);
  return [[name, value]];
}

function parseChoice(name: string, value: unknown, choices: readonly string[]): [string, string][] {
  const [entry] = parseText(name, value);
  if (entry !== undefined && !choices.includes(entry[1])) throw invalid(name, `Invalid value for: ${name}`);
  return entry === undefined ? [] : [entry];
}

function parseRecurrence(value: unknown, start: EventTime): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every((line) => typeof line === 'string')) throw invalid('recurrence', 'Invalid recurrence rule.');
  if (value.length === 0) return undefined;
  if (start.dateTime !== undefined && start.timeZone === undefined)
    throw required('timeZone', 'Missing time zone definition for start time.');
  const problem = recurrenceProblem(value);
  if (problem !== undefined) throw invalid('recurrence', `Invalid recurrence rule: ${problem}.`);
  return value;
}

function parseAttendees(value: unknown): Pick<EventFields, 'attendees'> {
  if (value === undefined || value === null) return {};
  if (!Array.isArray(value)) throw invalid('attendees', 'Invalid value for: attendees');
  const attendees = value.map((attendee: unknown) => {
    if (!isJsonObject(attendee)) throw invalid('attendees', 'Invalid value for: attendees');
    const { email, displayName, responseStatus, optional } = attendee;
    if (typeof email !== 'string' || !email.includes('@')) throw invalid('attendees', 'Invalid attendee email.');
    const response = RESPONSES.find((known) => known === responseStatus) ?? 'needsAction';
    return {
      email,
      responseStatus: response as 'needsAction', // one of RESPONSES
      ...(typeof displayName === 'string' ? { displayName } : {}),
      ...(optional === true ? { optional } : {}),
    };
  });
  return { attendees };
}

function emptyRange(): Error {
  return invalid('end', 'The specified time range is empty.');
}
