import { randomInt } from 'node:crypto';
import type { Context } from 'hono';
import type { StoredMeeting } from '../../serving/meeting-store.ts';
import { parseRfc3339 } from '../../time-zones.ts';
import type { Principal } from '../directory/people.ts';
import { newJoinUrl } from '../mailbox/online-meeting.ts';
import type { MicrosoftParts } from '../parts.ts';
import type { GraphEnv } from './caller.ts';
import { isJsonObject, type JsonObject } from './event-body.ts';
import { badRequest, GraphError } from './graph-error.ts';

const HOUR_MS = 3_600_000;

/** A Teams meeting that belongs to no event. */
export interface StoredOnlineMeeting extends StoredMeeting {
  readonly subject: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly externalId: string | undefined;
  readonly joinUrl: string;
  readonly joinMeetingId: string;
  readonly createdMs: number;
}

type OnlineMeetingDeps = Pick<MicrosoftParts, 'onlineMeetings' | 'serverUrl' | 'now'>;

/** `POST /v1.0/me/onlineMeetings`. Every call makes another meeting. @see {@link https://learn.microsoft.com/graph/api/application-post-onlinemeetings} */
export function createOnlineMeeting(deps: OnlineMeetingDeps): (c: Context<GraphEnv>) => Promise<Response> {
  return async function takeMeeting(c) {
    const { principal } = c.get('caller');
    const meeting = deps.onlineMeetings.put(newMeeting(await readObject(c), principal, deps.now()));
    return c.json(viewMeeting(meeting, principal, deps), 201);
  };
}

/** `POST /v1.0/me/onlineMeetings/createOrGet`: an `externalId` that was used gives the meeting it made. @see {@link https://learn.microsoft.com/graph/api/onlinemeeting-createorget} */
export function createOrGetOnlineMeeting(deps: OnlineMeetingDeps): (c: Context<GraphEnv>) => Promise<Response> {
  return async function takeMeeting(c) {
    const { principal } = c.get('caller');
    const body = await readObject(c);
    const externalId = body['externalId'];
    if (typeof externalId !== 'string' || externalId === '') throw badRequest('ExternalId must be specified.', 'BadRequest');
    const made = deps.onlineMeetings
      .all()
      .find((meeting) => meeting.ownerEmail === principal.user.email && meeting.externalId === externalId);
    const meeting = made ?? deps.onlineMeetings.put(newMeeting(body, principal, deps.now()));
    return c.json(viewMeeting(meeting, principal, deps), made === undefined ? 201 : 200);
  };
}

/** `GET /v1.0/me/onlineMeetings/{id}`. */
export function getOnlineMeeting(deps: OnlineMeetingDeps): (c: Context<GraphEnv>) => Response {
  return function answerMeeting(c) {
    return c.json(viewMeeting(ownMeeting(c, deps), c.get('caller').principal, deps));
  };
}

/** `PATCH /v1.0/me/onlineMeetings/{id}`: title and times; the address stays. */
export function updateOnlineMeeting(deps: OnlineMeetingDeps): (c: Context<GraphEnv>) => Promise<Response> {
  return async function takeUpdate(c) {
    const meeting = ownMeeting(c, deps);
    const changed = deps.onlineMeetings.put({ ...meeting, ...parseMeeting(await readObject(c), meeting) });
    return c.json(viewMeeting(changed, c.get('caller').principal, deps));
  };
}

/** `DELETE /v1.0/me/onlineMeetings/{id}`. */
export function deleteOnlineMeeting(deps: OnlineMeetingDeps): (c: Context<GraphEnv>) => Response {
  return function takeDeletion(c) {
    deps.onlineMeetings.delete(ownMeeting(c, deps).id);
    return c.body(null, 204);
  };
}

function ownMeeting(c: Context<GraphEnv>, { onlineMeetings }: OnlineMeetingDeps): StoredOnlineMeeting {
  const found = onlineMeetings.find(c.req.param('meetingId') ?? '', c.get('caller').principal.user.email);
  if (found === undefined) throw new GraphError(404, 'NotFound', 'Meeting was not found.');
  return found;
}

function newMeeting(body: JsonObject, principal: Principal, nowMs: number): StoredOnlineMeeting {
  const joinUrl = newJoinUrl(principal);
  const thread = decodeURIComponent(/meetup-join\/([^/]+)/.exec(joinUrl)?.[1] ?? '');
  const externalId = body['externalId'];
  return {
    ...parseMeeting(body, { subject: undefined, startMs: nowMs, endMs: nowMs + HOUR_MS }),
    id: Buffer.from(`1*${principal.oid}*0**${thread}`).toString('base64url'),
    ownerEmail: principal.user.email,
    externalId: typeof externalId === 'string' ? externalId : undefined,
    joinUrl,
    joinMeetingId: String(randomInt(200_000_000_000, 300_000_000_000)),
    createdMs: nowMs,
  };
}

type Changeable = Pick<StoredOnlineMeeting, 'subject' | 'startMs' | 'endMs'>;

function parseMeeting(body: JsonObject, stored: Changeable): Changeable {
  const { subject = stored.subject } = body;
  if (subject !== undefined && subject !== null && typeof subject !== 'string')
    throw badRequest('Invalid value for subject.', 'BadRequest');
  const startMs = instantOf(body, 'startDateTime') ?? stored.startMs;
  const endMs = instantOf(body, 'endDateTime') ?? stored.endMs;
  if (endMs < startMs) throw badRequest('Meeting end time must be after the start time.', 'BadRequest');
  return { subject: subject ?? undefined, startMs, endMs };
}

function instantOf(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  const instant = typeof value === 'string' ? parseRfc3339(value) : undefined;
  if (instant === undefined)
    throw badRequest(`Cannot convert the literal '${JSON.stringify(value)}' to the expected type 'Edm.DateTimeOffset'.`, 'BadRequest');
  return instant;
}

function viewMeeting(
  meeting: StoredOnlineMeeting,
  { oid, tenantId, userPrincipalName, user }: Principal,
  { serverUrl }: OnlineMeetingDeps,
): object {
  return {
    '@odata.context': `${serverUrl}/v1.0/$metadata#users('${oid}')/onlineMeetings/$entity`,
    id: meeting.id,
    creationDateTime: iso(meeting.createdMs),
    startDateTime: iso(meeting.startMs),
    endDateTime: iso(meeting.endMs),
    joinWebUrl: meeting.joinUrl,
    subject: meeting.subject ?? null,
    externalId: meeting.externalId ?? null,
    isBroadcast: false,
    joinMeetingIdSettings: { isPasscodeRequired: false, joinMeetingId: meeting.joinMeetingId, passcode: null },
    participants: {
      organizer: { upn: userPrincipalName, role: 'presenter', identity: { user: { id: oid, displayName: user.name, tenantId } } },
      attendees: [],
    },
  };
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

async function readObject(c: Context): Promise<JsonObject> {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (!isJsonObject(body)) throw badRequest('Empty Payload. JSON content expected.', 'BadRequest');
  return body;
}
