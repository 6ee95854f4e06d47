import { describe, expect, it } from 'vitest';
import { createOutbound } from '../../outbound/outbound.ts';
import type { EventDraft } from '../calendar-reader.ts';
import { GOOGLE_CREDENTIAL, RANGE } from './calendar-credential.contract.ts';
import { scriptedGoogle } from './scripted-google.contract.ts';

const CALENDAR_ID = 'jane@example.com';
const DRAFT: EventDraft = { title: 'Talk', time: { allDay: false, startMs: RANGE.fromMs, endMs: RANGE.toMs } };
const MEET = 'https://meet.google.com/abc-mnop-xyz';
const ZOOM = { description: 'Zoom', joinUrl: 'https://zoom.example/j/1' };
const BLOCK = '────────\nZoom:\nhttps://zoom.example/j/1\n────────';

function event(changes: object = {}): object {
  const at = (dateTime: string) => ({ dateTime, timeZone: 'UTC' });
  return { id: 'event1', etag: '"1"', start: at('2026-11-16T10:00:00Z'), end: at('2026-11-16T11:00:00Z'), ...changes };
}

/** With a conference whose request came to this. */
function withRequest(statusCode: string, changes: object = {}): object {
  return event({ conferenceData: { createRequest: { requestId: 'r', status: { statusCode } } }, ...changes });
}

/** What was asked of such a Google. */
interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
}

/** A Google whose one event is, one answer after the other, these; the last one stays. */
async function googleWith(...states: readonly object[]) {
  const asked: Asked[] = [];
  const answer = async (url: URL, init: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    const text = await request.text();
    asked.push({ method: request.method, url, body: text === '' ? undefined : JSON.parse(text) });
    return Response.json(states[Math.min(asked.length, states.length) - 1]);
  };
  const reader = await scriptedGoogle({}, { outbound: createOutbound({ fetch: answer }) }).provider.calendar();
  const bodies = (): unknown[] => asked.flatMap(({ body }) => body ?? []);
  return {
    asked,
    bodies,
    create: (draft: Partial<EventDraft>, idempotencyKey = 'key-1') =>
      reader.createEvent(GOOGLE_CREDENTIAL, { calendarId: CALENDAR_ID, idempotencyKey, event: { ...DRAFT, ...draft } }),
    update: (changes: Partial<EventDraft>) =>
      reader.updateEvent(GOOGLE_CREDENTIAL, { calendarId: CALENDAR_ID, eventId: 'event1', changes }),
  };
}

const methods = (asked: readonly Asked[]): readonly string[] => asked.map(({ method }) => method);
const REQUEST = { createRequest: { requestId: expect.stringMatching(/^[0-9a-f]{64}$/), conferenceSolutionKey: { type: 'hangoutsMeet' } } };

describe('integrated conferencing at google', () => {
  it('is asked for with the event, and is there', async () => {
    const { asked, bodies, create } = await googleWith(withRequest('success', { hangoutLink: MEET }));
    const outcome = await create({ conferencing: 'integrated' });
    expect(outcome).toMatchObject({ outcome: 'ok', value: { meetingUrl: MEET } });
    expect(outcome.outcome === 'ok' && 'conferencingState' in outcome.value).toBe(false);
    expect(asked.map(({ url }) => url.searchParams.get('conferenceDataVersion'))).toEqual(['1']);
    expect(bodies()).toMatchObject([{ conferenceData: REQUEST }]);
  });

  it('has one request for each key', async () => {
    const { bodies, create } = await googleWith(event({ hangoutLink: MEET }));
    await create({ conferencing: 'integrated' });
    await create({ conferencing: 'integrated' });
    await create({ conferencing: 'integrated' }, 'key-2');
    const ids = (bodies() as { conferenceData: typeof REQUEST }[]).map(({ conferenceData }) => conferenceData.createRequest.requestId);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('is read again while it is to come', async () => {
    const { asked, create } = await googleWith(
      withRequest('pending'),
      withRequest('pending'),
      withRequest('success', { hangoutLink: MEET }),
    );
    expect(await create({ conferencing: 'integrated' })).toMatchObject({ outcome: 'ok', value: { meetingUrl: MEET } });
    expect(methods(asked)).toEqual(['POST', 'GET', 'GET']);
  });

  it('stays pending where it does not come, and the event is made all the same', async () => {
    const { asked, create } = await googleWith(withRequest('pending'));
    expect(await create({ conferencing: 'integrated' })).toMatchObject({
      outcome: 'ok',
      value: { conferencingState: 'pending', meetingUrl: undefined },
    });
    expect(methods(asked)).toEqual(['POST', 'GET', 'GET', 'GET']);
  });

  it('stays pending where the event cannot be read again', async () => {
    const { create } = await googleWith(withRequest('pending'), { error: {} });
    expect(await create({ conferencing: 'integrated' })).toMatchObject({ outcome: 'ok', value: { conferencingState: 'pending' } });
  });

  it('failed where google says so', async () => {
    const { asked, create } = await googleWith(withRequest('failure'));
    expect(await create({ conferencing: 'integrated' })).toMatchObject({ outcome: 'ok', value: { conferencingState: 'failed' } });
    expect(methods(asked)).toEqual(['POST']);
  });

  it('is not waited for by who did not ask for it', async () => {
    const { asked, create, update } = await googleWith(withRequest('pending'));
    expect([await create({}), await update({ title: 'Chat' })]).toMatchObject([
      { value: { conferencingState: 'pending' } },
      { value: { conferencingState: 'pending' } },
    ]);
    expect(methods(asked)).toEqual(['POST', 'PATCH']);
  });

  it('keeps its address where it is asked for again', async () => {
    const { asked, bodies, update } = await googleWith(event({ hangoutLink: MEET }));
    expect(await update({ conferencing: 'integrated', title: 'Chat' })).toMatchObject({ value: { meetingUrl: MEET } });
    expect(methods(asked)).toEqual(['GET', 'PATCH']);
    expect(bodies()).toEqual([{ summary: 'Chat' }]);
    expect(asked[1]?.url.searchParams.get('conferenceDataVersion')).toBe('1');
  });

  it.each([
    ['an event without', {}],
    ['an event whose last one failed', { conferenceData: { createRequest: { status: { statusCode: 'failure' } } } }],
  ])('is added to %s, by a request of its own each time', async (_, changes) => {
    const first = await googleWith(event(changes), event({ hangoutLink: MEET }));
    const second = await googleWith(event({ ...changes, etag: '"2"' }), event({ hangoutLink: MEET }));
    await first.update({ conferencing: 'integrated' });
    await second.update({ conferencing: 'integrated' });
    expect(first.bodies()).toEqual([{ conferenceData: REQUEST }]);
    expect(first.bodies()).not.toEqual(second.bodies());
  });

  it.each([
    ['none' as const, {}],
    [ZOOM, { description: BLOCK, location: ZOOM.joinUrl }],
  ])('goes for %j', async (conferencing, text) => {
    const { bodies, update } = await googleWith(event({ hangoutLink: MEET }), event());
    expect(await update({ conferencing })).toMatchObject({ outcome: 'ok', value: { meetingUrl: undefined } });
    expect(bodies()).toEqual([{ conferenceData: null, ...text }]);
  });

  it('is not changed where the event is deleted or gone', async () => {
    const { asked, update } = await googleWith(event({ status: 'cancelled' }));
    expect(await update({ conferencing: 'integrated' })).toMatchObject({ outcome: 'not_found' });
    expect(methods(asked)).toEqual(['GET']);
  });
});

describe('a meeting made elsewhere, in an event of google', () => {
  it('stands in description and location of a new event', async () => {
    const { bodies, create } = await googleWith(event());
    await create({ conferencing: ZOOM, description: 'Bring it.' });
    await create({ conferencing: ZOOM, location: 'Room Elbe' });
    await create({ conferencing: 'none', description: 'Bring it.' });
    expect(bodies()).toMatchObject([
      { description: `Bring it.\n\n${BLOCK}`, location: ZOOM.joinUrl },
      { description: BLOCK, location: 'Room Elbe' },
      { description: 'Bring it.' },
    ]);
    expect(bodies().some((body) => typeof body === 'object' && body !== null && 'conferenceData' in body)).toBe(false);
  });

  it('stays where the description changes, and is replaced by another', async () => {
    const now = event({ description: `Bring it.\n\n${BLOCK}`, location: ZOOM.joinUrl });
    const { bodies, update } = await googleWith(now);
    await update({ description: 'Bring more.' });
    await update({ conferencing: { description: 'Webex', joinUrl: 'https://webex.example/2' } });
    await update({ conferencing: 'none' });
    expect(bodies()).toEqual([
      { description: `Bring more.\n\n${BLOCK}` },
      { description: 'Bring it.\n\n────────\nWebex:\nhttps://webex.example/2\n────────', location: 'https://webex.example/2' },
      { description: 'Bring it.', location: '' },
    ]);
  });
});

describe('reminders of an event at google', () => {
  it.each([
    [
      [30, 10],
      {
        useDefault: false,
        overrides: [
          { method: 'popup', minutes: 30 },
          { method: 'popup', minutes: 10 },
        ],
      },
    ],
    [[], { useDefault: false, overrides: [] }],
    [undefined, undefined],
  ])('at %j are %j', async (reminderMinutes, reminders) => {
    const { bodies, create } = await googleWith(event());
    await create({ reminderMinutes });
    expect((bodies()[0] as { reminders?: unknown }).reminders).toEqual(reminders);
  });
});
