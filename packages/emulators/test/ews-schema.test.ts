import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { EXCHANGE_VERSIONS } from '../src/exchange/versions.ts';
import { AMIRA, JONAS, startExchangeUnderTest, type ExchangeUnderTest } from './exchange-under-test.ts';

/** A folder with Microsoft's schema of EWS and `validate.mjs`, which says what breaks it. It is not part of this project. */
const SCHEMA_DIR = process.env['EWS_SCHEMA_DIR'];
/** Where `xmllint-wasm` is installed, which `validate.mjs` needs. The default is where the tests run. */
const VALIDATOR_DIR = process.env['EWS_VALIDATOR_DIR'] ?? process.cwd();

const CALENDAR = '<t:DistinguishedFolderId Id="calendar"/>';
const ALL = '<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>';
const FOLDER_SHAPE = '<m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>';
const NO_RULE =
  '<t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>0</t:DayOrder><t:Month>0</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek>';
const ZONE = `<t:TimeZone><t:Bias>0</t:Bias><t:StandardTime>${NO_RULE}</t:StandardTime><t:DaylightTime>${NO_RULE}</t:DaylightTime></t:TimeZone>`;
const ATTENDEES = `<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>${JONAS.email}</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>`;
const KEY = '<t:ExtendedFieldURI PropertySetId="00020329-0000-0000-C000-000000000046" PropertyName="key" PropertyType="String"/>';
const MEETING = `<t:CalendarItem><t:Subject>Fair &amp; square</t:Subject><t:Body BodyType="Text">Bring &lt;it&gt;</t:Body><t:ReminderIsSet>true</t:ReminderIsSet><t:ReminderMinutesBeforeStart>30</t:ReminderMinutesBeforeStart><t:ExtendedProperty>${KEY}<t:Value>one</t:Value></t:ExtendedProperty><t:Start>2026-11-19T09:00:00Z</t:Start><t:End>2026-11-19T10:00:00Z</t:End><t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus><t:Location>Elbe</t:Location>${ATTENDEES}</t:CalendarItem>`;

function availability(addresses: readonly string[], view: string): string {
  const mailboxes = addresses.map(
    (address) =>
      `<t:MailboxData><t:Email><t:Address>${address}</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType></t:MailboxData>`,
  );
  return `<m:GetUserAvailabilityRequest>${ZONE}<m:MailboxDataArray>${mailboxes.join('')}</m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>2026-11-16T00:00:00</t:StartTime><t:EndTime>2026-11-21T00:00:00</t:EndTime></t:TimeWindow><t:RequestedView>${view}</t:RequestedView></t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>`;
}

function sync(state = ''): string {
  return `<m:SyncFolderItems>${ALL}<m:SyncFolderId>${CALENDAR}</m:SyncFolderId>${state}<m:MaxChangesReturned>512</m:MaxChangesReturned></m:SyncFolderItems>`;
}

/** Every kind of answer, by a name for its file. */
async function collect(exchange: ExchangeUnderTest): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  const call = async (name: string, operation: string, version?: string) => {
    const answer = await exchange.call(operation, version === undefined ? {} : { version });
    answers.set(name, answer.text);
    return answer;
  };
  await call(
    'get-folder',
    `<m:GetFolder>${FOLDER_SHAPE}<m:FolderIds>${CALENDAR}<t:DistinguishedFolderId Id="inbox"/><t:FolderId Id="AAA="/></m:FolderIds></m:GetFolder>`,
  );
  await call(
    'find-folder',
    `<m:FindFolder Traversal="Deep">${FOLDER_SHAPE}<m:ParentFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderIds></m:FindFolder>`,
  );
  const [id = ''] = (
    await call('create-item', `<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items>${MEETING}</m:Items></m:CreateItem>`)
  ).ids();
  const view = `<m:CalendarView StartDate="2026-11-16T00:00:00Z" EndDate="2026-11-21T00:00:00Z"/><m:ParentFolderIds>${CALENDAR}</m:ParentFolderIds>`;
  await call('find-item', `<m:FindItem Traversal="Shallow">${ALL}${view}</m:FindItem>`);
  await call('find-item-refused', `<m:FindItem Traversal="Shallow">${ALL}${view.replace('2026-11-21', '2029-11-21')}</m:FindItem>`);
  const items = `<m:ItemIds><t:ItemId Id="${id}"/><t:ItemId Id="AAMkAGamirastandup"/><t:ItemId Id="AAA="/></m:ItemIds>`;
  const shape = `<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape><t:AdditionalProperties>${KEY}</t:AdditionalProperties></m:ItemShape>`;
  await call('get-item', `<m:GetItem>${shape}${items}</m:GetItem>`, 'Exchange2010');
  const mime = '<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent></m:ItemShape>';
  await call('get-item-mime', `<m:GetItem>${mime}${items}</m:GetItem>`);
  const tags = `<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:ExtendedFieldURI PropertyTag="0xe23" PropertyType="Integer"/></t:AdditionalProperties></m:ItemShape>`;
  const page = '<m:IndexedPageItemView MaxEntriesReturned="2" Offset="1" BasePoint="Beginning"/>';
  await call(
    'find-item-page',
    `<m:FindItem Traversal="Shallow">${tags}${page}<m:ParentFolderIds>${CALENDAR}</m:ParentFolderIds></m:FindItem>`,
  );
  await call(
    'convert-id',
    `<m:ConvertId DestinationFormat="EwsId"><m:SourceIds><t:AlternateId Format="EwsId" Id="${id}" Mailbox="x"/></m:SourceIds></m:ConvertId>`,
  );
  const options = '<m:UserConfigurationName Name="OWA.UserOptions"><t:DistinguishedFolderId Id="root"/></m:UserConfigurationName>';
  await call(
    'user-configuration',
    `<m:GetUserConfiguration>${options}<m:UserConfigurationProperties>All</m:UserConfigurationProperties></m:GetUserConfiguration>`,
    'Exchange2010',
  );
  const folder = '<t:CalendarFolder><t:DisplayName>Side</t:DisplayName></t:CalendarFolder>';
  const below = '<m:ParentFolderId><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderId>';
  const creation = `<m:CreateFolder>${below}<m:Folders>${folder}</m:Folders></m:CreateFolder>`;
  const [folderId = ''] = (await call('create-folder', creation)).ids('FolderId');
  await call('create-folder-refused', creation);
  const going = `<t:FolderId Id="${folderId}"/><t:DistinguishedFolderId Id="calendar"/>`;
  await call('delete-folder', `<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${going}</m:FolderIds></m:DeleteFolder>`);
  await call('get-item-2007', `<m:GetItem>${ALL}${items}</m:GetItem>`, 'Exchange2007_SP1');
  const change = `<t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:CalendarItem><t:Subject>Moved</t:Subject></t:CalendarItem></t:SetItemField>`;
  await call(
    'update-item',
    `<m:UpdateItem ConflictResolution="AlwaysOverwrite" SendMeetingInvitationsOrCancellations="SendToNone"><m:ItemChanges><t:ItemChange><t:ItemId Id="${id}"/><t:Updates>${change}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`,
  );
  const [state = ''] = (await call('sync', sync())).texts('SyncState');
  await call('delete-item', `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone">${items}</m:DeleteItem>`);
  await call('sync-again', sync(`<m:SyncState>${state}</m:SyncState>`));
  await call('sync-refused', sync('<m:SyncState>nonsense</m:SyncState>'));
  await call('availability', availability([JONAS.email, 'nobody@corp.example'], 'FreeBusyMerged'));
  await call('availability-own', availability([AMIRA.email], 'DetailedMerged'));
  await call('resolve-names', '<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>Room</m:UnresolvedEntry></m:ResolveNames>');
  await call(
    'resolve-names-refused',
    '<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>Xx</m:UnresolvedEntry></m:ResolveNames>',
  );
  await call('fault-schema', '<m:FindItem/>');
  await call('fault-version', '<m:GetRoomLists/>', 'Exchange2030');
  await call('room-lists', '<m:GetRoomLists/>', 'Exchange2010');
  await call(
    'rooms',
    '<m:GetRooms><m:RoomList><t:EmailAddress>head-office-rooms@corp.example</t:EmailAddress></m:RoomList></m:GetRooms>',
    'Exchange2010',
  );
  await call(
    'rooms-refused',
    '<m:GetRooms><m:RoomList><t:EmailAddress>x@corp.example</t:EmailAddress></m:RoomList></m:GetRooms>',
    'Exchange2010',
  );
  exchange.control.addFault({ group: 'ews', ewsCode: 'ErrorServerBusy', backOffMs: 1000, times: 1 });
  await call('fault-busy', `<m:GetFolder>${FOLDER_SHAPE}<m:FolderIds>${CALENDAR}</m:FolderIds></m:GetFolder>`);
  return answers;
}

describe.runIf(SCHEMA_DIR)('every answer keeps to Microsoft’s schema', () => {
  test.each(EXCHANGE_VERSIONS)('of Exchange %s', { timeout: 120_000 }, async (version) => {
    const answers = await collect(await startExchangeUnderTest({ version }));
    expect(answers.size).toBe(29);
    const refused = [...answers].filter(([, text]) => text.includes('Fault>')).map(([name]) => name);
    const of2010 = ['get-item', 'room-lists', 'user-configuration', 'rooms', 'rooms-refused'];
    const faults = ['fault-schema', 'fault-version', 'fault-busy'];
    expect(refused.toSorted()).toEqual([...faults, ...(version === '2007_SP1' ? of2010 : [])].toSorted());
    const folder = await mkdtemp(join(tmpdir(), 'exchange-emulator-answers-'));
    try {
      await Promise.all([...answers].map(([name, text]) => writeFile(join(folder, `${name}.xml`), text)));
      const { stdout } = await promisify(execFile)(process.execPath, [join(SCHEMA_DIR ?? '', 'validate.mjs'), folder], {
        cwd: VALIDATOR_DIR,
      });
      expect(stdout).toContain(`${answers.size} passed, 0 failed`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
