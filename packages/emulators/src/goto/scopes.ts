/** What making meetings takes. */
export const COLLAB = 'collab:';

/** What saying who somebody is takes. */
export const SCIM_ME = 'identity:scim.me';

/** What each scope permits, in GoTo's words. @see {@link https://developer.goto.com/guides/Authentication/02_HOW_createClient/} */
export const GOTO_SCOPES: ReadonlyMap<string, string> = new Map([
  [COLLAB, 'Create, start and modify sessions for remote collaboration (GoToMeeting, GoToWebinar, GoToTraining)'],
  [SCIM_ME, 'Get user information, modify user details'],
]);
