import { describe, expect, it } from 'vitest';
import { CREDENTIAL, type Script, scriptedService } from '../oauth2/oauth2.contract.ts';
import { DRAFT, scriptedMeetingTests } from '../scripted-meetings.contract.ts';
import { SCRIPTED_ZOOM } from './scripted-zoom.contract.ts';

const CREATE = '/v2/users/me/meetings';
const MEETING = '/v2/meetings/92674392836';

/** [Create a meeting](https://developers.zoom.us/docs/api/meetings/), shortened. */
const created: Script = () =>
  Response.json(
    {
      id: 92_674_392_836,
      uuid: 'aDYlohsHRtCd4ii1uC2+hA==',
      host_email: 'jane@example.com',
      start_url: 'https://example.com/s/92674392836?zak=very-secret',
      join_url: 'https://example.com/j/92674392836?pwd=abc',
      password: '123456',
      host_key: 'very-secret',
    },
    { status: 201 },
  );

async function open(script: Record<string, Script>) {
  const { service, asked } = scriptedService(SCRIPTED_ZOOM, script);
  return { meetings: await service.meetings(), asked };
}

const message = 'About jane@example.com';
scriptedMeetingTests('zoom', {
  open,
  credential: CREDENTIAL,
  createPath: CREATE,
  updatePath: MEETING,
  deletePath: MEETING,
  created: () => created(new Request('https://x.example')) as Response,
  meeting: { meetingId: '92674392836', joinUrl: 'https://example.com/j/92674392836?pwd=abc', password: '123456' },
  refusals: [
    [401, { code: 124, message: 'Invalid access token.' }, 'unauthorized'],
    [401, { code: 124, message: 'Access token is expired.' }, 'unauthorized'],
    [400, { code: 4711, message: 'Invalid access token, does not contain scopes:[meeting:write:meeting].' }, 'forbidden'],
    [401, { code: 4700, message: 'Invalid access token, does not contain scopes.' }, 'forbidden'],
    [400, { code: 200, message }, 'forbidden'],
    [403, { code: 9999, message }, 'forbidden'],
    [404, { code: 1001, message: 'User does not exist: jane@example.com' }, 'forbidden'],
    [404, { code: 3001, message: 'Meeting does not exist: 1.' }, 'not_found'],
    [400, { code: 300, message: 'Validation Failed.', errors: [{ field: 'duration', message: 'Invalid field.' }] }, 'invalid'],
    [429, { code: 429, message: 'You have exceeded the daily rate limit of (100).' }, 'unavailable'],
    [404, { code: 5000, message }, 'unavailable'],
    [500, { code: 124, message }, 'unavailable'],
  ],
});

describe('a meeting sent to zoom', () => {
  const bodiesOf = (asked: readonly { text: string }[]): unknown[] => asked.map(({ text }) => JSON.parse(text));

  it('is once, in UTC, in whole minutes', async () => {
    const { meetings, asked } = await open({ [CREATE]: created });
    await meetings.create(CREDENTIAL, { ...DRAFT, endMs: DRAFT.endMs + 1, title: 'x'.repeat(300), idempotencyKey: 'k' });
    expect(bodiesOf(asked)).toEqual([
      { topic: 'x'.repeat(200), type: 2, start_time: '2026-11-16T09:00:00Z', duration: 46, timezone: 'Europe/Berlin' },
    ]);
  });

  it('is sent again in UTC where its zone is not known, and no third time', async () => {
    const refuseZones: Script = async (request) =>
      (await request.text()).includes('Europe/Berlin')
        ? Response.json({ code: 300, message: 'Validation Failed.' }, { status: 400 })
        : created(request);
    const { meetings, asked } = await open({ [CREATE]: refuseZones });
    expect(await meetings.create(CREDENTIAL, { ...DRAFT, idempotencyKey: 'k' })).toMatchObject({ outcome: 'ok' });
    expect(bodiesOf(asked)).toMatchObject([{ timezone: 'Europe/Berlin' }, { timezone: 'UTC' }]);
  });

  it('has no password where zoom gives an empty one', async () => {
    const { meetings } = await open({ [CREATE]: () => Response.json({ id: 1, join_url: 'https://example.com/j/1', password: '' }) });
    expect(await meetings.create(CREDENTIAL, { ...DRAFT, idempotencyKey: 'k' })).toMatchObject({ value: { password: undefined } });
  });

  it('is changed with PATCH', async () => {
    const { meetings, asked } = await open({ [MEETING]: () => new Response(null, { status: 204 }) });
    await meetings.update(CREDENTIAL, '92674392836', { ...DRAFT, title: 'Chat' });
    expect(asked[0]?.method).toBe('PATCH');
    expect(bodiesOf(asked)).toMatchObject([{ topic: 'Chat', start_time: '2026-11-16T09:00:00Z', duration: 45 }]);
  });

  it('is unknown to a change where it is gone', async () => {
    const { meetings } = await open({
      [MEETING]: () => Response.json({ code: 3001, message: 'Meeting does not exist.' }, { status: 404 }),
    });
    expect(await meetings.update(CREDENTIAL, '92674392836', DRAFT)).toMatchObject({ outcome: 'not_found' });
  });
});
