import { describe, expect, test } from 'vitest';
import { all, AMIRA, basic, ewsAsking, startExchangeUnderTest, type ExchangeUnderTest } from '../../../test/exchange-under-test.ts';

/** What DavMail asks in its own words, which lists everything of a calendar and has items as iCalendar. @see {@link https://davmail.sourceforge.net} */
const ARTICLE_NUMBER = '<t:ExtendedFieldURI PropertyTag="0xe23" PropertyType="Integer"/>';
const RECURRING = '<t:ExtendedFieldURI DistinguishedPropertySetId="Appointment" PropertyId="33315" PropertyType="Boolean"/>';
const INSTANCE_TYPE =
  '<t:ExtendedFieldURI DistinguishedPropertySetId="PublicStrings" PropertyName="urn:schemas:calendar:instancetype" PropertyType="Integer"/>';
const CHANGED = '<t:ExtendedFieldURI PropertyTag="0x3008" PropertyType="SystemTime"/>';
const NAME = '<t:ExtendedFieldURI PropertyTag="0x10f3" PropertyType="String"/>';
const STATE = '<t:ExtendedFieldURI DistinguishedPropertySetId="Appointment" PropertyId="33303" PropertyType="Integer"/>';
const LAST_COMMIT = '<t:ExtendedFieldURI PropertyTag="0x670a" PropertyType="SystemTime"/>';
const BERLIN = 'W. Europe Standard Time';
const CONTEXT = `<t:TimeZoneContext><t:TimeZoneDefinition Id="${BERLIN}"/></t:TimeZoneContext>`;

function equal(path: string, value: string): string {
  return `<t:IsEqualTo>${path}<t:FieldURIOrConstant><t:Constant Value="${value}"/></t:FieldURIOrConstant></t:IsEqualTo>`;
}

function list(restriction: string, { offset = 0, most = 100, folder = 'calendar', order = 'Ascending' } = {}): string {
  const shape = `<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${INSTANCE_TYPE}${CHANGED}${NAME}${ARTICLE_NUMBER}</t:AdditionalProperties></m:ItemShape>`;
  return `<m:FindItem Traversal="Shallow">${shape}<m:IndexedPageItemView MaxEntriesReturned="${most}" Offset="${offset}" BasePoint="Beginning"/><m:Restriction>${restriction}</m:Restriction><m:SortOrder><t:FieldOrder Order="${order}">${ARTICLE_NUMBER}</t:FieldOrder></m:SortOrder><m:ParentFolderIds><t:DistinguishedFolderId Id="${folder}"/></m:ParentFolderIds></m:FindItem>`;
}

const SINGLE = equal(RECURRING, 'false');
const EVERYTHING = `<t:Or>${equal(RECURRING, 'true')}<t:And>${SINGLE}<t:IsGreaterThan><t:FieldURI FieldURI="calendar:Start"/><t:FieldURIOrConstant><t:Constant Value="2026-01-01T00:00:00Z"/></t:FieldURIOrConstant></t:IsGreaterThan></t:And></t:Or>`;

async function ids(exchange: ExchangeUnderTest, operation: string): Promise<readonly string[]> {
  return (await exchange.call(operation)).ids();
}

describe('what a client asks that keeps whole calendars', () => {
  test('the items of a calendar, series as one, page by page and in order', async () => {
    const exchange = await startExchangeUnderTest();
    const whole = await ids(exchange, list(EVERYTHING));
    expect(whole).toEqual(['AAMkAGamirastandup', 'AAMkAGamirabudget', 'AAMkAGamiradoctor', 'AAMkAGamirafocus']);
    const first = await exchange.call(list(EVERYTHING, { most: 3 }));
    const folder = all(first.body, 'RootFolder')[0]?.attributes;
    expect([
      first.ids(),
      folder?.get('IndexedPagingOffset'),
      folder?.get('TotalItemsInView'),
      folder?.get('IncludesLastItemInRange'),
    ]).toEqual([whole.slice(0, 3), '3', '4', 'false']);
    expect(await ids(exchange, list(EVERYTHING, { most: 3, offset: 3 }))).toEqual(whole.slice(3));
    expect(await ids(exchange, list(EVERYTHING, { order: 'Descending' }))).toEqual(whole.toReversed());
    expect(await ids(exchange, list(SINGLE))).toEqual(whole.slice(1));
    expect(await ids(exchange, list(EVERYTHING, { folder: 'tasks' }))).toEqual([]);
  });

  test('properties by their tags, and none that an item has not', async () => {
    const exchange = await startExchangeUnderTest();
    const answer = await exchange.call(list(equal(RECURRING, 'true')));
    expect(answer.texts('Value')).toEqual(['1', '2026-11-18T12:00:00Z', '1']);
    expect(answer.text).not.toContain('0x10f3');
  });

  test('an item as iCalendar', async () => {
    const exchange = await startExchangeUnderTest();
    const shape = '<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent></m:ItemShape>';
    const answer = await exchange.call(`<m:GetItem>${shape}<m:ItemIds><t:ItemId Id="AAMkAGamirastandup"/></m:ItemIds></m:GetItem>`);
    const [content = ''] = answer.texts('MimeContent');
    expect(Buffer.from(content, 'base64').toString()).toContain('RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR\r\n');
  });

  test('the well-known folders, one of them by its name', async () => {
    const exchange = await startExchangeUnderTest();
    const names = ['root', 'inbox', 'calendar', 'contacts', 'sentitems', 'drafts', 'deleteditems', 'junkemail', 'outbox'];
    const folders = names.map((name) => `<t:DistinguishedFolderId Id="${name}"/>`).join('');
    const shape = `<m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="folder:DisplayName"/><t:ExtendedFieldURI PropertyTag="0x3613" PropertyType="String"/></t:AdditionalProperties></m:FolderShape>`;
    const answer = await exchange.call(`<m:GetFolder>${shape}<m:FolderIds>${folders}</m:FolderIds></m:GetFolder>`);
    expect([new Set(answer.ids('FolderId')).size, answer.texts('Value')[3]]).toEqual([names.length, 'IPF.Contact']);
    const find = (parent: string) =>
      exchange.call(
        `<m:FindFolder Traversal="Shallow">${shape}<m:IndexedPageFolderView MaxEntriesReturned="1" Offset="0" BasePoint="Beginning"/><m:Restriction>${equal('<t:FieldURI FieldURI="folder:DisplayName"/>', 'Team holidays')}</m:Restriction><m:ParentFolderIds><t:DistinguishedFolderId Id="${parent}"/></m:ParentFolderIds></m:FindFolder>`,
      );
    expect((await find('msgfolderroot')).texts('DisplayName')).toEqual(['Team holidays']);
    expect((await find('calendar')).texts('DisplayName')).toEqual([]);
  });

  test('whose mailbox it is, and in which zone', async () => {
    const exchange = await startExchangeUnderTest();
    const convert = (id: string) =>
      exchange.call(
        `<m:ConvertId DestinationFormat="EwsId"><m:SourceIds><t:AlternateId Format="EwsId" Id="${id}" Mailbox="x@corp.example"/></m:SourceIds></m:ConvertId>`,
      );
    expect(all((await convert('AAMkAG')).body, 'AlternateId')[0]?.attributes.get('Mailbox')).toBe(AMIRA.email);
    expect((await convert('%')).code).toBe('ErrorInvalidIdMalformed');
    const configuration = (name: string) =>
      `<m:GetUserConfiguration><m:UserConfigurationName Name="${name}"><t:DistinguishedFolderId Id="root"/></m:UserConfigurationName><m:UserConfigurationProperties>All</m:UserConfigurationProperties></m:GetUserConfiguration>`;
    const version = { version: 'Exchange2010' };
    expect((await exchange.call(configuration('OWA.UserOptions'), version)).texts('Value')).toEqual([
      'timezone',
      'W. Europe Standard Time',
    ]);
    expect((await exchange.call(configuration('Other'), version)).code).toBe('ErrorItemNotFound');
    expect((await exchange.call(configuration('OWA.UserOptions'))).code).toBe('ErrorIncorrectSchemaVersion');
  });
});

function extended(path: string, value: string): string {
  return `<t:ExtendedProperty>${path}<t:Value>${value}</t:Value></t:ExtendedProperty>`;
}

function creating(item: string, folder = '<t:DistinguishedFolderId Id="calendar"/>'): string {
  return `<m:CreateItem SendMeetingInvitations="SendToNone"><m:SavedItemFolderId>${folder}</m:SavedItemFolderId><m:Items><t:CalendarItem>${item}</t:CalendarItem></m:Items></m:CreateItem>`;
}

function updating(id: string, updates: string): string {
  return `<m:UpdateItem ConflictResolution="AlwaysOverwrite" SendMeetingInvitationsOrCancellations="SendToNone"><m:ItemChanges><t:ItemChange><t:ItemId Id="${id}"/><t:Updates>${updates}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`;
}

function eventOf(exchange: ExchangeUnderTest, subject: string) {
  return exchange.control.eventsOf(AMIRA.email).find(({ fields }) => fields.subject === subject);
}

describe('what a client writes that keeps whole calendars', () => {
  const VERSION = { version: 'Exchange2010' };

  test('a request that names no version is one of 2007', async () => {
    const exchange = await startExchangeUnderTest({
      hosts: [{ name: 'mail.corp.example', https: { kind: 'exchange', authentication: { ews: ['basic'] } } }],
    });
    const ask = (operation: string) => {
      const { body = '', headers = {}, ...rest } = ewsAsking(operation);
      const bare = body.replace(/<t:RequestServerVersion[^>]*>/, '');
      return exchange.ask({ ...rest, body: bare, headers: { ...headers, ...basic(AMIRA.user, AMIRA.password) } });
    };
    const root = '<m:FolderIds><t:DistinguishedFolderId Id="root"/></m:FolderIds>';
    expect((await ask(`<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>${root}</m:GetFolder>`)).status).toBe(
      200,
    );
    expect((await ask('<m:GetRoomLists/>')).text).toContain('ErrorIncorrectSchemaVersion');
    expect(exchange.control.requests[0]?.requestVersion).toBe('Exchange2007');
  });

  test('calendars come and go, and the distinguished ones stay', async () => {
    const exchange = await startExchangeUnderTest();
    const create = (folder: string) =>
      exchange.call(
        `<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderId><m:Folders>${folder}</m:Folders></m:CreateFolder>`,
      );
    const remove = (id: string) =>
      exchange.call(`<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${id}</m:FolderIds></m:DeleteFolder>`);
    const folder = '<t:Folder><t:FolderClass>IPF.Appointment</t:FolderClass><t:DisplayName>Side</t:DisplayName></t:Folder>';
    const created = await create(folder);
    const [id = ''] = created.ids('FolderId');
    expect([created.code, all(created.body, 'CalendarFolder').length]).toEqual(['NoError', 1]);
    const item = await exchange.call(
      creating('<t:Start>2026-11-19T09:00:00Z</t:Start><t:End>2026-11-19T10:00:00Z</t:End>', `<t:FolderId Id="${id}"/>`),
    );
    expect(item.code).toBe('NoError');
    expect((await create(folder)).code).toBe('ErrorFolderExists');
    expect((await create('<t:TasksFolder><t:DisplayName>Chores</t:DisplayName></t:TasksFolder>')).code).toBe('ErrorInvalidRequest');
    expect((await remove('<t:DistinguishedFolderId Id="calendar"/>')).code).toBe('ErrorDeleteDistinguishedFolder');
    expect((await remove(`<t:FolderId Id="${id}"/>`)).code).toBe('NoError');
    expect((await remove(`<t:FolderId Id="${id}"/>`)).code).toBe('ErrorFolderNotFound');
  });

  test('a calendar says when something in it last changed', async () => {
    let nowMs = Date.UTC(2026, 10, 18, 12);
    const exchange = await startExchangeUnderTest({ now: () => nowMs });
    const shape = `<m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${LAST_COMMIT}</t:AdditionalProperties></m:FolderShape>`;
    const changed = async () =>
      (await exchange.call(`<m:GetFolder>${shape}<m:FolderIds><t:DistinguishedFolderId Id="calendar"/></m:FolderIds></m:GetFolder>`)).texts(
        'Value',
      );
    expect(await changed()).toEqual(['2026-11-18T12:00:00Z']);
    nowMs += 60_000;
    const items = '<m:ItemIds><t:ItemId Id="AAMkAGamirabudget"/></m:ItemIds>';
    await exchange.call(`<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone">${items}</m:DeleteItem>`);
    expect(await changed()).toEqual(['2026-11-18T12:01:00Z']);
  });

  test('an item as iCalendar, and what is said by name beside it wins', async () => {
    const exchange = await startExchangeUnderTest();
    const times = [`DTSTART;TZID=${BERLIN}:20261120T123000`, `DTEND;TZID=${BERLIN}:20261120T131500`];
    const lines = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:lunch-1', 'SUMMARY:Lunch', ...times, 'END:VEVENT', 'END:VCALENDAR'];
    const mime = `<t:MimeContent>${Buffer.from(lines.join('\r\n')).toString('base64')}</t:MimeContent>`;
    const properties = `${extended(NAME, 'lunch-1.ics')}${extended(STATE, '0')}<t:LegacyFreeBusyStatus>Free</t:LegacyFreeBusyStatus>`;
    expect((await exchange.call(creating(`${mime}${properties}`))).code).toBe('NoError');
    expect(eventOf(exchange, 'Lunch')).toMatchObject({
      iCalUId: 'lunch-1',
      startMs: Date.UTC(2026, 10, 20, 11, 30),
      fields: { showAs: 'free', start: { timeZone: BERLIN } },
    });
    expect((await exchange.call(list(equal(NAME, 'lunch-1.ics')))).texts('Value')).toContain('lunch-1.ics');
    expect(
      (
        await exchange.call(
          list(
            equal(STATE.replace('DistinguishedPropertySetId="Appointment"', 'PropertySetId="00062002-0000-0000-C000-000000000046"'), '0'),
          ),
        )
      ).ids(),
    ).toHaveLength(1);
  });

  test('properties by their tags, those too that have an element of their own', async () => {
    const exchange = await startExchangeUnderTest();
    const subject = '<t:ExtendedFieldURI PropertyTag="0x37" PropertyType="String"/>';
    const set = (path: string, value: string) => `<t:SetItemField>${path}<t:Item>${extended(path, value)}</t:Item></t:SetItemField>`;
    const id = 'AAMkAGamirabudget';
    expect((await exchange.call(updating(id, `${set(subject, 'Money')}${set(NAME, 'money.ics')}`))).code).toBe('NoError');
    expect(eventOf(exchange, 'Money')?.id).toBe(id);
    expect(await ids(exchange, list(equal(NAME, 'money.ics')))).toEqual([id]);
    expect((await exchange.call(updating(id, `<t:DeleteItemField>${NAME}</t:DeleteItemField>`))).code).toBe('NoError');
    expect(await ids(exchange, list(equal(NAME, 'money.ics')))).toEqual([]);
    const mismatched = `<t:SetItemField>${NAME}<t:Item>${extended(subject, 'x')}</t:Item></t:SetItemField>`;
    expect((await exchange.call(updating(id, mismatched))).code).toBe('ErrorUpdatePropertyMismatch');
  });

  /** Of the page "Time zones and EWS in Exchange", its second table. */
  test.each([
    ['UTC, by default', '', '', '2026-11-19T09:00:00.000Z', '2026-11-19T10:00:00.000Z'],
    ['the zone of the header', CONTEXT, '', '2026-11-19T08:00:00.000Z', '2026-11-19T09:00:00.000Z'],
    ['the item’s own for the start', '', `<t:StartTimeZone Id="${BERLIN}"/>`, '2026-11-19T08:00:00.000Z', '2026-11-19T10:00:00.000Z'],
    [
      'the item’s own for both, whatever the header has',
      CONTEXT,
      '<t:StartTimeZone Id="UTC"/><t:EndTimeZone Id="GMT Standard Time"/>',
      '2026-11-19T09:00:00.000Z',
      '2026-11-19T10:00:00.000Z',
    ],
  ])('times that say no zone are in %s', async (_, header, zones, start, end) => {
    const exchange = await startExchangeUnderTest();
    const item = `<t:Subject>Zoned</t:Subject><t:Start>2026-11-19T09:00:00</t:Start><t:End>2026-11-19T10:00:00</t:End>${zones}`;
    expect((await exchange.call(creating(item), { ...VERSION, header })).code).toBe('NoError');
    const event = eventOf(exchange, 'Zoned');
    expect([event?.startMs, event?.endMs]).toEqual([Date.parse(start), Date.parse(end)]);
  });

  test('before 2010 the header’s zone is not heeded, and that of a meeting is', async () => {
    const exchange = await startExchangeUnderTest();
    const item = (zone: string) =>
      `<t:Subject>${zone}</t:Subject><t:Start>2026-11-19T09:00:00</t:Start><t:End>2026-11-19T10:00:00</t:End>${zone === 'none' ? '' : `<t:MeetingTimeZone TimeZoneName="${zone}"/>`}`;
    for (const zone of ['none', BERLIN]) await exchange.call(creating(item(zone)), { header: CONTEXT });
    expect(eventOf(exchange, 'none')?.startMs).toBe(Date.UTC(2026, 10, 19, 9));
    expect(eventOf(exchange, BERLIN)?.startMs).toBe(Date.UTC(2026, 10, 19, 8));
  });
});
