import { describe, expect, test } from 'vitest';
import { AMIRA, ewsAsking, JONAS, LEA, NOW_MS, OTTO, startExchangeUnderTest, type Calling } from '../../../test/exchange-under-test.ts';
import type { ExchangeVersion } from '../versions.ts';

const ID_ONLY = '<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>';
const ALL = '<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>';
const CALENDAR = '<t:DistinguishedFolderId Id="calendar"/>';
const GET_FOLDER = `<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds>${CALENDAR}</m:FolderIds></m:GetFolder>`;
const GET_ROOM_LISTS = '<m:GetRoomLists/>';

function view(from: string, to: string, { shape = ID_ONLY, most = 1000 } = {}): string {
  return `<m:FindItem Traversal="Shallow">${shape}<m:CalendarView MaxEntriesReturned="${most}" StartDate="${from}" EndDate="${to}"/><m:ParentFolderIds>${CALENDAR}</m:ParentFolderIds></m:FindItem>`;
}

function getItem(id: string): string {
  return `<m:GetItem>${ALL}<m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds></m:GetItem>`;
}

function create(zone: string): string {
  return `<m:CreateItem SendMeetingInvitations="SendToNone"><m:SavedItemFolderId>${CALENDAR}</m:SavedItemFolderId><m:Items><t:CalendarItem><t:Subject>Fair</t:Subject><t:Start>2026-11-23T09:00:00Z</t:Start><t:End>2026-11-23T10:00:00Z</t:End>${zone}</t:CalendarItem></m:Items></m:CreateItem>`;
}

function sync(state: string, most = 512): string {
  const token = state === '' ? '' : `<m:SyncState>${state}</m:SyncState>`;
  return `<m:SyncFolderItems>${ID_ONLY}<m:SyncFolderId>${CALENDAR}</m:SyncFolderId>${token}<m:MaxChangesReturned>${most}</m:MaxChangesReturned></m:SyncFolderItems>`;
}

function resolve(entry: string): string {
  return `<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>${entry}</m:UnresolvedEntry></m:ResolveNames>`;
}

describe('the versions of Exchange', () => {
  test.each<[ExchangeVersion, string, string, string]>([
    ['2007_SP1', 'Exchange2007_SP1', 'Exchange2010', 'MajorVersion="8" MinorVersion="1"'],
    ['2010', 'Exchange2010_SP2', 'Exchange2013', 'MajorVersion="14" MinorVersion="3"'],
    ['2013', 'Exchange2013_SP1', 'Exchange2016', 'MajorVersion="15" MinorVersion="0"'],
    ['2016', 'Exchange2016', 'V2017_07_11', 'MajorVersion="15" MinorVersion="1"'],
    ['SE', 'Exchange2016', 'Exchange2019', 'MajorVersion="15" MinorVersion="2"'],
  ])('%s takes %s, refuses %s and says which it is', async (version, newest, tooNew, numbers) => {
    const exchange = await startExchangeUnderTest({ version });
    const good = await exchange.call(GET_FOLDER, { version: newest });
    expect(good).toMatchObject({ status: 200, code: 'NoError' });
    expect(good.text).toContain(numbers);
    expect(await exchange.call(GET_FOLDER, { version: tooNew })).toMatchObject({ status: 500, code: 'ErrorInvalidServerVersion' });
    expect(exchange.control.requests.at(-1)).toMatchObject({ person: AMIRA.email });
  });

  test('2007 writes faults in a way of its own', async () => {
    const old = await startExchangeUnderTest({ version: '2007_SP1' });
    const young = await startExchangeUnderTest();
    const broken = '<m:FindItem/>';
    expect((await old.call(broken)).text).toMatch(/<soap11:Fault><faultcode>soap11:Client<\/faultcode>.*<e:Line .*<e:Position /);
    expect((await young.call(broken)).text).toMatch(/<faultcode .*>a:ErrorSchemaValidation<\/faultcode>.*<t:LineNumber>/);
  });

  test.each<[string, string]>([
    ['room lists', GET_ROOM_LISTS],
    ['a zone for the start', create('<t:StartTimeZone Id="UTC"/>')],
    [
      'a path to such a zone',
      view('2026-11-16T00:00:00Z', '2026-11-20T00:00:00Z', {
        shape:
          '<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="calendar:StartTimeZone"/></t:AdditionalProperties></m:ItemShape>',
      }),
    ],
  ])('2007 does not know %s, and later servers refuse them to who speaks of 2007', async (_, operation) => {
    const old = await startExchangeUnderTest({ version: '2007_SP1' });
    expect(await old.call(operation)).toMatchObject({ status: 500, code: 'ErrorSchemaValidation' });
    const young = await startExchangeUnderTest({ version: '2010' });
    expect(await young.call(operation)).toMatchObject({ status: 500, code: 'ErrorIncorrectSchemaVersion' });
    expect(await young.call(operation, { version: 'Exchange2010' })).toMatchObject({ status: 200, code: 'NoError' });
  });

  test('an item has the zone of its meeting for who speaks of 2007, and one for start and end for others', async () => {
    const exchange = await startExchangeUnderTest();
    const made = await exchange.call(create('<t:MeetingTimeZone TimeZoneName="W. Europe Standard Time"/>'));
    expect(made.code).toBe('NoError');
    const [id = ''] = made.ids();
    const old = await exchange.call(getItem(id));
    expect(old.text).toContain('<t:MeetingTimeZone TimeZoneName="W. Europe Standard Time"/>');
    expect(old.text).not.toContain('StartTimeZone');
    expect((await exchange.call(getItem(id), { version: 'Exchange2010' })).text).toContain('<t:StartTimeZone Id="W. Europe Standard Time"');
  });
});

describe('calendars and items', () => {
  test('a view expands series, ends after two years, and says where it was cut', async () => {
    const exchange = await startExchangeUnderTest();
    const week = await exchange.call(view('2026-11-16T00:00:00Z', '2026-11-21T00:00:00Z', { shape: ALL }));
    expect(week.texts('Subject').filter((subject) => subject === 'Stand-up')).toHaveLength(5);
    const cut = await exchange.call(view('2026-11-16T00:00:00Z', '2026-11-21T00:00:00Z', { most: 3 }));
    expect([cut.ids().length, cut.text.includes('IncludesLastItemInRange="false"')]).toEqual([3, true]);
    expect((await exchange.call(view('2026-01-01T00:00:00Z', '2028-02-01T00:00:00Z'))).code).toBe('ErrorCalendarViewRangeTooBig');
  });

  test('are those of whoever is logged in', async () => {
    const exchange = await startExchangeUnderTest();
    const jonas = await exchange.call(view('2026-11-16T00:00:00Z', '2026-11-21T00:00:00Z', { shape: ALL }), { as: JONAS });
    expect(jonas.texts('Subject')).toEqual(['Dentist']);
    const folder = `<t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>${JONAS.email}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>`;
    expect((await exchange.call(GET_FOLDER.replace(CALENDAR, folder))).code).toBe('ErrorAccessDenied');
    const header = `<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>${JONAS.email}</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>`;
    expect(await exchange.call(GET_FOLDER, { header })).toMatchObject({ status: 500, code: 'ErrorImpersonateUserDenied' });
  });

  test.each<[string, string, string]>([
    ['CreateItem', 'SendMeetingInvitations="SendToNone"', create('')],
    [
      'DeleteItem',
      'SendMeetingCancellations="SendToNone"',
      '<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds><t:ItemId Id="AAMkAGamirabudget"/></m:ItemIds></m:DeleteItem>',
    ],
    [
      'UpdateItem',
      'SendMeetingInvitationsOrCancellations="SendToNone"',
      '<m:UpdateItem ConflictResolution="AlwaysOverwrite" SendMeetingInvitationsOrCancellations="SendToNone"><m:ItemChanges><t:ItemChange><t:ItemId Id="AAMkAGamirabudget"/><t:Updates><t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:CalendarItem><t:Subject>Moved</t:Subject></t:CalendarItem></t:SetItemField></t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>',
    ],
  ])('%s has to say whom to tell', async (_, attribute, operation) => {
    const exchange = await startExchangeUnderTest();
    const name = attribute.split('=')[0];
    expect(await exchange.call(operation.replace(attribute, ''))).toMatchObject({ status: 500, code: `Error${name}Required` });
    expect((await exchange.call(operation)).code).toBe('NoError');
  });

  test('SyncFolderItems tells what changed since, page by page, and forgets', async () => {
    const exchange = await startExchangeUnderTest();
    const first = await exchange.call(sync('', 3));
    expect([first.ids().length, first.texts('IncludesLastItemInRange')]).toEqual([3, ['false']]);
    const [begun = ''] = first.texts('SyncState');
    const second = await exchange.call(sync(begun));
    expect([second.ids().length, second.texts('IncludesLastItemInRange')]).toEqual([1, ['true']]);
    const [seen = ''] = second.texts('SyncState');
    expect((await exchange.call(sync(seen))).ids()).toEqual([]);

    const [created = ''] = (await exchange.call(create(''))).ids();
    exchange.control.eventsOf(AMIRA.email);
    await exchange.call(
      '<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds><t:ItemId Id="AAMkAGamiradoctor"/></m:ItemIds></m:DeleteItem>',
    );
    const changes = await exchange.call(sync(seen));
    expect(changes.ids()).toEqual([created, 'AAMkAGamiradoctor']);
    expect(changes.text).toMatch(/<t:Create>.*<\/t:Create><t:Delete>/);

    exchange.control.forgetSyncStates();
    expect((await exchange.call(sync(seen))).code).toBe('ErrorInvalidSyncStateData');
    expect((await exchange.call(sync('', 513))).code).toBe('ErrorSchemaValidation');
  });
});

describe('the directory', () => {
  test('has room lists and their rooms', async () => {
    const exchange = await startExchangeUnderTest();
    const version = { version: 'Exchange2010' };
    const lists = await exchange.call(GET_ROOM_LISTS, version);
    expect(lists.texts('EmailAddress')).toEqual(['head-office-rooms@corp.example']);
    const rooms = (address: string) =>
      exchange.call(`<m:GetRooms><m:RoomList><t:EmailAddress>${address}</t:EmailAddress></m:RoomList></m:GetRooms>`, version);
    expect((await rooms('head-office-rooms@corp.example')).texts('Name')).toEqual(['Room Elbe', 'Room Spree']);
    expect((await rooms('nobody@corp.example')).code).toBe('ErrorNameResolutionNoResults');
  });

  test('resolves names, warns of several, and tells an address from its beginning', async () => {
    const exchange = await startExchangeUnderTest();
    expect((await exchange.call(resolve('Jonas'))).texts('EmailAddress')).toEqual([JONAS.email]);
    expect((await exchange.call(resolve('smtp:amira.haddad@corp.example'))).texts('EmailAddress')).toEqual([AMIRA.email]);
    const several = await exchange.call(resolve('Room'));
    expect([several.code, several.text.includes('ResponseClass="Warning"'), several.texts('Resolution').length]).toEqual([
      'ErrorNameResolutionMultipleResults',
      true,
      2,
    ]);
    expect((await exchange.call(resolve('smtp:jonas'))).code).toBe('ErrorNameResolutionNoResults');
    expect((await exchange.call(resolve('Jonas').replace(' ReturnFullContactData="false"', ''))).code).toBe('ErrorSchemaValidation');
  });
});

describe('EWS is not for everybody', () => {
  test('where it is off for the mailbox', async () => {
    const exchange = await startExchangeUnderTest();
    exchange.control.setFor(AMIRA.email, { ewsEnabled: false });
    expect(await exchange.call(GET_FOLDER)).toMatchObject({ status: 403, text: '' });
    exchange.control.set({ ewsDisabledAnswer: 'access_denied' });
    expect(await exchange.call(GET_FOLDER)).toMatchObject({ status: 500, code: 'ErrorAccessDenied' });
    expect((await exchange.call(GET_FOLDER, { as: JONAS })).code).toBe('NoError');
  });

  test('where only some clients are allowed', async () => {
    const exchange = await startExchangeUnderTest({ switches: { allowedUserAgents: ['OtherClient/'] } });
    expect((await exchange.call(GET_FOLDER)).status).toBe(403);
    const asking = ewsAsking(GET_FOLDER);
    const headers = { ...asking.headers, 'User-Agent': 'OtherClient/2' };
    expect((await exchange.askByNtlm({ ...AMIRA, domain: 'CORP' }, { ...asking, headers })).status).toBe(200);
  });

  test.each<[string, Calling['as'], string]>([
    ['a mailbox that is in Exchange Online', LEA, 'ErrorNonExistentMailbox'],
    ['an account without a mailbox', OTTO, 'ErrorMissingEmailAddress'],
  ])('with %s', async (_, as, code) => {
    const exchange = await startExchangeUnderTest();
    exchange.control.setFor(OTTO.email, { mailbox: 'none' });
    expect(await exchange.call(GET_FOLDER, as === undefined ? {} : { as })).toMatchObject({ status: 500, code });
  });

  test('while a mailbox is moved, and afterwards by every server but the new one, which Autodiscover names', async () => {
    const exchange = await startExchangeUnderTest();
    exchange.control.setFor(AMIRA.email, { mailbox: 'moving' });
    expect(await exchange.call(GET_FOLDER)).toMatchObject({ status: 500, code: 'ErrorMailboxMoveInProgress' });
    exchange.control.setFor(AMIRA.email, { mailbox: 'here', movedTo: 'Mail2.corp.example' });
    expect(await exchange.call(GET_FOLDER)).toMatchObject({ status: 500, code: 'ErrorNonExistentMailbox' });
    expect(await exchange.call(GET_FOLDER, { as: JONAS })).toMatchObject({ status: 200 });
    const asked = { path: `/autodiscover/autodiscover.json/v1.0/${AMIRA.email}?Protocol=EWS` };
    expect((await exchange.ask({ host: 'autodiscover.corp.example', ...asked })).text).toContain(
      'https://mail2.corp.example/EWS/Exchange.asmx',
    );
    exchange.control.setHost({ name: 'mail2.corp.example' });
    const there = { ...ewsAsking(GET_FOLDER), host: 'mail2.corp.example' };
    expect((await exchange.askByNtlm({ ...AMIRA, domain: 'CORP' }, there)).status).toBe(200);
  });

  test('when it is throttled, with the time to wait', async () => {
    const exchange = await startExchangeUnderTest({
      faults: [{ group: 'ews', ewsCode: 'ErrorServerBusy', backOffMs: 297_749, operation: 'FindItem', email: AMIRA.email, times: 1 }],
    });
    expect((await exchange.call(GET_FOLDER)).status).toBe(200);
    const week = view('2026-11-16T00:00:00Z', '2026-11-21T00:00:00Z');
    expect((await exchange.call(week, { as: JONAS })).status).toBe(200);
    const busy = await exchange.call(week);
    expect(busy).toMatchObject({ status: 500, code: 'ErrorServerBusy' });
    expect(busy.text).toContain('<t:Value Name="BackOffMilliseconds">297749</t:Value>');
    expect((await exchange.call(week)).status).toBe(200);
  });

  test('and says what it does not take', async () => {
    const exchange = await startExchangeUnderTest();
    const client = { ...AMIRA, domain: 'CORP' };
    const asking = ewsAsking(GET_FOLDER);
    expect((await exchange.askByNtlm(client, { ...asking, headers: { 'Content-Type': 'application/soap+xml' } })).status).toBe(415);
    expect((await exchange.askByNtlm(client, { path: '/ews/EXCHANGE.asmx' })).headers.location).toBe(
      'https://mail.corp.example/EWS/Services.wsdl',
    );
    const document = '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>';
    expect((await exchange.askByNtlm(client, { ...asking, body: document })).text).toContain('ErrorSchemaValidation');
    expect((await exchange.call('<m:GetUserPhoto/>')).code).toBe('ErrorInvalidRequest');
    expect(NOW_MS).toBe(exchange.control.requests[0]?.atMs);
  });
});
