import { describe, expect, it } from 'vitest';
import type { EventDraft, TimeSpan } from '../calendar-reader.ts';
import {
  EVENTS,
  GRAPH_CREDENTIAL,
  graphError,
  graphEvent,
  graphTime,
  PRIMARY_ID,
  RANGE,
  scriptedGraph,
  VIEW,
} from './graph-scripted.contract.ts';
import { holdsNoSecret, type Script } from './scripted-microsoft.contract.ts';

const EVENT = { calendarId: PRIMARY_ID, eventId: 'event/1=' };
const EVENT_PATH = `${EVENTS}/${encodeURIComponent(EVENT.eventId)}`;
const TIME: TimeSpan = { allDay: false, startMs: Date.parse('2026-11-16T10:00:00Z'), endMs: Date.parse('2026-11-16T11:00:00Z') };

async function listed(...value: readonly object[]) {
  const { reader, asked } = scriptedGraph({ [VIEW]: () => Response.json({ value }) });
  const outcome = await reader.listEvents(GRAPH_CREDENTIAL, { calendarId: PRIMARY_ID, ...RANGE });
  return { outcome, asked, first: outcome.outcome === 'ok' ? outcome.value[0] : undefined };
}

describe('events of microsoft', () => {
  it('are read with all that full mode may hold', async () => {
    const { outcome, asked } = await listed(
      graphEvent({
        iCalUId: '0400',
        seriesMasterId: 'series1',
        body: { contentType: 'text', content: 'Bring the draft.\r\n' },
        location: { displayName: 'Room Elbe' },
        originalStartTimeZone: 'W. Europe Standard Time',
        showAs: 'workingElsewhere',
        sensitivity: 'personal',
        organizer: { emailAddress: { name: 'Noor', address: 'noor@partner.example' } },
        attendees: [
          { type: 'required', status: { response: 'tentativelyAccepted' }, emailAddress: { name: 'Lea', address: 'lea@studio.example' } },
          { type: 'resource', emailAddress: { name: 'Room Elbe' } },
        ],
        responseStatus: { response: 'notResponded' },
        onlineMeeting: { joinUrl: 'https://teams.microsoft.com/l/1' },
        createdDateTime: '2026-11-01T00:00:00.0000000Z',
        lastModifiedDateTime: '2026-11-02T00:00:00.0000000Z',
      }),
    );
    expect(outcome).toEqual({
      outcome: 'ok',
      value: [
        {
          providerEventId: 'event1',
          providerCalendarId: PRIMARY_ID,
          uid: '0400',
          seriesId: 'series1',
          etag: 'W/"1"',
          title: 'Talk with jane@example.com',
          description: 'Bring the draft.',
          location: 'Room Elbe',
          time: TIME,
          timeZone: 'Europe/Berlin',
          showAs: 'working_elsewhere',
          sensitivity: 'personal',
          cancelled: false,
          organizer: { email: 'noor@partner.example', name: 'Noor' },
          attendees: [
            { email: 'lea@studio.example', name: 'Lea', status: 'tentative' },
            { email: undefined, name: 'Room Elbe', status: 'unknown' },
          ],
          participation: 'needs_action',
          meetingUrl: 'https://teams.microsoft.com/l/1',
          createdMs: Date.parse('2026-11-01'),
          updatedMs: Date.parse('2026-11-02'),
        },
      ],
    });
    expect(asked[0]?.headers.get('prefer')).toContain('outlook.body-content-type="text", odata.maxpagesize=200');
    expect(asked[0]?.url.searchParams.get('$select')?.split(',')).toContain('originalStartTimeZone');
  });

  it('may lack everything but an id and times', async () => {
    const { first } = await listed({ id: 'event1', start: graphTime('10:00'), end: graphTime('10:00'), attendees: 'nobody', body: 7 });
    expect(first).toMatchObject({
      providerEventId: 'event1',
      title: undefined,
      description: undefined,
      attendees: [],
      organizer: undefined,
      showAs: 'unknown',
      sensitivity: 'normal',
      participation: 'unknown',
    });
  });

  it.each([
    ['W. Europe Standard Time', 'Europe/Berlin'],
    ['India Standard Time', 'Asia/Kolkata'],
    ['UTC-02', 'Etc/GMT+2'],
    ['tzone://Microsoft/Utc', 'UTC'],
    ['America/Toronto', 'America/Toronto'],
    ['tzone://Microsoft/Custom', undefined],
    ['Customized Time Zone', undefined],
    ['toString', undefined],
    ['+05:00', undefined],
    ['', undefined],
  ])('made in %s are of %s', async (originalStartTimeZone, timeZone) => {
    expect((await listed(graphEvent({ originalStartTimeZone }))).first).toMatchObject({ time: TIME, timeZone });
  });

  it('hide no less than their owner wished, whatever Microsoft calls it', async () => {
    expect((await listed(graphEvent({ sensitivity: 'topSecret' }))).first).toMatchObject({ sensitivity: 'confidential' });
  });

  it.each([[{ id: undefined }], [{ id: '' }], [{ start: undefined }], [{ end: graphTime('11:00', 'Tokyo Standard Time') }]])(
    'are an error as a whole where one is %j',
    async (changes) => {
      const { outcome } = await listed(graphEvent(), graphEvent(changes));
      expect(outcome).toMatchObject({ outcome: 'unavailable', operatorHint: expect.stringContaining('could not be read') });
      expect(holdsNoSecret(outcome)).toBe(true);
    },
  );
});

describe('an event sent to microsoft', () => {
  const created: Script = () => Response.json(graphEvent(), { status: 201 });

  async function sent(event: EventDraft, answer: Script = created) {
    const { reader, asked } = scriptedGraph({ [EVENTS]: answer });
    const outcome = await reader.createEvent(GRAPH_CREDENTIAL, { calendarId: PRIMARY_ID, idempotencyKey: 'key-1', event });
    return { outcome, asked, body: asked[0]?.body };
  }

  it('says all that the draft says', async () => {
    const { body, outcome } = await sent({
      title: 'Talk',
      time: TIME,
      timeZone: 'Europe/Berlin',
      description: 'Bring the draft.',
      location: 'Room Elbe',
      attendees: [{ email: 'lea@studio.example', name: 'Lea' }, { email: 'noor@partner.example' }],
      showAs: 'out_of_office',
      sensitivity: 'private',
    });
    expect(outcome).toMatchObject({ outcome: 'ok', value: { providerEventId: 'event1' } });
    expect(body).toEqual({
      subject: 'Talk',
      isAllDay: false,
      start: { dateTime: '2026-11-16T11:00:00', timeZone: 'Europe/Berlin' },
      end: { dateTime: '2026-11-16T12:00:00', timeZone: 'Europe/Berlin' },
      body: { contentType: 'text', content: 'Bring the draft.' },
      location: { displayName: 'Room Elbe' },
      attendees: [
        { type: 'required', emailAddress: { address: 'lea@studio.example', name: 'Lea' } },
        { type: 'required', emailAddress: { address: 'noor@partner.example', name: 'noor@partner.example' } },
      ],
      showAs: 'oof',
      sensitivity: 'private',
      transactionId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    });
  });

  it.each([
    ['before the hour that comes twice', '2026-10-24T23:30:00Z', '2026-10-25T01:30:00', 'Europe/Berlin'],
    ['in it', '2026-10-25T00:30:00Z', '2026-10-25T00:30:00.000', 'UTC'],
    ['in it when it comes again', '2026-10-25T01:30:00Z', '2026-10-25T01:30:00.000', 'UTC'],
    ['after it', '2026-10-25T02:00:00Z', '2026-10-25T03:00:00', 'Europe/Berlin'],
    ['before the hour that is left out', '2026-03-29T00:59:59Z', '2026-03-29T01:59:59', 'Europe/Berlin'],
    ['after it', '2026-03-29T01:00:00Z', '2026-03-29T03:00:00', 'Europe/Berlin'],
    ['in a zone that there is not', '2026-03-29T01:00:00Z', '2026-03-29T01:00:00.000', 'UTC', 'Mars/Olympus'],
  ])('starts when it was meant to, %s', async (_what, instant, dateTime, writtenIn, timeZone = 'Europe/Berlin') => {
    const startMs = Date.parse(instant);
    const { body } = await sent({ title: 'x', time: { allDay: false, startMs, endMs: startMs + 36_000_000 }, timeZone });
    expect(body).toMatchObject({ start: { dateTime, timeZone: writtenIn } });
  });

  it('of whole days is at midnight', async () => {
    const { body } = await sent({ title: 'Away', time: { allDay: true, startDate: '2026-11-19', endDate: '2026-11-21' } });
    expect(body).toMatchObject({
      isAllDay: true,
      start: { dateTime: '2026-11-19T00:00:00', timeZone: 'UTC' },
      end: { dateTime: '2026-11-21T00:00:00', timeZone: 'UTC' },
    });
  });

  it('is sent again in UTC where its zone is not known', async () => {
    const refuseZones: Script = async (request) =>
      (await request.text()).includes('Europe/Kyiv') ? graphError(400, 'TimeZoneNotSupportedException') : created(request);
    const { outcome, asked } = await sent({ title: 'x', time: TIME, timeZone: 'Europe/Kyiv' }, refuseZones);
    expect(outcome).toMatchObject({ outcome: 'ok' });
    expect(asked.map(({ body }) => body)).toMatchObject([
      { start: { timeZone: 'Europe/Kyiv' } },
      { start: { dateTime: '2026-11-16T10:00:00.000', timeZone: 'UTC' } },
    ]);
  });

  it('has a transaction of its calendar and key', async () => {
    const { reader, asked } = scriptedGraph({}, created);
    const keys = [
      ['a', 'k'],
      ['a', 'k'],
      ['a', 'l'],
      ['b', 'k'],
    ] as const;
    for (const [calendarId, idempotencyKey] of keys) {
      await reader.createEvent(GRAPH_CREDENTIAL, { calendarId, idempotencyKey, event: { title: 'x', time: TIME } });
    }
    const [first, again, ...others] = asked.map(({ body }) => (body as { transactionId: string }).transactionId);
    expect(again).toBe(first);
    expect(new Set([first, ...others]).size).toBe(3);
  });

  it('is the earlier one where Microsoft names it, and a conflict where that is gone or not named', async () => {
    const refused =
      (changes: object): Script =>
      () =>
        Response.json({ error: { code: 'ErrorDuplicateTransactionId', message: '', ...changes } }, { status: 400 });
    const named = refused({ '@event.existingEventId': EVENT.eventId });
    const create = async (script: Record<string, Script>) => {
      const request = { calendarId: PRIMARY_ID, idempotencyKey: 'k', event: { title: 'x', time: TIME } };
      return scriptedGraph(script).reader.createEvent(GRAPH_CREDENTIAL, request);
    };
    expect(await create({ [EVENTS]: named, [EVENT_PATH]: () => Response.json(graphEvent()) })).toMatchObject({ outcome: 'ok' });
    expect(await create({ [EVENTS]: named })).toMatchObject({ outcome: 'conflict' });
    expect(await create({ [EVENTS]: refused({}) })).toMatchObject({ outcome: 'conflict' });
  });

  it.each([
    [400, 'ErrorPropertyValidationFailure', 'invalid'],
    [400, 'ErrorInvalidRecipients', 'invalid'],
    [403, 'ErrorAccessDenied', 'denied'],
    [404, 'ErrorItemNotFound', 'not_found'],
    [409, 'ErrorIrresolvableConflict', 'conflict'],
    [429, 'ApplicationThrottled', 'unavailable'],
  ])('refused with %d %s is %s', async (status, code, expected) => {
    const { outcome } = await sent({ title: 'x', time: TIME }, () => graphError(status, code));
    expect(outcome).toMatchObject({ outcome: expected, operatorHint: expect.stringContaining(code) });
    expect(holdsNoSecret(outcome)).toBe(true);
  });

  it('is not known to be there where the answer cannot be read', async () => {
    expect((await sent({ title: 'x', time: TIME }, () => new Response('', { status: 201 }))).outcome).toMatchObject({
      outcome: 'unavailable',
    });
  });
});

describe('a change of an event at microsoft', () => {
  it('names only what changes, and the etag', async () => {
    const { reader, asked } = scriptedGraph({ [EVENT_PATH]: () => Response.json(graphEvent()) });
    await reader.updateEvent(GRAPH_CREDENTIAL, { ...EVENT, etag: 'W/"1"', changes: { title: 'Chat' } });
    await reader.updateEvent(GRAPH_CREDENTIAL, { ...EVENT, changes: { location: '' } });
    expect(asked.map(({ method, body, headers }) => [method, body, headers.get('if-match')])).toEqual([
      ['PATCH', { subject: 'Chat' }, 'W/"1"'],
      ['PATCH', { location: { displayName: '' } }, null],
    ]);
  });

  it.each([
    [412, 'ErrorIrresolvableConflict', 'conflict', 'conflict'],
    [404, 'ErrorItemNotFound', 'not_found', 'ok'],
    [404, 'SomethingNew', 'unavailable', 'unavailable'],
    [403, 'ErrorAccessDenied', 'denied', 'denied'],
  ])('that ends with %d %s is %s, and a deletion %s', async (status, code, changed, deleted) => {
    const { reader } = scriptedGraph({}, () => graphError(status, code));
    expect(await reader.updateEvent(GRAPH_CREDENTIAL, { ...EVENT, changes: { title: 'x' } })).toMatchObject({ outcome: changed });
    expect(await reader.deleteEvent(GRAPH_CREDENTIAL, EVENT)).toMatchObject({ outcome: deleted });
  });
});
