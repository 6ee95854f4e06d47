import { describe, expect, it } from 'vitest';
import { NO_ANSWERS } from '../no-answers.contract.ts';
import type { EventDraft } from '../calendar-reader.ts';
import { GOOGLE_CREDENTIAL, RANGE } from './calendar-credential.contract.ts';
import { type Asked, holdsNoSecret, type Script, scriptedGoogle } from './scripted-google.contract.ts';

const CALENDAR_ID = 'jane@example.com';
const EVENTS = '/calendar/v3/calendars/jane%40example.com/events';
const EVENT = { calendarId: CALENDAR_ID, eventId: 'event1' };
const EVENT_PATH = `${EVENTS}/event1`;
const DRAFT: EventDraft = { title: 'Talk', time: { allDay: false, startMs: RANGE.fromMs, endMs: RANGE.toMs } };

function event(changes: object = {}): object {
  return {
    id: 'event1',
    etag: '"1"',
    status: 'confirmed',
    summary: 'Talk with jane@example.com',
    start: { dateTime: '2026-11-16T11:00:00+01:00', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2026-11-16T12:00:00+01:00', timeZone: 'Europe/Berlin' },
    ...changes,
  };
}

function refusal(status: number, reason: string): Script {
  return () => Response.json({ error: { code: status, errors: [{ reason }] } }, { status });
}

async function listed(answer: Script) {
  const { provider, asked } = scriptedGoogle({ [EVENTS]: answer });
  const outcome = await (await provider.calendar()).listEvents(GOOGLE_CREDENTIAL, { calendarId: CALENDAR_ID, ...RANGE });
  return { outcome, asked, first: outcome.outcome === 'ok' ? outcome.value[0] : undefined };
}

/** A reader at a Google that has this script, with the bodies that it got. */
async function readerAt(script: Record<string, Script>) {
  const bodies: unknown[] = [];
  const recording = Object.fromEntries(
    Object.entries(script).map(([path, answer]): [string, Script] => [
      path,
      async (request) => {
        const text = await request.clone().text();
        if (text !== '') bodies.push(JSON.parse(text));
        return answer(request);
      },
    ]),
  );
  const { provider, asked } = scriptedGoogle(recording);
  return { reader: await provider.calendar(), bodies, asked: asked as readonly Asked[] };
}

describe('events of google', () => {
  it('are read with all that full mode may hold', async () => {
    const { outcome, asked } = await listed(() =>
      Response.json({
        items: [
          event({
            iCalUID: 'uid1@google.com',
            recurringEventId: 'series1',
            description: '<b>Bring the draft.</b>',
            location: 'Room Elbe',
            visibility: 'private',
            organizer: { email: 'noor@partner.example', displayName: 'Noor' },
            attendees: [
              { email: 'jane@example.com', self: true, responseStatus: 'needsAction' },
              { email: 'lea@studio.example', displayName: 'Lea', responseStatus: 'tentative' },
            ],
            hangoutLink: 'https://meet.google.com/abc',
            created: '2026-11-01T00:00:00Z',
            updated: '2026-11-02T00:00:00Z',
          }),
        ],
      }),
    );
    expect(outcome).toEqual({
      outcome: 'ok',
      value: [
        {
          providerEventId: 'event1',
          providerCalendarId: CALENDAR_ID,
          uid: 'uid1@google.com',
          seriesId: 'series1',
          etag: '"1"',
          title: 'Talk with jane@example.com',
          description: '<b>Bring the draft.</b>',
          location: 'Room Elbe',
          time: { allDay: false, startMs: Date.parse('2026-11-16T10:00:00Z'), endMs: Date.parse('2026-11-16T11:00:00Z') },
          timeZone: 'Europe/Berlin',
          showAs: 'busy',
          sensitivity: 'private',
          cancelled: false,
          organizer: { email: 'noor@partner.example', name: 'Noor' },
          attendees: [
            { email: 'jane@example.com', name: undefined, status: 'needs_action' },
            { email: 'lea@studio.example', name: 'Lea', status: 'tentative' },
          ],
          participation: 'needs_action',
          meetingUrl: 'https://meet.google.com/abc',
          createdMs: Date.parse('2026-11-01'),
          updatedMs: Date.parse('2026-11-02'),
        },
      ],
    });
    expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toMatchObject({
      singleEvents: 'true',
      showDeleted: 'false',
      timeMin: '2026-11-16T09:00:00.000Z',
      timeMax: '2026-11-16T17:00:00.000Z',
      maxResults: '500',
    });
  });

  it.each([
    [{ transparency: 'transparent' }, 'free'],
    [{ eventType: 'outOfOffice' }, 'out_of_office'],
    [{ eventType: 'workingLocation', transparency: 'transparent' }, 'working_elsewhere'],
    [{ status: 'tentative' }, 'tentative'],
    [{ attendees: [{ self: true, responseStatus: 'tentative' }] }, 'tentative'],
    [{ attendees: [{ self: true, responseStatus: 'declined' }] }, 'free'],
    [{ attendees: [{ self: true, responseStatus: 'needsAction' }] }, 'busy'],
  ])('with %j show as %s', async (changes, showAs) => {
    expect((await listed(() => Response.json({ items: [event(changes)] }))).first).toMatchObject({ showAs });
  });

  it('of whole days have dates', async () => {
    const { first } = await listed(() => Response.json({ items: [event({ start: { date: '2026-11-16' }, end: { date: '2026-11-18' } })] }));
    expect(first).toMatchObject({ time: { allDay: true, startDate: '2026-11-16', endDate: '2026-11-18' }, timeZone: undefined });
  });

  it('may lack everything but an id and times', async () => {
    const { start, end } = event() as { start: object; end: object };
    const { first } = await listed(() => Response.json({ items: [{ id: 'event1', start, end, attendees: 7, visibility: 'new' }] }));
    expect(first).toMatchObject({ title: undefined, attendees: [], participation: 'unknown', sensitivity: 'confidential' });
  });

  it('are read to the last page, though one be empty', async () => {
    const pages = [{ nextPageToken: 'p2' }, { items: [], nextPageToken: 'p3' }, { items: [event()] }];
    const { outcome, asked } = await listed(() => Response.json(pages.shift()));
    expect(outcome).toMatchObject({ outcome: 'ok', value: [{ providerEventId: 'event1' }] });
    expect(asked.map(({ url }) => url.searchParams.get('pageToken'))).toEqual([null, 'p2', 'p3']);
  });

  it('come to an end even where the pages do not', async () => {
    const { outcome, asked } = await listed(() => Response.json({ items: [], nextPageToken: 'again' }));
    expect(outcome).toMatchObject({ outcome: 'unavailable', operatorHint: expect.stringContaining('more than 100 pages') });
    expect(asked).toHaveLength(100);
  });

  it.each([
    { id: undefined },
    { start: undefined },
    { start: { dateTime: '2026-11-16T11:00:00', timeZone: 'Europe/Berlin' } },
    { start: { date: '2026-11-18' }, end: { date: '2026-11-18' } },
  ])('are an error as a whole where one is %j', async (changes) => {
    const { outcome } = await listed(() => Response.json({ items: [event(), event(changes)] }));
    expect(outcome).toMatchObject({ outcome: 'unavailable' });
    expect(holdsNoSecret(outcome)).toBe(true);
  });

  it.each([
    [404, 'notFound', 'not_found'],
    [403, 'forbidden', 'denied'],
    [403, 'insufficientPermissions', 'forbidden'],
    [403, 'rateLimitExceeded', 'unavailable'],
    [401, 'authError', 'unauthorized'],
  ])('refused with %d %s are %s', async (status, reason, expected) => {
    expect((await listed(refusal(status, reason))).outcome).toMatchObject({ outcome: expected });
  });

  it.each(Object.entries(NO_ANSWERS))('are unknown with %s', async (_name, answer) => {
    expect((await listed(answer)).outcome).toMatchObject({ outcome: 'unavailable' });
  });
});

describe('an event sent to google', () => {
  it('says all that the draft says, under an id of its key', async () => {
    const { reader, bodies, asked } = await readerAt({ [EVENTS]: () => Response.json(event()) });
    const draft: EventDraft = {
      ...DRAFT,
      timeZone: 'Europe/Berlin',
      description: 'Bring the draft.',
      location: 'Room Elbe',
      attendees: [{ email: 'lea@studio.example', name: 'Lea' }, { email: 'noor@partner.example' }],
      showAs: 'free',
      sensitivity: 'private',
    };
    const create = (idempotencyKey: string) =>
      reader.createEvent(GOOGLE_CREDENTIAL, { calendarId: CALENDAR_ID, idempotencyKey, event: draft });
    expect(await create('key-1')).toMatchObject({ outcome: 'ok', value: { providerEventId: 'event1' } });
    await create('key-1');
    await create('key-2');
    expect(bodies[0]).toEqual({
      id: expect.stringMatching(/^[a-v0-9]{5,1024}$/),
      summary: 'Talk',
      start: { dateTime: '2026-11-16T09:00:00.000Z', date: null, timeZone: 'Europe/Berlin' },
      end: { dateTime: '2026-11-16T17:00:00.000Z', date: null, timeZone: 'Europe/Berlin' },
      description: 'Bring the draft.',
      location: 'Room Elbe',
      attendees: [{ email: 'lea@studio.example', displayName: 'Lea' }, { email: 'noor@partner.example' }],
      transparency: 'transparent',
      visibility: 'private',
    });
    const ids = bodies.map((body) => (body as { id: string }).id);
    expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false]);
    expect(asked[0]?.url.searchParams.get('sendUpdates')).toBe('all');
  });

  it.each([
    ['the earlier one', event(), 'ok'],
    ['a conflict where that was deleted', event({ status: 'cancelled' }), 'conflict'],
  ])('twice is %s', async (_what, earlier, expected) => {
    const { provider, asked, script } = scriptedGoogle({ [EVENTS]: refusal(409, 'duplicate') });
    const reader = await provider.calendar();
    const create = () => reader.createEvent(GOOGLE_CREDENTIAL, { calendarId: CALENDAR_ID, idempotencyKey: 'k', event: DRAFT });
    expect(await create()).toMatchObject({ outcome: 'unavailable' });
    script[asked.at(-1)?.url.pathname ?? ''] = () => Response.json(earlier);
    expect(await create()).toMatchObject({ outcome: expected });
  });

  it('names only what changes, and the etag', async () => {
    const { reader, bodies, asked } = await readerAt({ [EVENT_PATH]: () => Response.json(event()) });
    await reader.updateEvent(GOOGLE_CREDENTIAL, { ...EVENT, etag: '"1"', changes: { location: '' } });
    await reader.updateEvent(GOOGLE_CREDENTIAL, {
      ...EVENT,
      changes: { time: { allDay: true, startDate: '2026-11-16', endDate: '2026-11-17' } },
    });
    expect(bodies).toEqual([
      { location: '' },
      { start: { date: '2026-11-16', dateTime: null }, end: { date: '2026-11-17', dateTime: null } },
    ]);
    expect(asked.map(({ method, headers }) => [method, headers.get('if-match')])).toEqual([
      ['PATCH', '"1"'],
      ['PATCH', null],
    ]);
  });

  it.each([
    [400, 'invalid', 'invalid', 'invalid'],
    [403, 'requiredAccessLevel', 'denied', 'denied'],
    [403, 'forbiddenForNonOrganizer', 'denied', 'denied'],
    [404, 'notFound', 'not_found', 'ok'],
    [410, 'deleted', 'not_found', 'ok'],
    [412, 'conditionNotMet', 'conflict', 'conflict'],
    [429, 'rateLimitExceeded', 'unavailable', 'unavailable'],
  ])('refused with %d %s is %s, and a deletion %s', async (status, reason, changed, deleted) => {
    const { reader } = await readerAt({ [EVENT_PATH]: refusal(status, reason) });
    expect(await reader.updateEvent(GOOGLE_CREDENTIAL, { ...EVENT, changes: { title: 'x' } })).toMatchObject({ outcome: changed });
    expect(await reader.deleteEvent(GOOGLE_CREDENTIAL, EVENT)).toMatchObject({ outcome: deleted });
  });

  it.each(Object.entries(NO_ANSWERS))('is not known to be done with %s', async (_name, answer) => {
    const { reader } = await readerAt({ [EVENTS]: answer, [EVENT_PATH]: answer });
    const outcomes = [
      await reader.createEvent(GOOGLE_CREDENTIAL, { calendarId: CALENDAR_ID, idempotencyKey: 'k', event: DRAFT }),
      await reader.updateEvent(GOOGLE_CREDENTIAL, { ...EVENT, changes: { title: 'x' } }),
      await reader.deleteEvent(GOOGLE_CREDENTIAL, EVENT),
    ];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['unavailable', 'unavailable', 'unavailable']);
  });
});
