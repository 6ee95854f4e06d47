import { randomBytes, randomInt } from 'node:crypto';
import type { Account } from '../serving/accounts.ts';
import type { StoredMeeting } from '../serving/meeting-store.ts';
import { parseRfc3339, type TimeZones } from '../time-zones.ts';
import { WebexError } from './api-error.ts';
import { webexId } from './people.ts';

const MINUTE_MS = 60_000;
const SHORTEST_MS = 10 * MINUTE_MS;
const LONGEST_MS = 24 * 60 * MINUTE_MS;

/** What a client may say about a meeting, in Webex's names. */
export interface WebexMeetingFields {
  readonly title: string;
  /** ISO 8601, as the client wrote it. */
  readonly start: string;
  readonly end: string;
  readonly timezone: string;
  readonly password: string;
  readonly agenda?: string;
}

/** A meeting as the emulator keeps it. */
export interface WebexMeeting extends StoredMeeting, WebexMeetingFields {
  readonly meetingNumber: string;
}

/** How much a body has to say. `put` names everything, `patch` what changes. */
export type BodyKind = 'post' | 'put' | 'patch';

/** What reading a body needs to know. */
export interface BodyContext {
  readonly kind: BodyKind;
  readonly zones: TimeZones;
  readonly stored?: WebexMeeting;
}

/**
 * Reads a meeting that a client sent, laid over the stored one where there is one.
 * @throws WebexError 400 for fields that Webex would not take.
 * @see {@link https://developer.webex.com/docs/api/v1/meetings/create-a-meeting}
 */
export function parseMeeting(body: Readonly<Record<string, unknown>>, { kind, zones, stored }: BodyContext): WebexMeetingFields {
  const needed = kind === 'patch' ? [] : kind === 'put' ? ['title', 'start', 'end', 'password'] : ['title', 'start', 'end'];
  for (const name of needed) if (body[name] === undefined) throw new WebexError(400, `'${name}' is required.`);
  const text = (name: keyof WebexMeetingFields, fallback: string): string => {
    const value = body[name] ?? fallback;
    if (typeof value !== 'string') throw new WebexError(400, `'${name}' is invalid.`);
    return value;
  };
  const agenda = text('agenda', stored?.agenda ?? '');
  const fields = {
    title: text('title', stored?.title ?? ''),
    start: text('start', stored?.start ?? ''),
    end: text('end', stored?.end ?? ''),
    timezone: text('timezone', stored?.timezone ?? 'UTC'),
    password: text('password', stored?.password ?? newPassword()),
    ...(agenda === '' ? {} : { agenda }),
  };
  checkTimes(fields, zones);
  return fields;
}

/** Makes a meeting of what a client said. */
export function newMeeting(fields: WebexMeetingFields, ownerEmail: string): WebexMeeting {
  return { ...fields, id: randomBytes(16).toString('hex'), meetingNumber: String(randomInt(25_000_000_000, 26_000_000_000)), ownerEmail };
}

/**
 * Writes a meeting as the API does. `hostKey` makes whoever has it the host. Addresses are under `.example`, where nobody walks into a
 * stranger's meeting.
 */
export function viewMeeting({ ownerEmail, ...meeting }: WebexMeeting, host: Account): object {
  const site = 'partner.webex.example';
  return {
    ...meeting,
    meetingType: 'meetingSeries',
    state: 'active',
    scheduledType: 'meeting',
    phoneAndVideoSystemPassword: String(Number.parseInt(meeting.id.slice(0, 7), 16)),
    hostUserId: webexId('PEOPLE', ownerEmail),
    hostDisplayName: host.name,
    hostEmail: ownerEmail,
    hostKey: String(Number.parseInt(meeting.id.slice(8, 13), 16)).padStart(6, '0'),
    siteUrl: site,
    webLink: `https://${site}/partner/j.php?MTID=m${meeting.id}`,
    sipAddress: `${meeting.meetingNumber}@${site}`,
  };
}

/** An interval is at least ten minutes, and less than a day. A time without an offset is the zone's wall clock. */
function checkTimes({ start, end, timezone }: Pick<WebexMeetingFields, 'start' | 'end' | 'timezone'>, zones: TimeZones): void {
  if (!zones.has(timezone)) throw new WebexError(400, "'timezone' is invalid.");
  const startMs = instantOf(start, timezone, zones);
  const endMs = instantOf(end, timezone, zones);
  if (startMs === undefined || endMs === undefined) throw new WebexError(400, "'start' and 'end' must be in ISO 8601 format.");
  const lengthMs = endMs - startMs;
  if (lengthMs < SHORTEST_MS || lengthMs >= LONGEST_MS) {
    throw new WebexError(400, "The interval between 'start' and 'end' must be greater than 10 minutes and less than 24 hours.");
  }
}

function instantOf(text: string, timezone: string, zones: TimeZones): number | undefined {
  const withT = text.replace(' ', 'T');
  const wall = parseRfc3339(`${withT}Z`);
  return parseRfc3339(withT) ?? (wall === undefined ? undefined : zones.toInstant(wall, timezone));
}

/** Eight letters and digits, of each kind that sites demand. */
function newPassword(): string {
  return `aB3${randomBytes(8).toString('hex').slice(0, 8)}`;
}
