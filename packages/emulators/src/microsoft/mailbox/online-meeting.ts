import { randomBytes } from 'node:crypto';
import { guidOf } from '../directory/guid.ts';
import type { EventFields } from './events.ts';

/** Who can host an event's meeting. @see {@link https://learn.microsoft.com/graph/api/resources/event#properties} */
export const ONLINE_MEETING_PROVIDERS = ['unknown', 'skypeForBusiness', 'skypeForConsumer', 'teamsForBusiness'] as const;

/** One of {@link ONLINE_MEETING_PROVIDERS}. */
export type OnlineMeetingProvider = (typeof ONLINE_MEETING_PROVIDERS)[number];

/** The Teams meeting of an event. */
export interface OnlineMeetingInfo {
  readonly joinUrl: string;
}

/** An event, and the meeting that it has. */
export interface SettledMeeting {
  readonly fields: EventFields;
  readonly onlineMeeting: OnlineMeetingInfo | undefined;
}

/** Makes an address as Teams does. */
export function newJoinUrl(owner: { readonly tenantId: string; readonly oid: string }): string {
  const thread = encodeURIComponent(`19:meeting_${randomBytes(36).toString('base64url')}@thread.v2`);
  const context = encodeURIComponent(JSON.stringify({ Tid: owner.tenantId, Oid: owner.oid }));
  return `https://teams.microsoft.com/l/meetup-join/${thread}/0?context=${context}`;
}

/**
 * Says which meeting an event has after a change. The first `isOnlineMeeting` makes one, where the calendar has Teams, and puts how to
 * join into the body. From then on the field is ignored, and what is in the body counts: without the address the meeting is gone.
 * @see {@link https://learn.microsoft.com/graph/outlook-calendar-online-meetings}
 */
export function settleMeeting(
  { isOnlineMeeting, onlineMeetingProvider, ...fields }: EventFields,
  previous: OnlineMeetingInfo | undefined,
  calendar: { readonly onlineMeetingProviders: readonly OnlineMeetingProvider[]; readonly owner: { readonly address: string } },
): SettledMeeting {
  if (previous !== undefined) {
    const isStillInBody = fields.body?.content.includes(previous.joinUrl) === true;
    return { fields, onlineMeeting: isStillInBody ? previous : undefined };
  }
  const provider = onlineMeetingProvider ?? calendar.onlineMeetingProviders[0];
  const isOffered = provider === 'teamsForBusiness' && calendar.onlineMeetingProviders.includes(provider);
  if (isOnlineMeeting !== true || !isOffered) return { fields, onlineMeeting: undefined };
  const { address } = calendar.owner;
  const joinUrl = newJoinUrl({ tenantId: guidOf(address.split('@')[1] ?? ''), oid: guidOf(address) });
  return { fields: { ...fields, body: { contentType: 'html', content: withJoinBlob(fields.body, joinUrl) } }, onlineMeeting: { joinUrl } };
}

function withJoinBlob(body: EventFields['body'], joinUrl: string): string {
  const content = body?.content ?? '';
  const own = body?.contentType === 'text' ? `<p>${content.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</p>` : content;
  return `${own}<br><div class="me-email-text" lang="en-US"><div>________________</div><span>Microsoft Teams meeting</span><div><a id="meet_invite_block.action.join_link" href="${joinUrl}">Join the meeting now</a></div></div>`;
}
