import { randomInt } from 'node:crypto';

/** Makes a meeting code as Google does: ten letters, as in `abc-mnop-xyz`. */
export function newMeetingCode(): string {
  const letters = (count: number): string => Array.from({ length: count }, () => String.fromCharCode(97 + randomInt(26))).join('');
  return `${letters(3)}-${letters(4)}-${letters(3)}`;
}

/** Returns where people meet under a code. @see {@link https://developers.google.com/workspace/meet/api/guides/meeting-spaces-overview} */
export function meetingUri(code: string): string {
  return `https://meet.google.com/${code}`;
}
