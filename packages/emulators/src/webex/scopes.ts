/** What each scope permits. @see {@link https://developer.webex.com/docs/integrations#scopes} */
export const WEBEX_SCOPES: ReadonlyMap<string, string> = new Map([
  ['spark:people_read', "Read your company's directory"],
  ['spark:kms', 'Permission to interact with encrypted content'],
  ['meeting:schedules_read', 'Retrieve your Webex meeting lists and details'],
  ['meeting:schedules_write', 'Manage (schedule, update, delete) your Webex meetings'],
]);

/** The calls of the API that the emulator knows, each with the scope that allows it. */
export const WEBEX_CALL_SCOPES: Readonly<Record<'getMe' | 'readMeetings' | 'writeMeetings', string>> = {
  getMe: 'spark:people_read',
  readMeetings: 'meeting:schedules_read',
  writeMeetings: 'meeting:schedules_write',
};
