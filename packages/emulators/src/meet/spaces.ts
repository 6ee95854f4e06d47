import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { keepNewest } from '../keep-newest.ts';
import type { GoogleParts } from '../google/parts.ts';
import type { MeetEnv } from './caller.ts';
import { meetingUri, newMeetingCode } from './meeting-code.ts';
import { MeetError } from './meet-error.ts';

const SPACES_KEPT = 20_000;
const ACCESS_TYPES = ['OPEN', 'TRUSTED', 'RESTRICTED'];
const ENTRY_POINT_ACCESS = ['ALL', 'CREATOR_APP_ONLY'];

/** A meeting space as the emulator keeps it. */
export interface MeetSpace {
  /** Without `spaces/`. */
  readonly id: string;
  readonly meetingCode: string;
  readonly ownerEmail: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The meeting spaces that apps made. */
export interface MeetSpaces {
  readonly all: () => readonly MeetSpace[];
  readonly add: (ownerEmail: string, config: MeetSpace['config']) => MeetSpace;
  /** Finds a space by its id or its meeting code. */
  readonly find: (idOrCode: string) => MeetSpace | undefined;
}

/** Creates the store of spaces. */
export function createMeetSpaces(): MeetSpaces {
  const spaces = new Map<string, MeetSpace>();
  return {
    all: () => [...spaces.values()],
    add: (ownerEmail, config) => {
      const space = { id: randomBytes(9).toString('base64url'), meetingCode: newMeetingCode(), ownerEmail, config };
      spaces.set(space.id, space);
      keepNewest(spaces, SPACES_KEPT);
      return space;
    },
    find: (idOrCode) => spaces.get(idOrCode) ?? [...spaces.values()].find(({ meetingCode }) => meetingCode === idOrCode),
  };
}

type SpaceDeps = Pick<GoogleParts, 'spaces' | 'switches'>;

/**
 * `POST /v2/spaces`, at Google `https://meet.googleapis.com`. A space has neither a title nor a time, and is never deleted.
 * @see {@link https://developers.google.com/workspace/meet/api/reference/rest/v2/spaces/create}
 */
export function createSpace({ spaces, switches }: SpaceDeps): (c: Context<MeetEnv>) => Promise<Response> {
  return async function takeSpace(c) {
    const { email } = c.get('user');
    if (switches.forUser(email).meetOff) throw new MeetError(403, 'PERMISSION_DENIED', { message: 'The caller does not have permission' });
    const body = await readBody(c);
    return c.json(viewSpace(spaces.add(email, parseConfig(body['config']))));
  };
}

/** `GET /v2/spaces/{space}`, by id or by meeting code. A token of the scope for spaces the app made sees its person's alone. */
export function getSpace({ spaces }: SpaceDeps): (c: Context<MeetEnv>) => Response {
  return function answerSpace(c) {
    const space = spaces.find(c.req.param('space') ?? '');
    if (space?.ownerEmail !== c.get('user').email) {
      throw new MeetError(403, 'PERMISSION_DENIED', { message: 'Permission denied on resource Space (or it might not exist)' });
    }
    return c.json(viewSpace(space));
  };
}

/**
 * `POST /v2/spaces/{space}:endActiveConference`, by id alone. Nobody ever joins here, so there is no conference to end; that the refusal is
 * this one was seen and is not documented.
 * @see {@link https://developers.google.com/workspace/meet/api/reference/rest/v2/spaces/endActiveConference}
 */
export function endActiveConference({ spaces }: SpaceDeps): (c: Context<MeetEnv>) => Response {
  return function refuseToEnd(c) {
    const id = (c.req.param('method') ?? '').replace(/:endActiveConference$/, '');
    if (!spaces.all().some((space) => space.id === id && space.ownerEmail === c.get('user').email)) {
      throw new MeetError(403, 'PERMISSION_DENIED', { message: 'Permission denied on resource Space (or it might not exist)' });
    }
    throw new MeetError(400, 'FAILED_PRECONDITION', { message: 'There is no active conference for the given space.' });
  };
}

function viewSpace({ id, meetingCode, config }: MeetSpace): object {
  return { name: `spaces/${id}`, meetingUri: meetingUri(meetingCode), meetingCode, config };
}

function parseConfig(value: unknown): MeetSpace['config'] {
  const config = isObject(value) ? value : {};
  const { accessType = 'TRUSTED', entryPointAccess = 'ALL' } = config;
  if (!ACCESS_TYPES.includes(String(accessType))) throw invalidField('space.config.access_type', accessType);
  if (!ENTRY_POINT_ACCESS.includes(String(entryPointAccess))) throw invalidField('space.config.entry_point_access', entryPointAccess);
  return { ...config, accessType, entryPointAccess };
}

function invalidField(field: string, value: unknown): MeetError {
  return new MeetError(400, 'INVALID_ARGUMENT', { message: `Invalid value at '${field}', ${JSON.stringify(value)}` });
}

/** No body is an empty space. */
async function readBody(c: Context): Promise<Readonly<Record<string, unknown>>> {
  const text = await c.req.text();
  if (text === '') return {};
  const body = parseJson(text);
  if (!isObject(body)) throw new MeetError(400, 'INVALID_ARGUMENT', { message: 'Invalid JSON payload received.' });
  return body;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
