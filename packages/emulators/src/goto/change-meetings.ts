import type { Context } from 'hono';
import type { ServiceEnv } from '../oauth/caller-of.ts';
import { GoToError } from './api-error.ts';
import { newMeeting, parseMeeting, viewCreated, viewMeeting, type GoToMeeting } from './meetings.ts';
import type { GoToParts } from './parts.ts';

type MeetingDeps = Pick<GoToParts, 'meetings'>;

/** `POST /G2M/rest/meetings`: an array of one. Every call makes another meeting. */
export function createMeeting({ meetings }: MeetingDeps): (c: Context<ServiceEnv>) => Promise<Response> {
  return async function takeMeeting(c) {
    const fields = parseMeeting(await readObject(c));
    return c.json([viewCreated(meetings.put(newMeeting(fields, c.get('caller').account.email)))], 201);
  };
}

/** `GET /G2M/rest/meetings/{meetingId}`: an array of one. */
export function getMeeting(deps: MeetingDeps): (c: Context<ServiceEnv>) => Response {
  return function answerMeeting(c) {
    return c.json([viewMeeting(ownMeeting(c, deps))]);
  };
}

/** `PUT /G2M/rest/meetings/{meetingId}`: id and address stay. */
export function updateMeeting(deps: MeetingDeps): (c: Context<ServiceEnv>) => Promise<Response> {
  return async function takeUpdate(c) {
    const meeting = ownMeeting(c, deps);
    deps.meetings.put({ ...meeting, ...parseMeeting(await readObject(c)) });
    return c.body(null, 204);
  };
}

/** `DELETE /G2M/rest/meetings/{meetingId}`. */
export function deleteMeeting(deps: MeetingDeps): (c: Context<ServiceEnv>) => Response {
  return function takeDeletion(c) {
    deps.meetings.delete(ownMeeting(c, deps).id);
    return c.body(null, 204);
  };
}

function ownMeeting(c: Context<ServiceEnv>, { meetings }: MeetingDeps): GoToMeeting {
  const found = meetings.find(c.req.param('meetingId') ?? '', c.get('caller').account.email);
  if (found === undefined) throw new GoToError(404, 'NoSuchMeeting', 'The meeting does not exist.');
  return found;
}

async function readObject(c: Context): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Readonly<Record<string, unknown>>; // checked
  throw new GoToError(400, 'InvalidRequest', 'The body must be a JSON object.');
}
