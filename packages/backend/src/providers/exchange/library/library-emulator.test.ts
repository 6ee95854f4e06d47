import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ExchangeCalendarsUnderTest, startExchangeCalendars } from '../exchange-people.contract.ts';
import { createExchangeCalendar } from '../calendar.ts';
import { createExchangeCaller } from '../operations/exchange-caller.ts';
import { listRooms } from './rooms.ts';
import { type SyncOutcome, type SyncRequest, syncCalendarItems } from './sync-items.ts';

const ANN = 'ann@corp.example';
const DAY = Date.parse('2031-05-17T00:00:00Z');

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0)) await close();
});

type Options = NonNullable<Parameters<typeof startExchangeCalendars>[0]>;

async function start(options: Options, password = 'right') {
  const under: ExchangeCalendarsUnderTest = await startExchangeCalendars({
    people: [{ email: ANN, name: 'Ann', password: 'right', calendars: [{ name: 'Team holidays' }] }],
    ...options,
  });
  const url = new URL('https://mail.corp.example/EWS/Exchange.asmx');
  const connection = under.openAccount({ url, mailbox: ANN, login: { userName: ANN, password } });
  closing.push(() => connection.close(), under.emulator.close);
  const caller = createExchangeCaller({ connection, now: Date.now, serverVersion: undefined });
  const parts = { connection, now: Date.now, hints: caller.hints };
  const { control } = under.emulator;
  const at = (index: number) => ({ dateTime: new Date(DAY + index * 600_000).toISOString().slice(0, 19), timeZone: 'UTC' });
  return {
    ...under,
    caller,
    control,
    sync: (request: SyncRequest = {}) => syncCalendarItems(parts, request),
    rooms: () => listRooms(parts),
    addEvents: (count: number) => {
      for (let index = 0; index < count; index += 1) control.addEvent(ANN, { subject: 'x', start: at(index), end: at(index + 1) });
    },
    asked: () =>
      control.requests
        .filter(({ operation }) => operation !== undefined)
        .map(({ operation, requestVersion }) => [operation, requestVersion]),
  };
}

function valueOf(outcome: SyncOutcome) {
  if (outcome.outcome === 'ok') return outcome.value;
  throw new Error(`the call ended as ${JSON.stringify(outcome)}`);
}

const EVERY_VERSION = ['2007_SP1', '2010', '2013', '2016', 'SE'] as const;

describe.each(EVERY_VERSION)('the changes of a calendar of Exchange %s', (version) => {
  it('are all that is there at first, and then what was done since', async () => {
    const { sync, reader, addEvents, asked } = await start({ version });
    addEvents(2);
    const credential = credentialOf();
    const first = valueOf(await sync());
    expect([first.created.length, first.updated, first.deleted, first.complete]).toEqual([2, [], [], true]);
    const [kept, gone] = first.created;
    const event = { title: 'new', time: { allDay: false, startMs: DAY, endMs: DAY + 1000 } } as const;
    const made = await reader.createEvent(credential, { calendarId: 'calendar', idempotencyKey: 'k', event });
    await reader.updateEvent(credential, { calendarId: 'calendar', eventId: kept?.itemId ?? '', changes: { title: 'y' } });
    await reader.deleteEvent(credential, { calendarId: 'calendar', eventId: gone?.itemId ?? '' });

    const then = valueOf(await sync({ syncState: first.syncState }));
    expect(then.created).toEqual([
      { itemId: 'value' in made && made.value.providerEventId, changeKey: 'value' in made && made.value.etag },
    ]);
    expect(then.updated.map(({ itemId }) => itemId)).toEqual([kept?.itemId]);
    expect(then.updated[0]?.changeKey).not.toBe(kept?.changeKey);
    expect(then.deleted.map(({ itemId }) => itemId)).toEqual([gone?.itemId]);
    expect(valueOf(await sync({ syncState: then.syncState }))).toMatchObject({ created: [], updated: [], deleted: [], complete: true });
    expect(asked()).toContainEqual(['SyncFolderItems', 'Exchange2007']);
  });

  it('are read page by page, and from where one was where there are more than wanted', async () => {
    const { sync, addEvents, asked } = await start({ version });
    addEvents(1025);
    const begun = valueOf(await sync({ maxPages: 2 }));
    expect([begun.created.length, begun.complete]).toEqual([1024, false]);
    const rest = valueOf(await sync({ syncState: begun.syncState }));
    expect([rest.created.length, rest.complete]).toEqual([1, true]);
    expect(new Set([...begun.created, ...rest.created].map(({ itemId }) => itemId)).size).toBe(1025);
    expect(asked()).toHaveLength(3);
  });

  it('are told anew where the server has forgotten, and only when that is asked for', async () => {
    const { sync, control, addEvents, asked } = await start({ version });
    addEvents(1);
    const { syncState } = valueOf(await sync());
    control.forgetSyncStates();
    control.clearRequests();
    expect(await sync({ syncState })).toMatchObject({ outcome: 'begin_anew', operatorHint: expect.stringContaining('SyncState') });
    expect(asked()).toHaveLength(1);
    expect(valueOf(await sync()).created).toHaveLength(1);
  });

  it('are those of one calendar, and a state is of no use for another', async () => {
    const { sync, reader, addEvents } = await start({ version });
    addEvents(1);
    const calendars = await reader.listCalendars(credentialOf(), 'full');
    const calendarId = 'value' in calendars ? calendars.value.find(({ primary }) => !primary)?.providerCalendarId : undefined;
    expect(calendarId).toBeDefined();
    const { created, syncState } = valueOf(await sync({ calendarId }));
    expect(created).toEqual([]);
    expect(await sync({ syncState })).toMatchObject({ outcome: 'begin_anew' });
    expect(await sync({ calendarId: 'AAMkunknown=' })).toMatchObject({ outcome: 'not_found' });
  });
});

describe.each(EVERY_VERSION)('the rooms of Exchange %s', (version) => {
  it('are found list by list, and are not known to 2007', async () => {
    const { rooms, asked } = await start({ version });
    if (version === '2007_SP1') {
      expect(await rooms()).toMatchObject({
        outcome: 'not_known_by_server',
        operatorHint: expect.stringContaining('ErrorInvalidServerVersion'),
      });
      return;
    }
    const list = {
      email: 'head-office-rooms@corp.example',
      name: 'Head office',
      rooms: [
        { email: 'room-elbe@corp.example', name: 'Room Elbe' },
        { email: 'room-spree@corp.example', name: 'Room Spree' },
      ],
    };
    expect(await rooms()).toEqual({ outcome: 'ok', value: { lists: [list], leftOut: 0 } });
    expect(asked()).toEqual([
      ['GetRoomLists', 'Exchange2010'],
      ['GetRooms', 'Exchange2010'],
    ]);
  });
});

describe('an organisation’s room lists', () => {
  it('can be none', async () => {
    const { rooms } = await start({ roomLists: [] });
    expect(await rooms()).toEqual({ outcome: 'ok', value: { lists: [], leftOut: 0 } });
  });

  it('can be empty', async () => {
    const list = { name: 'Empty', email: 'empty@corp.example' };
    const { rooms } = await start({ roomLists: [{ ...list, rooms: [] }] });
    expect(await rooms()).toEqual({ outcome: 'ok', value: { lists: [{ ...list, rooms: [] }], leftOut: 0 } });
  });

  it.each(['a<b@corp.example', 'a&b@corp.example', 'a>b@corp.example', '"a"@corp.example'])(
    'are not asked by an address that would have to be escaped: %s',
    async (email) => {
      const good = { name: 'Good', email: 'good@corp.example', rooms: [] };
      const { rooms, asked } = await start({ roomLists: [{ name: 'Odd', email, rooms: [] }, good] });
      expect(await rooms()).toEqual({ outcome: 'ok', value: { lists: [good], leftOut: 1 } });
      expect(asked().filter(([operation]) => operation === 'GetRooms')).toHaveLength(1);
    },
  );

  it('are a hundred at most', async () => {
    const list = (index: number) => ({ name: 'x', email: `list-${index}@corp.example`, rooms: [] });
    const { rooms, asked } = await start({ roomLists: Array.from({ length: 103 }, (_, index) => list(index)) });
    expect(await rooms()).toMatchObject({ outcome: 'ok', value: { leftOut: 3 } });
    expect(asked()).toHaveLength(101);
  });
});

describe.each(['2007_SP1', 'SE'] as const)('what goes by the library to an Exchange %s on a bad day', (version) => {
  it('ends as the operations do that are written by hand', async () => {
    const { control, sync, rooms, openAccount } = await start({ version });
    // A new one each time, which does not know that the server wanted to be left alone.
    const byHand = () => createExchangeCalendar({ openAccount, now: Date.now }).listCalendars(credentialOf(), 'full');
    const troubles: readonly (() => void)[] = [
      () => control.addFault({ group: 'ews', email: ANN, ewsCode: 'ErrorServerBusy', backOffMs: 297_749 }),
      () => control.addFault({ group: 'ews', email: ANN, status: 503, headers: { 'Retry-After': '7' } }),
      () => control.addFault({ group: 'ews', email: ANN, ewsCode: 'ErrorInternalServerError' }),
      () => control.addFault({ group: 'ews', email: ANN, ewsCode: 'ErrorAccountDisabled' }),
      () => control.addFault({ group: 'ews', email: ANN, ewsCode: 'ErrorNonExistentMailbox' }),
      () => control.addFault({ group: 'ews', email: ANN, body: '<!DOCTYPE html><html></html>' }),
      () => control.addFault({ group: 'ews', email: ANN, body: '{"rooms":[]}' }),
      () => control.setFor(ANN, { ewsEnabled: false }),
      () => control.set({ allowedUserAgents: ['Outlook'] }),
    ];
    const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    for (const trouble of troubles) {
      trouble();
      const expected = withoutHint(await byHand());
      expect(expected.outcome).not.toBe('ok');
      expect(withoutHint(await sync())).toEqual(expected);
      if (version !== '2007_SP1') expect(withoutHint(await rooms())).toEqual(expected);
      control.reset();
      control.setFor(ANN, { ewsEnabled: true });
    }
    expect(valueOf(await sync()).complete).toBe(true);
    expect(printed).not.toHaveBeenCalled();
  });

  it('asks a busy server once, and says for how long to leave it alone', async () => {
    const { control, sync, asked } = await start({ version });
    control.addFault({ group: 'ews', operation: 'SyncFolderItems', ewsCode: 'ErrorServerBusy', backOffMs: 297_749, times: 1 });
    // 2007 has no throttling, and does not say for how long.
    const retryAfterMs = version === '2007_SP1' ? undefined : 297_749;
    expect(await sync()).toMatchObject({ outcome: 'unavailable', retryAfterMs, operatorHint: expect.stringContaining('ErrorServerBusy') });
    expect(asked()).toHaveLength(1);
  });

  it('tries a wrong password once, also where the library is asked again', async () => {
    const { control, sync, rooms } = await start({ version }, 'wrong');
    expect(await sync()).toEqual({ outcome: 'unauthorized' });
    expect(await rooms()).toEqual({ outcome: 'unauthorized' });
    expect(control.people[0]?.failedLogins).toBe(1);
  });

  it('reads no answer that is larger than any of Exchange’s', async () => {
    const { control, sync, addEvents } = await start({ version });
    addEvents(1);
    const end = control.addFault({ group: 'ews', email: ANN, body: `<a>${'x'.repeat(5 * 1024 * 1024)}</a>` });
    expect(await sync()).toMatchObject({ outcome: 'unavailable', operatorHint: expect.stringContaining('too_large') });
    end();
    expect(valueOf(await sync()).created).toHaveLength(1);
  });

  it('is asked again where the connection was lost, for it only reads', async () => {
    const { control, sync } = await start({ version });
    valueOf(await sync());
    control.addFault({ group: 'ews', operation: 'SyncFolderItems', drop: true, times: 1 });
    expect(valueOf(await sync()).complete).toBe(true);
  });
});

function credentialOf() {
  return {
    accessToken: '',
    accessTokenExpiresAtMs: Number.MAX_SAFE_INTEGER,
    refreshToken: '',
    grantedScopes: [],
    endsAtMs: undefined,
    mailbox: ANN,
    login: { ewsUrl: 'https://mail.corp.example/EWS/Exchange.asmx', userName: ANN, password: 'right' },
  };
}

/** Hints begin with what was asked. */
function withoutHint(outcome: { readonly outcome: string }): { readonly outcome: string } {
  return { ...outcome, ...('operatorHint' in outcome && { operatorHint: String(outcome.operatorHint).replace(/^[^:]*: /, '') }) };
}
