import { describe, expect, it } from 'vitest';
import { CREDENTIAL, type Script, scriptedService } from '../oauth2/oauth2.contract.ts';
import { DRAFT, scriptedMeetingTests } from '../scripted-meetings.contract.ts';
import { SCRIPTED_WEBEX } from './scripted-webex.contract.ts';

const CREATE = '/v1/meetings';
const MEETING = '/v1/meetings/870f51ff287b41be84648412901e0402';
const MINUTE_MS = 60_000;

/** [Create a meeting](https://developer.webex.com/docs/api/v1/meetings/create-a-meeting), shortened. */
const created = (): Response =>
  Response.json({
    id: '870f51ff287b41be84648412901e0402',
    meetingNumber: '123456789',
    password: 'BgJep@43',
    hostEmail: 'jane@example.com',
    hostKey: 'very-secret',
    webLink: 'https://site.example/site/j.php?MTID=md41817da6a55b0925530cb88b3577b1e',
  });

async function open(script: Record<string, Script>) {
  const { service, asked } = scriptedService(SCRIPTED_WEBEX, script);
  return { meetings: await service.meetings(), asked };
}

const refusal = { message: 'About jane@example.com', errors: [{ description: 'About jane@example.com' }], trackingId: 'ROUTER_1' };
scriptedMeetingTests('webex', {
  open,
  credential: CREDENTIAL,
  createPath: CREATE,
  updatePath: MEETING,
  deletePath: MEETING,
  created,
  meeting: {
    meetingId: '870f51ff287b41be84648412901e0402',
    joinUrl: 'https://site.example/site/j.php?MTID=md41817da6a55b0925530cb88b3577b1e',
    password: 'BgJep@43',
  },
  refusals: [
    [401, refusal, 'unauthorized'],
    [403, refusal, 'forbidden'],
    [404, refusal, 'not_found'],
    [400, refusal, 'invalid'],
    [409, refusal, 'invalid'],
    [423, refusal, 'unavailable'],
    [429, refusal, 'unavailable'],
    [404, { detail: 'no such route' }, 'unavailable'],
  ],
});

describe('a meeting sent to webex', () => {
  it('says when it is and where, and mails nobody', async () => {
    const { meetings, asked } = await open({ [CREATE]: created, [MEETING]: created });
    await meetings.create(CREDENTIAL, { ...DRAFT, title: 'x'.repeat(200), idempotencyKey: 'k' });
    await meetings.update(CREDENTIAL, '870f51ff287b41be84648412901e0402', DRAFT);
    await meetings.delete(CREDENTIAL, '870f51ff287b41be84648412901e0402');
    const times = { start: '2026-11-16T09:00:00Z', end: '2026-11-16T09:45:00Z', timezone: 'Europe/Berlin', sendEmail: false };
    expect(asked.map(({ method, url, text }) => [method, url.search, text === '' ? undefined : JSON.parse(text)])).toEqual([
      ['POST', '', { title: 'x'.repeat(128), ...times }],
      ['PATCH', '', { title: 'Talk', ...times }],
      ['DELETE', '?sendEmail=false', undefined],
    ]);
  });

  it.each([
    [5, '2026-11-16T09:10:00Z'],
    [24 * 60, '2026-11-17T08:59:00Z'],
  ])('of %d minutes is as long as webex takes', async (minutes, end) => {
    const { meetings, asked } = await open({ [CREATE]: created });
    await meetings.create(CREDENTIAL, { ...DRAFT, endMs: DRAFT.startMs + minutes * MINUTE_MS, idempotencyKey: 'k' });
    expect(JSON.parse(asked[0]?.text ?? '')).toMatchObject({ end });
  });

  it('is changed where webex says so with the meeting', async () => {
    const { meetings } = await open({ [MEETING]: created });
    expect(await meetings.update(CREDENTIAL, '870f51ff287b41be84648412901e0402', DRAFT)).toEqual({ outcome: 'ok', value: undefined });
  });
});
