/** What each scope permits, in Zoom's words. Granular scopes have three parts, classic ones two. @see {@link https://developers.zoom.us/docs/integrations/oauth-scopes-granular/} */
export const ZOOM_SCOPES: ReadonlyMap<string, string> = new Map([
  ['user:read:user', 'View a user'],
  ['meeting:read:meeting', 'View a meeting'],
  ['meeting:write:meeting', 'Create a meeting for a user'],
  ['meeting:update:meeting', 'Update a meeting'],
  ['meeting:delete:meeting', 'Delete a meeting'],
  ['user:read', 'View your user information'],
  ['meeting:read', 'View your meetings'],
  ['meeting:write', 'View and manage your meetings'],
]);

/** The scopes of an app whose registration lists none. */
export const DEFAULT_ZOOM_SCOPES: readonly string[] = [
  'user:read:user',
  'meeting:read:meeting',
  'meeting:write:meeting',
  'meeting:update:meeting',
  'meeting:delete:meeting',
];

/** The calls of the API that the emulator knows. */
export type ZoomCall = 'getUser' | 'getMeeting' | 'createMeeting' | 'updateMeeting' | 'deleteMeeting';

/** The scopes that allow each call, the granular one first. Any one of them is enough. */
export const ZOOM_CALL_SCOPES: Readonly<Record<ZoomCall, readonly [string, ...string[]]>> = {
  getUser: ['user:read:user', 'user:read'],
  getMeeting: ['meeting:read:meeting', 'meeting:read', 'meeting:write'],
  createMeeting: ['meeting:write:meeting', 'meeting:write'],
  updateMeeting: ['meeting:update:meeting', 'meeting:write'],
  deleteMeeting: ['meeting:delete:meeting', 'meeting:write'],
};
