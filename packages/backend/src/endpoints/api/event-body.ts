import { z } from 'zod';
import { CalendarRefusal, type FieldError } from '../../calendars/calendar-refusal.ts';
import { type AskedConferencing, type EventRequest, MAX_GUESTS } from '../../calendars/event-request.ts';
import { isTimeZone } from '../../calendars/local-time.ts';
import { isMailAddress } from '../../mail/mail-address.ts';
import type { EventDraft, TimeSpan } from '../../providers/calendar-reader.ts';
import { readBoolean } from './query-values.ts';
import { readSpan, readTime } from './event-times.ts';

/** [Upsert event](https://docs.cronofy.com/developers/api/events/upsert-event/) */
const MAX = {
  eventId: 255,
  summary: 1024,
  description: 4096,
  location: 1024,
  url: 2048,
  guests: MAX_GUESTS,
  reminders: 5,
  reminderMinutes: 40_320,
};

/** An issue whose message is a key of the partner API, and what was expected. */
const issue = (key: string, expected: string): string => `${key}|${expected}`;
const text = (most: number) =>
  z.string(issue('must_be_string', 'must be a string')).max(most, issue('too_long', `must have at most ${most} characters`));
const required = (most: number) => text(most).trim().min(1, issue('required', 'must be specified'));
const zone = z.string().refine(isTimeZone, issue('tzid_unrecognized', 'must be an IANA time zone, such as Europe/Berlin'));
const email = z.string().refine(isMailAddress, issue('invalid_email', 'must be one mail address'));
const web = text(MAX.url).refine(isWebAddress, issue('invalid_url', 'must be an address that begins with https:// or http://'));
const flag = z.union(
  [
    z.boolean(),
    z
      .string()
      .refine((value) => readBoolean(value) !== undefined)
      .transform((value) => readBoolean(value) === true),
  ],
  issue('must_be_boolean', 'must be true or false'),
);
const time = z.union(
  [z.string().min(1), z.object({ time: z.string().min(1), tzid: zone.nullish().transform((value) => value ?? undefined) })],
  issue('required', 'must be specified: a time in UTC, a date, or { time, tzid }'),
);

const SHOW_AS = {
  opaque: 'busy',
  busy: 'busy',
  transparent: 'free',
  free: 'free',
  tentative: 'tentative',
  out_of_office: 'out_of_office',
  working_elsewhere: 'working_elsewhere',
} as const;
const transparency = z.enum(
  Object.keys(SHOW_AS) as (keyof typeof SHOW_AS)[],
  issue('not_recognized', 'must be one of opaque, transparent, tentative, out_of_office, working_elsewhere'),
);

const EVENT = z.object({
  event_id: required(MAX.eventId),
  summary: required(MAX.summary),
  description: text(MAX.description).nullish(),
  start: time,
  end: time,
  tzid: zone.nullish(),
  location: z.object({ description: text(MAX.location).nullish() }).nullish(),
  url: web.or(z.literal('')).nullish(),
  transparency: transparency.nullish(),
  extended_transparency: transparency.nullish(),
  event_private: flag.nullish(),
  reminders: z
    .array(z.object({ minutes: z.int().min(0).max(MAX.reminderMinutes) }))
    .max(MAX.reminders, issue('too_many', `must be at most ${MAX.reminders}`))
    .nullish(),
  reminders_create_only: flag.nullish(),
  attendees: z
    .object({
      invite: z
        .array(z.object({ email, display_name: text(MAX.location).nullish() }))
        .max(MAX.guests, issue('too_many', `must be at most ${MAX.guests}`))
        .nullish(),
      remove: z
        .array(z.object({ email }))
        .max(MAX.guests, issue('too_many', `must be at most ${MAX.guests}`))
        .nullish(),
    })
    .nullish(),
  conferencing: z
    .object({ profile_id: z.string().nullish(), provider_description: text(100).nullish(), join_url: web.nullish() })
    .nullish(),
  locale: z.string().refine(isLocale, issue('not_recognized', 'must be a language such as de or pt-BR')).nullish(),
  // Said and not done, it would be another event than was meant.
  recurrence: z
    .unknown()
    .refine(isNothing, issue('not_supported', 'is not supported: write each occurrence as an event of its own'))
    .optional(),
});

/** Reads an event as partners write it; what is unknown in it is passed over. @throws CalendarRefusal naming every field that is wrong */
export function parseEvent(body: Readonly<Record<string, unknown>>): EventRequest {
  const { data, error } = EVENT.safeParse(body, { reportInput: true });
  if (data === undefined) throw refusal(error.issues.map(({ path, message, ...about }) => ({ path, message: known(message, about) })));
  const timeZone = data.tzid ?? zoneOf(data.start) ?? zoneOf(data.end);
  const asked = data.attendees;
  return {
    eventId: data.event_id,
    title: data.summary,
    time: spanOf(data, timeZone),
    timeZone,
    description: data.description,
    location: data.location === null ? null : data.location?.description,
    url: data.url === '' ? null : data.url,
    showAs: showAsOf(data),
    isPrivate: data.event_private ?? undefined,
    reminderMinutes: data.reminders?.map(({ minutes }) => minutes),
    remindersCreateOnly: data.reminders_create_only ?? false,
    invite: (asked?.invite ?? []).map((guest) => ({ email: guest.email, name: guest.display_name || undefined })),
    remove: (asked?.remove ?? []).map((guest) => guest.email),
    conferencing: conferencingOf(data.conferencing),
    locale: data.locale ?? undefined,
  };
}

type Written = z.infer<typeof EVENT>;

function zoneOf(written: Written['start']): string | undefined {
  return typeof written === 'string' ? undefined : written.tzid;
}

function spanOf(data: Written, timeZone: string | undefined): TimeSpan {
  const ends = { start: readTime(data.start, timeZone), end: readTime(data.end, timeZone) };
  const wrong = (['start', 'end'] as const).filter((field) => ends[field] === undefined);
  if (ends.start === undefined || ends.end === undefined) {
    const expected = 'must be a time in UTC such as 2026-03-02T09:00:00Z, a date, or { time, tzid }';
    throw refusal(wrong.map((field) => ({ path: [field], message: issue('invalid_time', expected) })));
  }
  const span = readSpan(ends.start, ends.end);
  if (span !== undefined) return span;
  const expected = 'must be after start, and both times or both dates; the end of whole days is the day after the last';
  throw refusal([{ path: ['end'], message: issue('invalid_time_pair', expected) }]);
}

function showAsOf({ transparency, extended_transparency: extended }: Written): EventDraft['showAs'] {
  const word = extended ?? transparency;
  return word ? SHOW_AS[word] : undefined;
}

function conferencingOf(asked: Written['conferencing']): AskedConferencing | undefined {
  if (asked === undefined || asked === null) return undefined;
  const { profile_id: id, provider_description: description, join_url: joinUrl } = asked;
  if (id === 'none' || id === 'integrated' || id === 'default') return { kind: id };
  if (id === 'explicit') {
    if (description && joinUrl) return { kind: 'explicit', description, joinUrl };
    const missing = ['provider_description', 'join_url'].filter((field) => !asked[field as 'join_url']);
    throw refusal(
      missing.map((field) => ({ path: ['conferencing', field], message: issue('required', 'must be specified with explicit') })),
    );
  }
  if (id?.startsWith('pro_')) return { kind: 'profile', profileId: id };
  const expected = 'must be default, integrated, explicit, none, or the id of a conferencing profile';
  throw refusal([{ path: ['conferencing', 'profile_id'], message: issue(id ? 'not_recognized' : 'required', expected) }]);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function isWebAddress(value: string): boolean {
  return value === '' || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol));
}

function isLocale(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

/** Where a field has no sentence of its own: it is missing, or of another kind. */
function known(message: string, about: { readonly code?: string; readonly input?: unknown }): string {
  if ((about.input === undefined || about.input === null) && about.code === 'invalid_type') return issue('required', 'must be specified');
  return message.includes('|') ? message : issue('invalid', 'is not as the documentation says');
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function refusal(issues: readonly Issue[]): CalendarRefusal {
  const errors: Record<string, FieldError[]> = {};
  for (const { path, message } of issues) {
    const field = path.map(String).join('.') || 'body';
    const [key = '', expected = ''] = message.split('|');
    (errors[field] ??= []).push({ key: `errors.${key}`, description: `${field} ${expected}` });
  }
  return new CalendarRefusal({ reason: 'invalid', errors });
}
