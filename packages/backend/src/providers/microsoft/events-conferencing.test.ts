import { describe, expect, it } from 'vitest';
import type { EventDraft } from '../calendar-reader.ts';
import { EVENTS, GRAPH_CREDENTIAL, graphError, graphEvent, PRIMARY_ID, RANGE, scriptedGraph } from './graph-scripted.contract.ts';
import type { Script } from './scripted-microsoft.contract.ts';

const EVENT_PATH = `${EVENTS}/event1`;
const TIME = { allDay: false, startMs: RANGE.fromMs, endMs: RANGE.toMs } as const;
const JOIN = 'https://teams.microsoft.com/l/meetup-join/1';
const ZOOM = { description: 'Zoom', joinUrl: 'https://zoom.example/j/1' };
const BLOCK = '────────\nZoom:\nhttps://zoom.example/j/1\n────────';
const RULE = '_'.repeat(80);
const JOIN_HTML = `<div><span>${RULE}</span></div><a href="${JOIN}">Join</a><div>${RULE}</div></body></html>`;
const ASKED = { isOnlineMeeting: true, onlineMeetingProvider: 'teamsForBusiness' };
const ONLINE = { ...ASKED, onlineMeeting: { joinUrl: JOIN } };
const PENDING = { ...ASKED, onlineMeeting: null };

/** A Graph whose one event is, one answer after the other, these; the last one stays. Bodies of it are HTML where somebody asks for HTML. */
function graphWith(...states: readonly object[]) {
  let answered = 0;
  const answer: Script = (request) => {
    if (new URL(request.url).searchParams.get('$select') === 'body') {
      return Response.json({ body: { contentType: 'html', content: `<html><body>Bring it.<br>${JOIN_HTML}` } });
    }
    answered += 1;
    return Response.json(states[Math.min(answered, states.length) - 1], { status: request.method === 'POST' ? 201 : 200 });
  };
  const { reader, asked } = scriptedGraph({ [EVENTS]: answer, [EVENT_PATH]: answer });
  return {
    asked,
    /** What was written. */
    written: (): unknown[] => asked.flatMap(({ body }) => body ?? []),
    methods: (): readonly string[] => asked.map(({ method }) => method),
    create: (draft: Partial<EventDraft>) =>
      reader.createEvent(GRAPH_CREDENTIAL, {
        calendarId: PRIMARY_ID,
        idempotencyKey: 'k',
        event: { title: 'Talk', time: TIME, ...draft },
      }),
    update: (changes: Partial<EventDraft>) => reader.updateEvent(GRAPH_CREDENTIAL, { calendarId: PRIMARY_ID, eventId: 'event1', changes }),
  };
}

describe('integrated conferencing at microsoft', () => {
  it('is asked for with the event, and is there', async () => {
    const { written, methods, create } = graphWith(graphEvent(ONLINE));
    const outcome = await create({ conferencing: 'integrated' });
    expect(outcome).toMatchObject({ outcome: 'ok', value: { meetingUrl: JOIN } });
    expect(outcome.outcome === 'ok' && 'conferencingState' in outcome.value).toBe(false);
    expect(written()).toMatchObject([ASKED]);
    expect(methods()).toEqual(['POST']);
  });

  it('is read again while it is to come, and stays pending where it does not', async () => {
    const comes = graphWith(graphEvent(PENDING), graphEvent(ONLINE));
    expect(await comes.create({ conferencing: 'integrated' })).toMatchObject({ value: { meetingUrl: JOIN } });
    expect(comes.methods()).toEqual(['POST', 'GET']);
    const never = graphWith(graphEvent(PENDING));
    expect(await never.create({ conferencing: 'integrated' })).toMatchObject({ outcome: 'ok', value: { conferencingState: 'pending' } });
  });

  it('failed where the mailbox takes the wish and leaves it', async () => {
    const { methods, create } = graphWith(graphEvent({ isOnlineMeeting: false, onlineMeetingProvider: 'unknown' }));
    expect(await create({ conferencing: 'integrated' })).toMatchObject({ outcome: 'ok', value: { conferencingState: 'failed' } });
    expect(methods()).toEqual(['POST']);
  });

  it('of others is not waited for', async () => {
    const { create } = graphWith(graphEvent({ isOnlineMeeting: true, onlineMeetingProvider: 'unknown' }));
    const outcome = await create({});
    expect(outcome.outcome === 'ok' && outcome.value.conferencingState).toBe(undefined);
  });

  it('keeps its address where it is asked for again', async () => {
    const { written, methods, update } = graphWith(graphEvent(ONLINE));
    expect(await update({ conferencing: 'integrated', title: 'Chat' })).toMatchObject({ value: { meetingUrl: JOIN } });
    expect(written()).toEqual([{ subject: 'Chat' }]);
    expect(methods()).toEqual(['GET', 'PATCH']);
  });

  it('is added to an event without', async () => {
    const { written, update } = graphWith(graphEvent(), graphEvent(ONLINE));
    expect(await update({ conferencing: 'integrated' })).toMatchObject({ value: { meetingUrl: JOIN } });
    expect(written()).toEqual([ASKED]);
  });

  it('stays with its text where the description changes', async () => {
    const { asked, written, update } = graphWith(graphEvent(ONLINE));
    await update({ description: 'Bring <more>.' });
    const content = `<html><body><div>Bring &lt;more&gt;.</div>\r\n<br>\r\n${JOIN_HTML}`;
    expect(written()).toEqual([{ body: { contentType: 'html', content } }]);
    expect(asked[1]?.headers.get('prefer')).toContain('outlook.body-content-type="html"');
    expect(asked[1]?.headers.get('prefer')).not.toContain('"text"');
  });

  it('is not risked where its text cannot be read', async () => {
    const answer: Script = (request) =>
      new URL(request.url).search === '' ? Response.json(graphEvent(ONLINE)) : graphError(503, 'ServiceUnavailable');
    const { reader, asked } = scriptedGraph({ [EVENT_PATH]: answer });
    const request = { calendarId: PRIMARY_ID, eventId: 'event1', changes: { description: 'x' } };
    expect(await reader.updateEvent(GRAPH_CREDENTIAL, request)).toMatchObject({ outcome: 'unavailable' });
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it.each([
    ['none' as const, { body: { contentType: 'text', content: 'Bring it.' } }],
    [ZOOM, { body: { contentType: 'text', content: `Bring it.\n\n${BLOCK}` }, location: { displayName: ZOOM.joinUrl } }],
  ])('goes with its text for %j', async (conferencing, fields) => {
    const body = { contentType: 'text', content: `Bring it.\r\n${RULE}\r\nMicrosoft Teams\r\n${JOIN}\r\n${RULE}\r\n` };
    const { written, update } = graphWith(graphEvent({ ...ONLINE, body }), graphEvent());
    expect(await update({ conferencing })).toMatchObject({ outcome: 'ok', value: { meetingUrl: undefined } });
    expect(written()).toEqual([{ isOnlineMeeting: false, ...fields }]);
  });

  it('is no description', async () => {
    const body = { contentType: 'text', content: `Bring it.\r\n${RULE}\r\nMicrosoft Teams\r\n${JOIN}\r\n${RULE}\r\n` };
    expect(await graphWith(graphEvent({ ...ONLINE, body })).create({})).toMatchObject({ value: { description: 'Bring it.' } });
    const own = { contentType: 'text', content: `Sign here:\r\n${RULE}` }; // and there is no meeting
    expect(await graphWith(graphEvent({ body: own })).create({})).toMatchObject({ value: { description: own.content } });
  });

  it('is not changed in an event that is gone', async () => {
    const { reader, asked } = scriptedGraph({});
    const request = { calendarId: PRIMARY_ID, eventId: 'event1', changes: { conferencing: 'integrated' } } as const;
    expect(await reader.updateEvent(GRAPH_CREDENTIAL, request)).toMatchObject({ outcome: 'not_found' });
    expect(asked).toHaveLength(1);
  });
});

describe('a meeting made elsewhere, in an event of microsoft', () => {
  it('stands in text and location of a new event', async () => {
    const { written, create } = graphWith(graphEvent());
    await create({ conferencing: ZOOM, description: 'Bring it.' });
    await create({ conferencing: ZOOM, location: 'Room Elbe' });
    expect(written()).toMatchObject([
      { body: { contentType: 'text', content: `Bring it.\n\n${BLOCK}` }, location: { displayName: ZOOM.joinUrl } },
      { body: { contentType: 'text', content: BLOCK }, location: { displayName: 'Room Elbe' } },
    ]);
  });

  it('is replaced, and goes', async () => {
    const body = { contentType: 'text', content: `Bring it.\r\n\r\n${BLOCK.replaceAll('\n', '\r\n')}\r\n` };
    const { written, update } = graphWith(graphEvent({ body, location: { displayName: ZOOM.joinUrl } }));
    await update({ conferencing: { description: 'Webex', joinUrl: 'https://webex.example/2' } });
    await update({ conferencing: 'none' });
    expect(written()).toEqual([
      {
        body: { contentType: 'text', content: 'Bring it.\n\n────────\nWebex:\nhttps://webex.example/2\n────────' },
        location: { displayName: 'https://webex.example/2' },
      },
      { body: { contentType: 'text', content: 'Bring it.' }, location: { displayName: '' } },
    ]);
  });
});

describe('reminders of an event at microsoft', () => {
  it.each([
    [[10, 60, 0], { isReminderOn: true, reminderMinutesBeforeStart: 60 }],
    [[], { isReminderOn: false }],
  ])('at %j are %j', async (reminderMinutes, fields) => {
    const { written, update } = graphWith(graphEvent());
    await update({ reminderMinutes });
    expect(written()).toEqual([fields]);
  });
});
