import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AccountRequest } from '../log-in/account-connection.ts';
import type { SessionAnswer } from '../log-in/session.ts';
import { ewsAnswer, ewsFault } from '../scripted-exchange.contract.ts';
import { listRooms } from './rooms.ts';
import { type SyncRequest, syncCalendarItems } from './sync-items.ts';

const BACK_OFF = '<t:MessageXml><t:Value Name="BackOffMilliseconds">297749</t:Value></t:MessageXml>';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A server that answers what a test wrote, the last for ever, and what it was asked. */
function exchange(...answers: readonly (string | Response | ((asked: number) => string))[]) {
  const asked: AccountRequest[] = [];
  const send = (request: AccountRequest): Promise<SessionAnswer> => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? '';
    asked.push(request);
    const content = typeof answer === 'function' ? answer(asked.length) : answer;
    return Promise.resolve({ outcome: 'answered', response: content instanceof Response ? content.clone() : new Response(content) });
  };
  const parts = { connection: { send, close: () => undefined }, now: () => 0, hints: { noMailbox: 'none', notAllowed: 'no' } };
  return {
    sync: (request: SyncRequest = {}) => syncCalendarItems(parts, request),
    rooms: () => listRooms(parts),
    asked,
    bodies: () => asked.map(({ body }) => String(body)),
  };
}

function page({ state = '<m:SyncState>H4s=</m:SyncState>', last = 'true', changes = '' }): string {
  const content = `<m:ResponseCode>NoError</m:ResponseCode>${state}<m:IncludesLastItemInRange>${last}</m:IncludesLastItemInRange><m:Changes>${changes}</m:Changes>`;
  return ewsAnswer(
    `<m:SyncFolderItemsResponse><m:ResponseMessages><m:SyncFolderItemsResponseMessage ResponseClass="Success">${content}` +
      '</m:SyncFolderItemsResponseMessage></m:ResponseMessages></m:SyncFolderItemsResponse>',
  );
}

function alone(operation: 'GetRoomLists' | 'GetRooms', content: string, said = { class: 'Success', code: 'NoError' }): string {
  return ewsAnswer(
    `<m:${operation}Response ResponseClass="${said.class}"><m:ResponseCode>${said.code}</m:ResponseCode>${content}</m:${operation}Response>`,
  );
}

const ITEM = '<t:CalendarItem><t:ItemId Id="A" ChangeKey="B"/></t:CalendarItem>';
const MAILBOX = '<t:Name>N</t:Name><t:EmailAddress>a@corp.example</t:EmailAddress>';
const LISTS = alone('GetRoomLists', `<m:RoomLists><t:Address>${MAILBOX}</t:Address></m:RoomLists>`);
const ROOMS = alone('GetRooms', `<m:Rooms><t:Room><t:Id>${MAILBOX}</t:Id></t:Room></m:Rooms>`);

describe('a request of the library', () => {
  it('is a document and no more: address, headers and login are the connection’s, and limits ours', async () => {
    const { sync, rooms, asked } = exchange(page({}), LISTS, ROOMS);
    await sync();
    await rooms();
    for (const { body: _body, ...request } of asked) {
      expect(request).toEqual({ repeatable: true, maxResponseBytes: 4_194_304, timeoutMs: 30_000 });
    }
    expect(asked).toHaveLength(3);
  });

  it('names the lowest version, has no header that came later, and is the same in every zone of this computer', async () => {
    const bodies = new Set<string>();
    for (const zone of ['America/New_York', 'Asia/Kolkata', 'UTC']) {
      vi.stubEnv('TZ', zone);
      const server = exchange(page({}));
      await server.sync({ syncState: 'H4sI+/=', calendarId: 'AAMk=' });
      for (const body of server.bodies()) bodies.add(body);
    }
    const [body = '', ...others] = bodies;
    expect(others).toEqual([]);
    expect(body).toContain('<soap:Header><t:RequestServerVersion Version="Exchange2007"></t:RequestServerVersion></soap:Header>');
    expect(body).toContain('<t:FolderId Id="AAMk="></t:FolderId></m:SyncFolderId><m:SyncState>H4sI+/=</m:SyncState>');
  });

  it('is never made of a text that would have to be escaped', async () => {
    const { sync, asked } = exchange(page({}));
    expect(await sync({ calendarId: 'A"/><t:FolderId Id="B' })).toMatchObject({ outcome: 'not_found' });
    expect(await sync({ syncState: 'A</m:SyncState>' })).toMatchObject({ outcome: 'begin_anew' });
    expect(await sync({ syncState: '' })).toMatchObject({ outcome: 'begin_anew' });
    expect(asked).toEqual([]);
  });
});

describe('an answer about changes', () => {
  it.each<[string, string]>([
    ['no state', page({ state: '' })],
    ['elements where the state is', page({ state: '<m:SyncState><t:A/></m:SyncState>' })],
    ['a state that would have to be escaped', page({ state: '<m:SyncState>&lt;a&gt;</m:SyncState>', last: 'false' })],
    ['an item without an id', page({ changes: '<t:Create><t:CalendarItem/></t:Create>' })],
    ['an item of a kind that nobody knows', page({ changes: '<t:Create><t:Odd><t:ItemId Id="A"/></t:Odd></t:Create>' })],
    ['an id that is elements', page({ changes: '<t:Delete><t:ItemId><t:Id><t:A/></t:Id></t:ItemId></t:Delete>' })],
    ['more changes than were asked for', page({ changes: `<t:Create>${ITEM}</t:Create>`.repeat(513) })],
    ['more elements than any page has', page({ state: `<m:SyncState>H4s=</m:SyncState>${'<m:A/>'.repeat(40_000)}` })],
    ['names that objects have already', page({ changes: '<t:__proto__><t:constructor/></t:__proto__>' })],
    ['a document type', `<!DOCTYPE a [<!ENTITY b "c">]>${page({ state: '<m:SyncState>&b;</m:SyncState>' })}`],
    ['an entity that nobody declared', page({ state: '<m:SyncState>&b;</m:SyncState>' })],
    ['elements that do not end', page({}).replace('</m:Changes>', '')],
    ['more depth than any answer has', page({ changes: '<t:A>'.repeat(1000) + '</t:A>'.repeat(1000) })],
    ['another operation', LISTS],
    ['nothing', ''],
  ])('is of no use with %s', async (_what, answer) => {
    const printed = [vi.spyOn(console, 'log'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
    const { sync, asked } = exchange(answer);
    expect(await sync()).toMatchObject({ outcome: 'unavailable', retryAfterMs: undefined });
    expect(asked).toHaveLength(1);
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });

  it('tells what has changed, and not who has read it', async () => {
    const changes = `<t:Update>${ITEM}</t:Update><t:Delete><t:ItemId Id="D"/></t:Delete><t:ReadFlagChange><t:ItemId Id="R"/><t:IsRead>true</t:IsRead></t:ReadFlagChange>`;
    expect(await exchange(page({ changes })).sync()).toEqual({
      outcome: 'ok',
      value: {
        created: [],
        updated: [{ itemId: 'A', changeKey: 'B' }],
        deleted: [{ itemId: 'D', changeKey: undefined }],
        syncState: 'H4s=',
        complete: true,
      },
    });
  });

  it('that refuses a state where there was none is trouble, and nothing to begin anew for', async () => {
    const bad = '<m:M ResponseClass="Error"><m:ResponseCode>ErrorInvalidSyncStateData</m:ResponseCode></m:M>';
    const { sync } = exchange(ewsAnswer(`<m:R><m:ResponseMessages>${bad}</m:ResponseMessages></m:R>`));
    expect(await sync()).toMatchObject({ outcome: 'unavailable' });
    expect(await sync({ syncState: 'H4s=' })).toMatchObject({ outcome: 'begin_anew' });
  });

  it('that leads on to where one is ends the look', async () => {
    const { sync, asked } = exchange(page({ last: 'false' }));
    expect(await sync()).toMatchObject({ outcome: 'unavailable' });
    expect(asked).toHaveLength(2);
  });

  it('that always leads on is left after twenty, to be gone on from', async () => {
    const { sync, asked } = exchange((count) =>
      page({ last: 'false', state: `<m:SyncState>S${count}</m:SyncState>`, changes: `<t:Create>${ITEM}</t:Create>` }),
    );
    expect(await sync({ maxPages: 1000 })).toMatchObject({ outcome: 'ok', value: { syncState: 'S20', complete: false } });
    expect(asked).toHaveLength(20);
  });

  it('can be an error inside of a good one, which says how long to wait', async () => {
    const content = `<m:ResponseCode>ErrorInternalServerError</m:ResponseCode>${BACK_OFF}`;
    const answer = ewsAnswer(`<m:R><m:ResponseMessages><m:M ResponseClass="Error">${content}</m:M></m:ResponseMessages></m:R>`);
    expect(await exchange(answer).sync()).toMatchObject({ outcome: 'unavailable', retryAfterMs: 297_749 });
  });
});

describe('an answer about rooms', () => {
  it('leaves out a list that has gone meanwhile', async () => {
    const gone = alone('GetRooms', '', { class: 'Error', code: 'ErrorNameResolutionNoResults' });
    expect(await exchange(LISTS, gone).rooms()).toEqual({ outcome: 'ok', value: { lists: [], leftOut: 1 } });
  });

  it.each<[string, string | Response, object]>([
    ['busy', new Response(ewsFault('ErrorServerBusy', BACK_OFF).body, { status: 500 }), { outcome: 'unavailable', retryAfterMs: 297_749 }],
    ['not allowed', alone('GetRooms', '', { class: 'Error', code: 'ErrorAccessDenied' }), { outcome: 'forbidden' }],
    ['with elements where an address is', ROOMS.replace('a@corp.example', '<t:A/>'), { outcome: 'unavailable' }],
    ['of another operation', page({}), { outcome: 'unavailable' }],
    [
      'too new for the mailbox',
      alone('GetRooms', '', { class: 'Error', code: 'ErrorInvalidSchemaVersionForMailboxVersion' }),
      { outcome: 'not_known_by_server' },
    ],
  ])('is no list of rooms where it is %s', async (_what, answer, expected) => {
    expect(await exchange(LISTS, answer).rooms()).toMatchObject(expected);
  });
});

it('lets surprises through that are none of the server’s', async () => {
  const send = () => Promise.reject(new RangeError('a surprise'));
  const parts = { connection: { send, close: () => undefined }, now: () => 0, hints: { noMailbox: '', notAllowed: '' } };
  await expect(listRooms(parts)).rejects.toThrow(RangeError);
});
