import type { Context } from 'hono';
import type { ServiceEnv } from '../oauth/caller-of.ts';
import { noSuchMeeting, ZoomError } from './api-error.ts';
import { checkDailyLimit } from './daily-limit.ts';
import { newMeeting, parseMeeting, viewMeeting, type ZoomMeeting } from './meetings.ts';
import type { ZoomParts } from './parts.ts';
import { zoomUserId } from './users.ts';

type MeetingDeps = Pick<ZoomParts, 'meetings' | 'switches' | 'dailyCount' | 'now'>;

/** `POST /v2/users/me/meetings`. Every call makes another meeting: Zoom has nothing that tells a repetition. */
export function createMeeting(deps: MeetingDeps): (c: Context<ServiceEnv>) => Promise<Response> {
  return async function takeMeeting(c) {
    const { account } = c.get('caller');
    const fields = parseMeeting(await readObject(c));
    checkDailyLimit(c, account.email, deps);
    const meeting = deps.meetings.put(newMeeting(fields, account.email, deps.now()));
    return c.json(viewMeeting(meeting, { id: zoomUserId(account), email: account.email }), 201);
  };
}

/** `GET /v2/meetings/{meetingId}`. */
export function getMeeting(deps: MeetingDeps): (c: Context<ServiceEnv>) => Response {
  return function answerMeeting(c) {
    const { account } = c.get('caller');
    return c.json(viewMeeting(ownMeeting(c, deps), { id: zoomUserId(account), email: account.email }));
  };
}

/** `PATCH /v2/meetings/{meetingId}`: lays fields over the meeting; id and addresses stay. */
export function updateMeeting(deps: MeetingDeps): (c: Context<ServiceEnv>) => Promise<Response> {
  return async function takeUpdate(c) {
    const meeting = ownMeeting(c, deps);
    const fields = parseMeeting(await readObject(c), meeting);
    checkDailyLimit(c, meeting.ownerEmail, deps);
    deps.meetings.put({ ...meeting, ...fields });
    return c.body(null, 204);
  };
}

/** `DELETE /v2/meetings/{meetingId}`. */
export function deleteMeeting(deps: MeetingDeps): (c: Context<ServiceEnv>) => Response {
  return function takeDeletion(c) {
    deps.meetings.delete(ownMeeting(c, deps).id);
    return c.body(null, 204);
  };
}

function ownMeeting(c: Context<ServiceEnv>, { meetings }: MeetingDeps): ZoomMeeting {
  const id = c.req.param('meetingId') ?? '';
  const found = meetings.find(id, c.get('caller').account.email);
  if (found === undefined) throw noSuchMeeting(id);
  return found;
}

async function readObject(c: Context): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Readonly<Record<string, unknown>>; // checked
  throw new ZoomError(400, 300, { message: 'Request Body should be a valid JSON object.' });
}
