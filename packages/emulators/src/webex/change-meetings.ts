import type { Context } from 'hono';
import type { ServiceEnv } from '../oauth/caller-of.ts';
import { WebexError } from './api-error.ts';
import { newMeeting, parseMeeting, viewMeeting, type WebexMeeting } from './meetings.ts';
import type { WebexParts } from './parts.ts';

type MeetingDeps = Pick<WebexParts, 'meetings' | 'zones'>;

/** `POST /v1/meetings`: 200, not 201. Every call makes another meeting. */
export function createMeeting({ meetings, zones }: MeetingDeps): (c: Context<ServiceEnv>) => Promise<Response> {
  return async function takeMeeting(c) {
    const { account } = c.get('caller');
    const fields = parseMeeting(await readObject(c), { kind: 'post', zones });
    return c.json(viewMeeting(meetings.put(newMeeting(fields, account.email)), account));
  };
}

/** `GET /v1/meetings/{meetingId}`. */
export function getMeeting(deps: MeetingDeps): (c: Context<ServiceEnv>) => Response {
  return function answerMeeting(c) {
    return c.json(viewMeeting(ownMeeting(c, deps), c.get('caller').account));
  };
}

/** `PUT` and `PATCH /v1/meetings/{meetingId}`: number and address stay. */
export function changeMeeting(kind: 'put' | 'patch', deps: MeetingDeps): (c: Context<ServiceEnv>) => Promise<Response> {
  return async function takeChange(c) {
    const meeting = ownMeeting(c, deps);
    const fields = parseMeeting(await readObject(c), { kind, zones: deps.zones, stored: meeting });
    return c.json(viewMeeting(deps.meetings.put({ ...meeting, ...fields }), c.get('caller').account));
  };
}

/** `DELETE /v1/meetings/{meetingId}`. */
export function deleteMeeting(deps: MeetingDeps): (c: Context<ServiceEnv>) => Response {
  return function takeDeletion(c) {
    deps.meetings.delete(ownMeeting(c, deps).id);
    return c.body(null, 204);
  };
}

function ownMeeting(c: Context<ServiceEnv>, { meetings }: MeetingDeps): WebexMeeting {
  const found = meetings.find(c.req.param('meetingId') ?? '', c.get('caller').account.email);
  if (found === undefined) throw new WebexError(404, 'Could not find the meeting with the given ID.');
  return found;
}

async function readObject(c: Context): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Readonly<Record<string, unknown>>; // checked
  throw new WebexError(400, 'POST failed: HTTP/1.1 400 Bad Request (malformed JSON body)');
}
