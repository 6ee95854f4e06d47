import type { AccessMode } from '@calendar-connect/protocol';
import { expect, it } from 'vitest';
import type { CalendarReader, EventDraft, ProviderEvent, TimeSpan } from './calendar-reader.ts';
import type { Credential } from './provider.ts';

/** A login to read and write the calendar of. */
export interface CalendarUnderTest {
  reader(): Promise<CalendarReader>;
  /** The modes there are. */
  modes(): readonly AccessMode[];
  /** Connects in a mode. */
  credential(mode: AccessMode): Promise<Credential>;
  /** A credential as it is when the provider no longer takes it. Default: another access token. */
  stale?(credential: Credential): Credential;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Saturday, far from whatever the person has in this week, and without what they have on every weekday. */
const DAY = Date.parse('2031-05-17T00:00:00Z');
const RANGE = { fromMs: DAY, toMs: DAY + DAY_MS };

function hours(from: number, to: number): TimeSpan {
  return { allDay: false, startMs: DAY + from * HOUR_MS, endMs: DAY + to * HOUR_MS };
}

const MEETING: EventDraft = {
  title: 'Review of the draft',
  time: hours(9, 10),
  timeZone: 'Europe/Berlin',
  description: 'Bring the numbers.',
  location: 'Lindenstraße 12',
  attendees: [{ email: 'noor@partner.example', name: 'Noor Demir' }],
};

const ZOOM = 'https://zoom.example/j/1';
const WEBEX = 'https://webex.example/m/2';

/** The addresses of meetings in the text of an event, as often as they stand there. */
function addressesIn({ description }: ProviderEvent): readonly string[] {
  return description?.match(/https:\/\/(?:zoom|webex)\.example\/\w+\/\d/g) ?? [];
}

/** What the calendar part of every provider has to do. To be registered inside of a `describe`. */
export function calendarTests(under: CalendarUnderTest): void {
  const holdsBusyTimes = (): AccessMode[] => under.modes().filter((mode) => mode !== 'no_access');

  /** The primary calendar in full mode, and what to do there. */
  async function writer() {
    const [reader, credential] = [await under.reader(), await under.credential('full')];
    const calendars = valueOf(await reader.listCalendars(credential, 'full'));
    const calendarId = calendars.find(({ primary }) => primary)?.providerCalendarId ?? '';
    const create = async (event: EventDraft, idempotencyKey = 'key-1'): Promise<ProviderEvent> =>
      valueOf(await reader.createEvent(credential, { calendarId, idempotencyKey, event }));
    const list = async (range = RANGE): Promise<readonly ProviderEvent[]> =>
      valueOf(await reader.listEvents(credential, { calendarId, ...range }));
    return { reader, credential, calendarId, create, list };
  }

  it('creates an event, and lists it as it was meant', async () => {
    const { create, list, calendarId } = await writer();
    const created = await create(MEETING);
    expect(created).toMatchObject({
      providerCalendarId: calendarId,
      title: MEETING.title,
      time: MEETING.time,
      timeZone: 'Europe/Berlin',
      description: MEETING.description,
      location: MEETING.location,
      showAs: 'busy',
      sensitivity: 'normal',
      cancelled: false,
      seriesId: undefined,
    });
    expect(created.attendees.map(({ email }) => email)).toEqual(['noor@partner.example']);
    expect(created.organizer?.email).toContain('@');
    expect([typeof created.etag, typeof created.uid, typeof created.createdMs, typeof created.updatedMs]).toEqual([
      'string',
      'string',
      'number',
      'number',
    ]);
    expect(await list()).toEqual([created]);
    expect(await list({ fromMs: DAY + 10 * HOUR_MS, toMs: DAY + DAY_MS })).toEqual([]);
  });

  it('creates an event once for a key, and another for another', async () => {
    const { create, list } = await writer();
    const first = await create(MEETING);
    expect((await create(MEETING)).providerEventId).toBe(first.providerEventId);
    expect((await create({ ...MEETING, time: hours(12, 13) }, 'key-2')).providerEventId).not.toBe(first.providerEventId);
    expect(await list()).toHaveLength(2);
  });

  it('takes whole days for whole days, and private for private', async () => {
    const { create, list } = await writer();
    const time: TimeSpan = { allDay: true, startDate: '2031-05-17', endDate: '2031-05-19' };
    await create({ title: 'Away', time, showAs: 'free', sensitivity: 'private', timeZone: 'Europe/Berlin' });
    expect(await list()).toMatchObject([{ title: 'Away', time, showAs: 'free', sensitivity: 'private' }]);
  });

  it('changes what is named and leaves the rest, unless somebody was faster', async () => {
    const { reader, credential, calendarId, create } = await writer();
    const { providerEventId: eventId, etag } = await create(MEETING);
    const change = (changes: Partial<EventDraft>, known?: string) =>
      reader.updateEvent(credential, { calendarId, eventId, etag: known, changes });
    const changed = valueOf(await change({ time: hours(14, 15) }, etag));
    expect(changed).toMatchObject({
      ...MEETING,
      attendees: [{ email: 'noor@partner.example' }],
      time: hours(14, 15),
      timeZone: expect.anything(),
    });
    expect(changed.etag).not.toBe(etag);
    expect(await change({ title: 'Too late' }, etag)).toMatchObject({ outcome: 'conflict' });
    expect(await change({ title: 'Whatever there was' })).toMatchObject({ outcome: 'ok', value: { title: 'Whatever there was' } });
    const allDay: TimeSpan = { allDay: true, startDate: '2031-05-17', endDate: '2031-05-18' };
    expect(await change({ time: allDay })).toMatchObject({ outcome: 'ok', value: { time: allDay } });
    expect(await change({ time: hours(1, 2) })).toMatchObject({ outcome: 'ok', value: { time: hours(1, 2) } });
  });

  it('writes a meeting that was made elsewhere into an event, once, and takes it out', async () => {
    const { reader, credential, calendarId, create } = await writer();
    const { location: _, ...draft } = MEETING;
    const created = await create({ ...draft, conferencing: { description: 'Zoom', joinUrl: ZOOM }, reminderMinutes: [30, 10] });
    expect(created).toMatchObject({ location: ZOOM, meetingUrl: undefined });
    expect(addressesIn(created)).toEqual([ZOOM]);
    const change = async (changes: Partial<EventDraft>): Promise<ProviderEvent> =>
      valueOf(await reader.updateEvent(credential, { calendarId, eventId: created.providerEventId, changes }));
    const described = await change({ description: 'Bring more.' });
    expect(described.description).toMatch(/^Bring more\./);
    expect(addressesIn(described)).toEqual([ZOOM]);
    const other = await change({ conferencing: { description: 'Webex', joinUrl: WEBEX } });
    expect([other.location, ...addressesIn(other)]).toEqual([WEBEX, WEBEX]);
    expect(await change({ conferencing: 'none', reminderMinutes: [] })).toMatchObject({ description: 'Bring more.', location: undefined });
  });

  it('makes a meeting of the calendar’s own where the calendar says that it can, and says so where it cannot', async () => {
    const { reader, credential, calendarId, create } = await writer();
    const calendars = valueOf(await reader.listCalendars(credential, 'full'));
    const event: EventDraft = { ...MEETING, conferencing: 'integrated' };
    if (calendars.find(({ primary }) => primary)?.integratedConferencing !== true) {
      const outcome = await reader.createEvent(credential, { calendarId, idempotencyKey: 'key-1', event });
      expect(outcome.outcome === 'ok' ? outcome.value.conferencingState : outcome.outcome).toMatch(/^(?:failed|invalid)$/);
      return;
    }
    const created = await create(event);
    expect(created).toMatchObject({ meetingUrl: expect.stringMatching(/^https:/), description: MEETING.description });
    expect((await create(event)).meetingUrl).toBe(created.meetingUrl);
    const change = async (changes: Partial<EventDraft>): Promise<ProviderEvent> =>
      valueOf(await reader.updateEvent(credential, { calendarId, eventId: created.providerEventId, changes }));
    const kept = { meetingUrl: created.meetingUrl, description: 'Bring more.' };
    expect(await change({ description: 'Bring more.' })).toMatchObject(kept);
    expect(await change({ conferencing: 'integrated', time: hours(14, 15) })).toMatchObject(kept);
    expect(await change({ conferencing: 'none' })).toMatchObject({ meetingUrl: undefined, description: 'Bring more.' });
    const again = await change({ conferencing: 'integrated' });
    expect(again.meetingUrl).toMatch(/^https:/);
    expect(again.meetingUrl).not.toBe(created.meetingUrl);
  });

  it('deletes an event, and is content with one that is gone', async () => {
    const { reader, credential, calendarId, create, list } = await writer();
    const { providerEventId: eventId } = await create(MEETING);
    expect(await reader.deleteEvent(credential, { calendarId, eventId, etag: '"another"' })).toMatchObject({ outcome: 'conflict' });
    const remove = () => reader.deleteEvent(credential, { calendarId, eventId });
    expect([await remove(), await remove()]).toEqual([
      { outcome: 'ok', value: undefined },
      { outcome: 'ok', value: undefined },
    ]);
    expect(await list()).toEqual([]);
    expect(await reader.updateEvent(credential, { calendarId, eventId, changes: { title: 'Back' } })).toMatchObject({
      outcome: 'not_found',
    });
  });

  it('tells when somebody is busy, and nothing else, in every mode', async () => {
    const { reader, create } = await writer();
    await create(MEETING);
    await create({ ...MEETING, time: hours(10, 11) }, 'key-2');
    await create({ ...MEETING, time: hours(23, 26) }, 'key-3');
    for (const mode of holdsBusyTimes()) {
      const spans = valueOf(await reader.freeBusy(await under.credential(mode), { mode, ...RANGE }));
      expect(spans.filter(({ status }) => status !== 'free')).toEqual([
        { providerCalendarId: expect.any(String), status: 'busy', time: hours(9, 11) },
        { providerCalendarId: expect.any(String), status: 'busy', time: hours(23, 24) },
      ]);
    }
  });

  it('tells it of calendars by their ids, over a range longer than one answer covers', async () => {
    const { reader, credential, calendarId, create } = await writer();
    await create(MEETING);
    const late: TimeSpan = { allDay: false, startMs: DAY + 147 * DAY_MS, endMs: DAY + 148 * DAY_MS };
    await create({ ...MEETING, time: late }, 'key-2');
    const query = { mode: 'full', calendarIds: [calendarId], fromMs: DAY, toMs: DAY + 200 * DAY_MS } as const;
    const spans = valueOf(await reader.freeBusy(credential, query));
    for (const time of [MEETING.time, late]) {
      expect(spans).toContainEqual({ providerCalendarId: calendarId, status: 'busy', time });
    }
  });

  it('never gives an empty list for a calendar that it cannot read', async () => {
    const { reader, credential } = await writer();
    const query = { ...RANGE, calendarId: 'nobody@partner.example' };
    expect(await reader.listEvents(credential, query)).toMatchObject({ outcome: 'not_found' });
    expect(await reader.freeBusy(credential, { mode: 'full', calendarIds: [query.calendarId], ...RANGE })).toMatchObject({
      outcome: 'not_found',
    });
  });

  it('takes no range that ends before it begins', async () => {
    const { reader, credential, calendarId } = await writer();
    const backwards = { fromMs: DAY, toMs: DAY - 1 };
    await expect(reader.freeBusy(credential, { mode: 'full', ...backwards })).rejects.toThrow(RangeError);
    await expect(reader.listEvents(credential, { calendarId, ...backwards })).rejects.toThrow(RangeError);
  });

  it('says of every call that an access token is not accepted', async () => {
    const { reader, credential, calendarId } = await writer();
    const stale = under.stale?.(credential) ?? { ...credential, accessToken: 'made-up' };
    const target = { calendarId, eventId: 'event1' };
    for (const outcome of [
      await reader.freeBusy(stale, { mode: 'full', ...RANGE }),
      await reader.listEvents(stale, { calendarId, ...RANGE }),
      await reader.createEvent(stale, { calendarId, idempotencyKey: 'key-1', event: MEETING }),
      await reader.updateEvent(stale, { ...target, changes: { title: 'x' } }),
      await reader.deleteEvent(stale, target),
    ]) {
      expect(outcome).toEqual({ outcome: 'unauthorized' });
    }
  });
}

function valueOf<T>(outcome: { readonly outcome: 'ok'; readonly value: T } | { readonly outcome: string }): T {
  if ('value' in outcome) return outcome.value;
  throw new Error(`the call ended as ${JSON.stringify(outcome)}`);
}
