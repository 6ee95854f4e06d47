import { describe, expect, it } from 'vitest';
import { CREDENTIAL, NOW_MS, ROOT, type Script } from '../oauth2/oauth2.contract.ts';
import { DRAFT, scriptedMeetingTests } from '../scripted-meetings.contract.ts';
import { scriptedDoor } from '../scripted-vendor.contract.ts';
import { microsoftTeams } from './microsoft-teams.ts';

const ID = 'MSpkYzE3Njc0Yy04MWQ5+/=';
const CREATE = '/v1.0/me/onlineMeetings';
const MEETING = `${CREATE}/${encodeURIComponent(ID)}`;

/** [Create onlineMeeting](https://learn.microsoft.com/graph/api/application-post-onlinemeetings), shortened. */
const created = (): Response =>
  Response.json(
    {
      id: ID,
      joinWebUrl: 'https://teams.microsoft.com/l/meetup-join/19%3ameeting_1%40thread.v2/0',
      subject: 'Talk',
      joinMeetingIdSettings: { isPasscodeRequired: true, joinMeetingId: '1234567890', passcode: 'fLlkwu' },
      participants: { organizer: { upn: 'jane@example.com' } },
    },
    { status: 201 },
  );

async function open(script: Record<string, Script>) {
  const { outbound, asked } = scriptedDoor({ root: ROOT, script, timeoutMs: 300 });
  const service = microsoftTeams({
    clientId: '11111111-2222-4333-8444-555555555555',
    clientSecret: 'value~very-secret',
    endpoints: { graph: ROOT },
    outbound,
    now: () => NOW_MS,
  });
  return { meetings: await service.meetings(), asked };
}

const refusal = (code: string): object => ({ error: { code, message: 'About jane@example.com', innerError: { 'request-id': '0' } } });
scriptedMeetingTests('microsoft teams', {
  open,
  credential: CREDENTIAL,
  createPath: CREATE,
  updatePath: MEETING,
  deletePath: MEETING,
  created,
  meeting: {
    meetingId: ID,
    joinUrl: 'https://teams.microsoft.com/l/meetup-join/19%3ameeting_1%40thread.v2/0',
    password: 'fLlkwu',
  },
  refusals: [
    [401, refusal('InvalidAuthenticationToken'), 'unauthorized'],
    [403, refusal('Forbidden'), 'forbidden'],
    [404, refusal('NotFound'), 'not_found'],
    [400, refusal('BadRequest'), 'invalid'],
    [429, refusal('TooManyRequests'), 'unavailable'],
    [403, refusal('ApplicationThrottled'), 'unavailable'],
    [500, refusal('General'), 'unavailable'],
  ],
});

describe('a meeting sent to microsoft teams', () => {
  it('has start and end together, and stands in no calendar', async () => {
    const { meetings, asked } = await open({ [CREATE]: created, [MEETING]: () => Response.json({ id: ID }) });
    await meetings.create(CREDENTIAL, { ...DRAFT, idempotencyKey: 'k' });
    expect(await meetings.update(CREDENTIAL, ID, { ...DRAFT, title: 'Chat' })).toEqual({ outcome: 'ok', value: undefined });
    const times = { startDateTime: '2026-11-16T09:00:00.000Z', endDateTime: '2026-11-16T09:45:00.000Z' };
    expect(asked.map(({ method, text }) => [method, JSON.parse(text)])).toEqual([
      ['POST', { subject: 'Talk', ...times }],
      ['PATCH', { subject: 'Chat', ...times }],
    ]);
  });
});
