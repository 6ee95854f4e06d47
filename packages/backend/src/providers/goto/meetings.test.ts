import { describe, expect, it } from 'vitest';
import { CREDENTIAL, type Script, scriptedService } from '../oauth2/oauth2.contract.ts';
import { DRAFT, scriptedMeetingTests } from '../scripted-meetings.contract.ts';
import { SCRIPTED_GOTO } from './scripted-goto.contract.ts';

const CREATE = '/G2M/rest/meetings';
const MEETING = '/G2M/rest/meetings/123456789';

/** [Create meeting](https://developer.goto.com/GoToMeetingV1#operation/createMeeting) */
const created = (): Response =>
  Response.json(
    [
      {
        joinURL: 'https://meet.example/123456789',
        meetingid: 123_456_789,
        uniqueMeetingId: 123_456_789,
        maxParticipants: 26,
        conferenceCallInfo: 'US: +1 (646) 749-3122',
      },
    ],
    { status: 201 },
  );

async function open(script: Record<string, Script>) {
  const { service, asked } = scriptedService(SCRIPTED_GOTO, script);
  return { meetings: await service.meetings(), asked };
}

scriptedMeetingTests('goto', {
  open,
  credential: CREDENTIAL,
  createPath: CREATE,
  updatePath: MEETING,
  deletePath: MEETING,
  created,
  meeting: { meetingId: '123456789', joinUrl: 'https://meet.example/123456789', password: undefined },
  refusals: [
    [401, { int_err_code: 'InvalidToken', msg: 'Invalid token passed' }, 'unauthorized'],
    [403, { int_err_code: 'InvalidToken', msg: 'Invalid token passed' }, 'unauthorized'],
    [403, { int_err_code: 'AccessDenied', msg: 'About jane@example.com' }, 'forbidden'],
    [404, { int_err_code: 'NotFound', msg: 'No meeting' }, 'not_found'],
    [400, { error: { resource: '/rest/meetings', message: 'invalid json' } }, 'invalid'],
    [400, { errorCode: 'InvalidRequest', description: 'About jane@example.com' }, 'invalid'],
    [429, { int_err_code: 'TooManyRequests' }, 'unavailable'],
    [404, { message: 'no such route' }, 'unavailable'],
    [403, { message: 'Forbidden' }, 'unavailable'],
  ],
});

describe('a meeting sent to goto', () => {
  it('says all that goto wants to hear, in UTC', async () => {
    const { meetings, asked } = await open({ [CREATE]: created, [MEETING]: () => new Response(null, { status: 204 }) });
    await meetings.create(CREDENTIAL, { ...DRAFT, title: 'x'.repeat(200), idempotencyKey: 'k' });
    await meetings.update(CREDENTIAL, '123456789', DRAFT);
    const rest = {
      starttime: '2026-11-16T09:00:00Z',
      endtime: '2026-11-16T09:45:00Z',
      passwordrequired: false,
      conferencecallinfo: 'Hybrid',
      timezonekey: '',
      meetingtype: 'scheduled',
    };
    expect(asked.map(({ method, text }) => [method, JSON.parse(text)])).toEqual([
      ['POST', { subject: 'x'.repeat(100), ...rest }],
      ['PUT', { subject: 'Talk', ...rest }],
    ]);
  });
});
