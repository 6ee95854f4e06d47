import { AMIRA, type EwsAnswer, JONAS, toEwsAnswer } from './exchange-under-test.ts';

/** How an answer ends: every message is good, one of them is not, or there is a SOAP fault and none. */
export type Ending = 'good' | 'refused' | 'fault';

/** An answer, by a name for its file. */
export interface CollectedAnswer {
  readonly name: string;
  readonly operation: string;
  readonly ending: Ending;
  readonly text: string;
}

/** A server that can be asked, and made to fail. */
export interface AskedServer {
  readonly ask: (operation: string, version: string) => Promise<string>;
  /** Makes the next request a fault of this code. */
  readonly failNext: (ewsCode: string) => void;
  /** Whether it has what came with Exchange 2010. */
  readonly knows2010: boolean;
  readonly operations: readonly string[];
}

const CALENDAR = '<t:DistinguishedFolderId Id="calendar"/>';
const TOP = '<t:DistinguishedFolderId Id="msgfolderroot"/>';
const NOBODYS_FOLDER = '<t:FolderId Id="AAA="/>';
const KEY = '<t:ExtendedFieldURI PropertySetId="00020329-0000-0000-C000-000000000046" PropertyName="key" PropertyType="String"/>';
const TAG = '<t:ExtendedFieldURI PropertyTag="0xe23" PropertyType="Integer"/>';
const NO_RULE =
  '<t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>0</t:DayOrder><t:Month>0</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek>';
const ZONE = `<t:TimeZone><t:Bias>0</t:Bias><t:StandardTime>${NO_RULE}</t:StandardTime><t:DaylightTime>${NO_RULE}</t:DaylightTime></t:TimeZone>`;
const ATTENDEES = `<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>${JONAS.email}</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>`;
const MEETING = `<t:CalendarItem><t:Subject>Fair &amp; square</t:Subject><t:Body BodyType="Text">Bring &lt;it&gt;</t:Body><t:ReminderIsSet>true</t:ReminderIsSet><t:ReminderMinutesBeforeStart>30</t:ReminderMinutesBeforeStart><t:ExtendedProperty>${KEY}<t:Value>one</t:Value></t:ExtendedProperty><t:Start>2026-11-19T09:00:00Z</t:Start><t:End>2026-11-19T10:00:00Z</t:End><t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus><t:Location>Elbe</t:Location>${ATTENDEES}</t:CalendarItem>`;
const DAY =
  '<t:CalendarItem><t:Start>2026-11-20T00:00:00Z</t:Start><t:End>2026-11-21T00:00:00Z</t:End><t:IsAllDayEvent>true</t:IsAllDayEvent></t:CalendarItem>';
const ICALENDAR = Buffer.from(
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:x',
    'BEGIN:VEVENT',
    'UID:u-1',
    'DTSTAMP:20261118T120000Z',
    'DTSTART:20261119T120000Z',
    'DTEND:20261119T130000Z',
  ]
    .concat(['SUMMARY:Lunch', 'RRULE:FREQ=DAILY;COUNT=3', 'END:VEVENT', 'END:VCALENDAR', ''])
    .join('\r\n'),
).toString('base64');

function itemShape(base: 'AllProperties' | 'Default' | 'IdOnly', more = ''): string {
  return `<m:ItemShape><t:BaseShape>${base}</t:BaseShape>${more}</m:ItemShape>`;
}

function additional(fields: string): string {
  return `<t:AdditionalProperties>${fields}</t:AdditionalProperties>`;
}

const FIELDS = additional(
  ['item:Subject', 'item:Body', 'item:Sensitivity', 'item:ParentFolderId', 'item:DateTimeCreated', 'item:LastModifiedTime', 'calendar:UID']
    .concat(
      ['Start', 'End', 'IsAllDayEvent', 'LegacyFreeBusyStatus', 'Location', 'IsMeeting', 'IsCancelled'].map((name) => `calendar:${name}`),
    )
    .concat(
      ['CalendarItemType', 'MyResponseType', 'Organizer', 'RequiredAttendees', 'OptionalAttendees', 'Resources'].map(
        (name) => `calendar:${name}`,
      ),
    )
    .map((uri) => `<t:FieldURI FieldURI="${uri}"/>`)
    .join(''),
);

function folderShape(base: 'AllProperties' | 'Default' | 'IdOnly'): string {
  return `<m:FolderShape><t:BaseShape>${base}</t:BaseShape></m:FolderShape>`;
}

function getFolder(ids: string, base: Parameters<typeof folderShape>[0] = 'Default'): string {
  return `<m:GetFolder>${folderShape(base)}<m:FolderIds>${ids}</m:FolderIds></m:GetFolder>`;
}

function findFolder(parent: string, page = ''): string {
  return `<m:FindFolder Traversal="Deep">${folderShape('Default')}${page}<m:ParentFolderIds>${parent}</m:ParentFolderIds></m:FindFolder>`;
}

function findItem(view: string, shape = itemShape('AllProperties'), folder = CALENDAR): string {
  return `<m:FindItem Traversal="Shallow">${shape}${view}<m:ParentFolderIds>${folder}</m:ParentFolderIds></m:FindItem>`;
}

function view(to = '2026-11-21'): string {
  return `<m:CalendarView StartDate="2026-11-16T00:00:00Z" EndDate="${to}T00:00:00Z"/>`;
}

function getItem(ids: string, shape: string): string {
  return `<m:GetItem>${shape}<m:ItemIds>${ids}</m:ItemIds></m:GetItem>`;
}

function createItem(item: string): string {
  return `<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items>${item}</m:Items></m:CreateItem>`;
}

function updateItem(id: string): string {
  const change = `<t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:CalendarItem><t:Subject>Moved</t:Subject></t:CalendarItem></t:SetItemField>`;
  return `<m:UpdateItem ConflictResolution="AlwaysOverwrite" SendMeetingInvitationsOrCancellations="SendToNone"><m:ItemChanges><t:ItemChange>${id}<t:Updates>${change}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`;
}

function deleteItem(ids: string): string {
  return `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds>${ids}</m:ItemIds></m:DeleteItem>`;
}

function createFolder(name: string): string {
  const folder = `<t:CalendarFolder><t:DisplayName>${name}</t:DisplayName></t:CalendarFolder>`;
  return `<m:CreateFolder><m:ParentFolderId>${TOP}</m:ParentFolderId><m:Folders>${folder}</m:Folders></m:CreateFolder>`;
}

function deleteFolder(ids: string): string {
  return `<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${ids}</m:FolderIds></m:DeleteFolder>`;
}

function sync(state = '', folder = CALENDAR): string {
  return `<m:SyncFolderItems>${itemShape('AllProperties')}<m:SyncFolderId>${folder}</m:SyncFolderId>${state}<m:MaxChangesReturned>512</m:MaxChangesReturned></m:SyncFolderItems>`;
}

function availability(addresses: readonly string[], requested: string, end = '2026-11-21'): string {
  const mailboxes = addresses.map(
    (address) =>
      `<t:MailboxData><t:Email><t:Address>${address}</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType></t:MailboxData>`,
  );
  return `<m:GetUserAvailabilityRequest>${ZONE}<m:MailboxDataArray>${mailboxes.join('')}</m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>2026-11-16T00:00:00</t:StartTime><t:EndTime>${end}T00:00:00</t:EndTime></t:TimeWindow><t:RequestedView>${requested}</t:RequestedView></t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>`;
}

function getRooms(list: string): string {
  return `<m:GetRooms><m:RoomList><t:EmailAddress>${list}</t:EmailAddress></m:RoomList></m:GetRooms>`;
}

function resolveNames(entry: string): string {
  return `<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>${entry}</m:UnresolvedEntry></m:ResolveNames>`;
}

function convertId(id: string): string {
  return `<m:ConvertId DestinationFormat="EwsId"><m:SourceIds><t:AlternateId Format="EwsId" Id="${id}" Mailbox="x"/></m:SourceIds></m:ConvertId>`;
}

function userConfiguration(name: string): string {
  const options = `<m:UserConfigurationName Name="${name}"><t:DistinguishedFolderId Id="root"/></m:UserConfigurationName>`;
  return `<m:GetUserConfiguration>${options}<m:UserConfigurationProperties>All</m:UserConfigurationProperties></m:GetUserConfiguration>`;
}

/** How an answer ends, as it says itself. */
function endingOf({ text }: EwsAnswer): Ending {
  if (/<(?:\w+:)?Fault[ >]/.test(text)) return 'fault';
  return text.includes('ResponseClass="Error"') ? 'refused' : 'good';
}

/** Asks for every operation of a server in every way that its answer can end. */
export async function collectAnswers(server: AskedServer): Promise<readonly CollectedAnswer[]> {
  const collected: CollectedAnswer[] = [];
  const good = new Map<string, { readonly operation: string; readonly version: string }>();

  async function ask(operation: string, version = 'Exchange2007_SP1', hint = ''): Promise<EwsAnswer> {
    const name = /^<m:(\w+?)(?:Request)?[ />]/.exec(operation)?.[1] ?? 'none';
    if (!server.operations.includes(name)) return toEwsAnswer({ status: 0, text: '<none/>' });
    const answer = toEwsAnswer({ status: 200, text: await server.ask(operation, version) });
    const ending = endingOf(answer);
    if (ending === 'good' && !good.has(name)) good.set(name, { operation, version });
    collected.push({ name: `${collected.length}-${name}-${ending}${hint}`, operation: name, ending, text: answer.text });
    return answer;
  }

  await askForFolders(ask);
  await askForItems(ask);
  await askForChanges(ask);
  await askForPeople(ask);
  if (server.knows2010) await askIn2010(ask);
  for (const { operation, version } of good.values()) {
    server.failNext('ErrorServerBusy');
    await ask(operation, version, '-busy');
    await ask(operation, 'Exchange2030', '-version');
    await ask(operation.replace(/^<(m:\w+).*$/s, '<$1><m:Nonsense/></$1>'), version, '-schema');
  }
  return collected;
}

type Ask = (operation: string, version?: string) => Promise<EwsAnswer>;

async function askForFolders(ask: Ask): Promise<void> {
  await ask(getFolder(CALENDAR));
  await ask(
    getFolder(`${CALENDAR}<t:DistinguishedFolderId Id="inbox"/>${TOP}<t:DistinguishedFolderId Id="deleteditems"/>`, 'AllProperties'),
  );
  await ask(getFolder(`${CALENDAR}${NOBODYS_FOLDER}`, 'IdOnly'));
  await ask(findFolder(TOP));
  await ask(findFolder(TOP, '<m:IndexedPageFolderView MaxEntriesReturned="1" Offset="0" BasePoint="Beginning"/>'));
  await ask(findFolder(NOBODYS_FOLDER));
  const [folderId = ''] = (await ask(createFolder('Side'))).ids('FolderId');
  await ask(createFolder('Side'));
  await ask(deleteFolder(`<t:FolderId Id="${folderId}"/>`));
  await ask(deleteFolder(CALENDAR));
}

async function askForItems(ask: Ask): Promise<void> {
  const [id = ''] = (await ask(createItem(MEETING))).ids();
  await ask(createItem(DAY));
  await ask(createItem(`<t:CalendarItem><t:MimeContent CharacterSet="UTF-8">${ICALENDAR}</t:MimeContent></t:CalendarItem>`));
  await ask(createItem('<t:CalendarItem><t:Subject>No time</t:Subject></t:CalendarItem>'));
  const listed = await ask(findItem(view()));
  await ask(findItem(view('2029-11-21')));
  await ask(findItem(view(), itemShape('IdOnly', FIELDS.replace(/<t:FieldURI FieldURI="[^"]*(?:Body|Attendees|Resources)"\/>/g, ''))));
  await ask(
    findItem('<m:IndexedPageItemView MaxEntriesReturned="2" Offset="1" BasePoint="Beginning"/>', itemShape('IdOnly', additional(TAG))),
  );
  await ask(findItem(view(), itemShape('IdOnly'), NOBODYS_FOLDER));
  const ids = [...new Set([id, ...listed.ids()])].map((each) => `<t:ItemId Id="${each}"/>`).join('');
  const shapes = [
    itemShape('AllProperties', additional(KEY)),
    itemShape('AllProperties', '<t:IncludeMimeContent>true</t:IncludeMimeContent>'),
    itemShape('AllProperties', '<t:BodyType>Text</t:BodyType>'),
    itemShape('Default'),
    itemShape('IdOnly', `<t:BodyType>Text</t:BodyType>${FIELDS}`),
    itemShape('IdOnly', additional('<t:FieldURI FieldURI="calendar:MeetingTimeZone"/>')),
  ];
  for (const shape of shapes) await ask(getItem(ids, shape));
  await ask(getItem(`<t:ItemId Id="${id}"/><t:ItemId Id="AAA="/>`, itemShape('Default')));
  for (const occurrence of listed.ids().slice(0, 3)) {
    await ask(getItem(`<t:RecurringMasterItemId OccurrenceId="${occurrence}"/>`, itemShape('AllProperties')));
  }
  await ask(convertId(id));
  await ask(convertId('not an id'));
}

async function askForChanges(ask: Ask): Promise<void> {
  const [id = ''] = (await ask(createItem(MEETING))).ids();
  const [state = ''] = (await ask(sync())).texts('SyncState');
  await ask(updateItem(`<t:ItemId Id="${id}"/>`));
  await ask(updateItem('<t:ItemId Id="AAA="/>'));
  const [other = ''] = (await ask(createItem(DAY))).ids();
  const [later = ''] = (await ask(sync(`<m:SyncState>${state}</m:SyncState>`))).texts('SyncState');
  await ask(deleteItem(`<t:ItemId Id="${id}"/><t:ItemId Id="${other}"/>`));
  await ask(deleteItem('<t:ItemId Id="AAA="/>'));
  await ask(sync(`<m:SyncState>${later}</m:SyncState>`));
  await ask(sync('<m:SyncState>nonsense</m:SyncState>'));
  await ask(sync('', NOBODYS_FOLDER));
}

async function askForPeople(ask: Ask): Promise<void> {
  for (const requested of ['FreeBusy', 'FreeBusyMerged', 'Detailed', 'DetailedMerged', 'MergedOnly']) {
    await ask(availability([AMIRA.email, JONAS.email], requested));
  }
  await ask(availability([JONAS.email, 'nobody@corp.example'], 'FreeBusyMerged'));
  await ask(availability([JONAS.email], 'FreeBusy', '2027-11-21'));
  await ask(resolveNames('Room'));
  await ask(resolveNames('amira'));
  await ask(resolveNames('Xx'));
}

async function askIn2010(ask: Ask): Promise<void> {
  const version = 'Exchange2010';
  const [id = ''] = (
    await ask(createItem(MEETING.replace('</t:CalendarItem>', '<t:StartTimeZone Id="Tokyo Standard Time"/></t:CalendarItem>')), version)
  ).ids();
  await ask(getItem(`<t:ItemId Id="${id}"/>`, itemShape('AllProperties')), version);
  await ask(getItem(`<t:ItemId Id="${id}"/>`, itemShape('IdOnly', additional('<t:FieldURI FieldURI="calendar:StartTimeZone"/>'))), version);
  await ask(userConfiguration('OWA.UserOptions'), version);
  await ask(userConfiguration('Nonsense'), version);
  await ask('<m:GetRoomLists/>', version);
  await ask(getRooms('head-office-rooms@corp.example'), version);
  await ask(getRooms('x@corp.example'), version);
}
