import type { EventConferencing, ProviderEvent } from '../calendar-reader.ts';

/** The one provider that Graph makes meetings of today. [onlineMeetingProvider](https://learn.microsoft.com/graph/api/resources/event#properties) */
export const TEAMS = 'teamsForBusiness';

/** What makes an event an online meeting. Graph then makes the meeting and writes how to join it below the text. */
const WITH_TEAMS: object = { isOnlineMeeting: true, onlineMeetingProvider: TEAMS };

/** The lines that Microsoft writes above how to join, in it and below it, the longest of eighty. */
const RULE = /_{16,}/;
const OPENING_TAG = /^<(?!br\b|hr\b|img\b|meta\b|input\b)[a-z][^<>]*>$/i;

/** Whether an event has an online meeting, or is about to. */
export function isOnline({ meetingUrl, conferencingState }: Pick<ProviderEvent, 'meetingUrl' | 'conferencingState'>): boolean {
  return meetingUrl !== undefined || conferencingState === 'pending';
}

/** The fields of an event that has `before` to become one with this conferencing. Outlook ignores that `isOnlineMeeting` is taken back; the meeting goes with its text. */
export function conferencingFields(conferencing: EventConferencing | undefined, before: ProviderEvent | undefined): object {
  const isThere = before !== undefined && isOnline(before);
  if (conferencing === 'integrated') return isThere ? {} : WITH_TEAMS;
  return conferencing !== undefined && isThere ? { isOnlineMeeting: false } : {};
}

/** Plain text without how to join, which ends with the last line of Microsoft's; where there is but one, with the text. */
export function withoutJoinText(text: string): string {
  const [first, ...more] = [...text.matchAll(new RegExp(RULE, 'g'))];
  if (first === undefined) return text;
  const last = more.at(-1);
  const below = last === undefined ? '' : text.slice(last.index + last[0].length);
  return [text.slice(0, first.index).trim(), below.trim()].filter((part) => part !== '').join('\n\n');
}

/**
 * An HTML body with another text above how to join, which stays to the letter: a body without it would end the meeting. Where it cannot be
 * told where that begins, the whole of the body stays below the new text.
 *
 * @see [Update event, online meetings](https://learn.microsoft.com/graph/api/event-update#notes-for-updating-specific-properties)
 */
export function withTextAboveJoin(html: string, text: string): string {
  const opening = /<body[^>]*>/i.exec(html);
  const from = opening === null ? 0 : opening.index + opening[0].length;
  const above = text === '' ? '' : `<div>${escapeHtml(text).replace(/\r?\n/g, '<br>\r\n')}</div>\r\n<br>\r\n`;
  return html.slice(0, from) + above + html.slice(joinStart(html, from) ?? from);
}

/** Where the elements begin that hold the first rule. */
function joinStart(html: string, from: number): number | undefined {
  const rule = RULE.exec(html.slice(from));
  if (rule === null) return undefined;
  let start = from + rule.index;
  for (;;) {
    const end = html.slice(from, start).trimEnd().length + from;
    const opening = end > from ? html.lastIndexOf('<', end - 1) : -1;
    if (opening < from || !OPENING_TAG.test(html.slice(opening, end))) return start;
    start = opening;
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
