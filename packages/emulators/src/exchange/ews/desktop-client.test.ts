import { describe, expect, test } from 'vitest';
import { all, AMIRA, startExchangeUnderTest, type ExchangeUnderTest } from '../../../test/exchange-under-test.ts';

/** What DavMail asks in its own words, which lists everything of a calendar and reads items as iCalendar. @see {@link https://davmail.sourceforge.net} */
const ARTICLE_NUMBER = '<t:ExtendedFieldURI PropertyTag="0xe23" PropertyType="Integer"/>';
const RECURRING = '<t:ExtendedFieldURI DistinguishedPropertySetId="Appointment" PropertyId="33315" PropertyType="Boolean"/>';
const INSTANCE_TYPE =
  '<t:ExtendedFieldURI DistinguishedPropertySetId="PublicStrings" PropertyName="urn:schemas:calendar:instancetype" PropertyType="Integer"/>';
const CHANGED = '<t:ExtendedFieldURI PropertyTag="0x3008" PropertyType="SystemTime"/>';
const UNKNOWN = '<t:ExtendedFieldURI PropertyTag="0x10f3" PropertyType="String"/>';

function equal(path: string, value: string): string {
  return `<t:IsEqualTo>${path}<t:FieldURIOrConstant><t:Constant Value="${value}"/></t:FieldURIOrConstant></t:IsEqualTo>`;
}

function list(restriction: string, { offset = 0, most = 100, folder = 'calendar', order = 'Ascending' } = {}): string {
  const shape = `<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${INSTANCE_TYPE}${CHANGED}${UNKNOWN}${ARTICLE_NUMBER}</t:AdditionalProperties></m:ItemShape>`;
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
