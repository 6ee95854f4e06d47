import { randomBytes, randomInt } from 'node:crypto';
import type { StoredMeeting } from '../serving/meeting-store.ts';
import { invalidFields, type FieldProblem } from './api-error.ts';

/** What a client may say about a meeting, in Zoom's names. */
export interface ZoomMeetingFields {
  readonly topic: string;
  /** 1 instant, 2 scheduled, 3 recurring without a time, 8 recurring with one. */
  readonly type: number;
  readonly start_time?: string;
  /** Minutes. */
  readonly duration: number;
  readonly timezone: string;
  readonly agenda?: string;
  readonly password: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A meeting as the emulator keeps it. */
export interface ZoomMeeting extends StoredMeeting, ZoomMeetingFields {
  readonly uuid: string;
  readonly createdMs: number;
}

const TOPIC_MOST = 200;
const TYPES = [1, 2, 3, 8];
/** UTC with a `Z`, or the wall-clock time of `timezone` without. */
const START_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?$/;

/**
 * Reads a meeting that a client sent, laid over the stored one where there is one.
 * @throws ZoomError 300 for fields that Zoom would not take.
 * @see {@link https://developers.zoom.us/docs/api/meetings/#tag/meetings/post/users/{userId}/meetings}
 */
export function parseMeeting(body: Readonly<Record<string, unknown>>, stored?: ZoomMeeting): ZoomMeetingFields {
  const problems: FieldProblem[] = [];
  const read = <T>(name: keyof ZoomMeetingFields, fallback: T, isValid: (value: unknown) => value is T): T => {
    const value = body[name];
    if (value === undefined) return fallback;
    if (isValid(value)) return value;
    problems.push({ field: name, message: 'Invalid field.' });
    return fallback;
  };
  const fields = {
    topic: read('topic', stored?.topic ?? 'Zoom Meeting', isTopic),
    type: read('type', stored?.type ?? 2, isType),
    duration: read('duration', stored?.duration ?? 60, isMinutes),
    timezone: read('timezone', stored?.timezone ?? 'UTC', isText),
    password: read('password', stored?.password ?? passcode(), isPasscode),
    settings: { ...stored?.settings, ...read('settings', {}, isObject) },
    ...optional('start_time', read('start_time', stored?.start_time, isStartTime)),
    ...optional('agenda', read('agenda', stored?.agenda, isText)),
  };
  if (problems.length > 0) throw invalidFields(problems);
  return fields;
}

/** Makes a meeting of what a client said. */
export function newMeeting(fields: ZoomMeetingFields, ownerEmail: string, createdMs: number): ZoomMeeting {
  return {
    ...fields,
    id: String(randomInt(80_000_000_000, 90_000_000_000)),
    uuid: randomBytes(16).toString('base64'),
    ownerEmail,
    createdMs,
  };
}

/**
 * Writes a meeting as the API does. `start_url` makes whoever opens it the host. Addresses are under `.example`, where nobody walks into
 * a stranger's meeting.
 */
export function viewMeeting(meeting: ZoomMeeting, host: { readonly id: string; readonly email: string }): object {
  const { id, uuid, topic, type, start_time: startTime, duration, timezone, agenda, password, settings, createdMs } = meeting;
  const key = Buffer.from(`${id} ${password}`).toString('base64url');
  return {
    uuid,
    id: Number(id),
    host_id: host.id,
    host_email: host.email,
    topic,
    type,
    status: 'waiting',
    ...(startTime === undefined ? {} : { start_time: startTime.endsWith('Z') ? startTime : `${startTime}Z` }),
    duration,
    timezone,
    ...(agenda === undefined ? {} : { agenda }),
    created_at: `${new Date(createdMs).toISOString().slice(0, 19)}Z`,
    start_url: `https://us05web.zoom.example/s/${id}?zak=${key}`,
    join_url: `https://us05web.zoom.example/j/${id}?pwd=${key}.1`,
    password,
    h323_password: password,
    pstn_password: password,
    encrypted_password: `${key}.1`,
    settings: { join_before_host: false, waiting_room: true, approval_type: 2, ...settings },
  };
}

function optional<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: V }; // a computed key is a string to the compiler
}

/** Six letters and digits, as Zoom makes them. */
function passcode(): string {
  return randomBytes(8).toString('base64').replace(/\W/g, '').slice(0, 6).padEnd(6, '0');
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTopic(value: unknown): value is string {
  return isText(value) && value.length <= TOPIC_MOST;
}

/** At most ten characters. */
function isPasscode(value: unknown): value is string {
  return isText(value) && /^[\w@*-]{1,10}$/.test(value);
}

function isStartTime(value: unknown): value is string {
  return isText(value) && START_TIME.test(value) && !Number.isNaN(Date.parse(value));
}

function isType(value: unknown): value is number {
  return TYPES.includes(Number(value)) && typeof value === 'number';
}

function isMinutes(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
