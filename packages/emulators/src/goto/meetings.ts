import { randomBytes, randomInt } from 'node:crypto';
import type { StoredMeeting } from '../serving/meeting-store.ts';
import { GoToError } from './api-error.ts';

const MEETING_TYPES = ['immediate', 'scheduled', 'recurring'];
/** Times are UTC, and say so. */
const UTC_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

/** What a client says about a meeting, in GoTo's names. */
export interface GoToMeetingFields {
  readonly subject: string;
  readonly starttime: string;
  readonly endtime: string;
  readonly passwordrequired: boolean;
  readonly conferencecallinfo: string;
  /** Of no use any more, and required: the empty text. */
  readonly timezonekey: string;
  readonly meetingtype: string;
}

/** A meeting as the emulator keeps it. */
export interface GoToMeeting extends StoredMeeting, GoToMeetingFields {
  readonly uniqueMeetingId: string;
}

/**
 * Reads a meeting that a client sent: every field is required.
 * @throws GoToError 400 `InvalidRequest`
 * @see {@link https://developer.goto.com/GoToMeetingV1#tag/Meetings/operation/createMeeting}
 */
export function parseMeeting(body: Readonly<Record<string, unknown>>): GoToMeetingFields {
  const text = (name: keyof GoToMeetingFields, isValid: (value: string) => boolean = () => true): string => {
    const value = body[name];
    if (typeof value !== 'string' || !isValid(value)) throw invalidField(name);
    return value;
  };
  const { passwordrequired } = body;
  if (typeof passwordrequired !== 'boolean') throw invalidField('passwordrequired');
  const fields = {
    subject: text('subject', (value) => value !== ''),
    starttime: text('starttime', (value) => UTC_TIME.test(value)),
    endtime: text('endtime', (value) => UTC_TIME.test(value)),
    passwordrequired,
    conferencecallinfo: text('conferencecallinfo'),
    timezonekey: text('timezonekey'),
    meetingtype: text('meetingtype', (value) => MEETING_TYPES.includes(value)),
  };
  if (Date.parse(fields.endtime) <= Date.parse(fields.starttime)) throw invalidField('endtime');
  return fields;
}

/** Makes a meeting of what a client said. */
export function newMeeting(fields: GoToMeetingFields, ownerEmail: string): GoToMeeting {
  const uniqueMeetingId = BigInt(`0x${randomBytes(7).toString('hex')}`).toString();
  return { ...fields, id: String(randomInt(200_000_000, 1_000_000_000)), uniqueMeetingId, ownerEmail };
}

/** Writes what the creation of a meeting answers. The address is under `.example`, where nobody walks into a stranger's meeting. */
export function viewCreated({ id, uniqueMeetingId, conferencecallinfo }: GoToMeeting): object {
  return {
    joinURL: `https://meet.goto.example/${id}`,
    meetingid: Number(id),
    maxParticipants: 150,
    uniqueMeetingId: Number(uniqueMeetingId),
    conferenceCallInfo: conferencecallinfo,
  };
}

/** Writes a meeting as reading it answers. */
export function viewMeeting({ id, subject, starttime, endtime, passwordrequired, conferencecallinfo, meetingtype }: GoToMeeting): object {
  return {
    meetingId: Number(id),
    subject,
    startTime: starttime,
    endTime: endtime,
    passwordRequired: passwordrequired,
    conferenceCallInfo: conferencecallinfo,
    meetingType: meetingtype,
    status: 'INACTIVE',
    maxParticipants: 150,
  };
}

function invalidField(name: string): GoToError {
  return new GoToError(400, 'InvalidRequest', `Invalid or missing field: ${name}`);
}
