import { describe, expect, test } from 'vitest';
import {
  AMIRA,
  CLIENT_ID,
  createMicrosoftUnderTest,
  JONAS,
  LEA,
  OTTO,
  type MicrosoftUnderTest,
} from '../../../test/microsoft-under-test.ts';
import { childOf, readXml, type XmlElement } from '../../ews-operations/read-xml.ts';

const NOW_MS = Date.UTC(2026, 10, 18, 12);
const SCOPES = ['https://outlook.office365.com/EWS.AccessAsUser.All', 'https://outlook.office365.com/User.Read'];
const ID_ONLY = '<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>';
const DEFAULT_CALENDAR = '<t:DistinguishedFolderId Id="calendar"/>';
const KEY = '<t:ExtendedFieldURI PropertySetId="00020329-0000-0000-C000-000000000046" PropertyName="key" PropertyType="String"/>';
const FAIR = `<t:CalendarItem><t:Subject>Fair &amp; square</t:Subject><t:ExtendedProperty>${KEY}<t:Value>one</t:Value></t:ExtendedProperty><t:Start>2026-11-22T23:00:00Z</t:Start><t:End>2026-11-23T23:00:00Z</t:End><t:IsAllDayEvent>true</t:IsAllDayEvent><t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>jonas@outlook.example</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees><t:StartTimeZone Id="W. Europe Standard Time"/></t:CalendarItem>`;

/** What came back: the status, the code of the first message or fault, and the operation's answer. */
interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly headers: Headers;
  readonly answer: XmlElement | undefined;
}
type Ask = (operation: string, body?: string) => Promise<Answer>;

function createApp(): MicrosoftUnderTest {
  return createMicrosoftUnderTest({ now: () => NOW_MS });
}

async function tokenOf(app: MicrosoftUnderTest, email: string, scopes = SCOPES): Promise<string> {
  const scope = ['openid', 'offline_access', ...scopes];
  app.control.approveForUser(email, CLIENT_ID, scope);
  return (await app.tokens(email, { scope: scope.join(' ') }))['access_token'] ?? '';
}

function asking(app: MicrosoftUnderTest, token: string, version = 'Exchange2013', types = 'http'): Ask {
  return async (operation) => {
    const namespaces = `xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="${types}://schemas.microsoft.com/exchange/services/2006/types"`;
    const body = `<s:Envelope ${namespaces}><s:Header><t:RequestServerVersion Version="${version}"/></s:Header><s:Body>${operation}</s:Body></s:Envelope>`;
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'text/xml; charset=utf-8' };
    const response = await app.request('/EWS/Exchange.asmx', { method: 'POST', headers, body });
    const soap = childOf(readXml(await response.text()), 'Body')?.children[0];
    const message = childOf(soap, 'ResponseMessages')?.children[0];
    const code = childOf(message ?? childOf(soap, 'detail'), 'ResponseCode')?.text;
    return { status: response.status, code, headers: response.headers, answer: soap };
  };
}

async function askingAs(email: string, app = createApp()): Promise<Ask> {
  return asking(app, await tokenOf(app, email));
}

/** Every element of a name below. */
function all(element: XmlElement | undefined, name: string): XmlElement[] {
  return element === undefined ? [] : element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

function textsOf(answer: Answer, name: string): string[] {
  return all(answer.answer, name).map(({ text }) => text);
}

function idOf(answer: Answer, name = 'ItemId'): string {
  return all(answer.answer, name)[0]?.attributes.get('Id') ?? '';
}

function getFolder(id = DEFAULT_CALENDAR): string {
  return `<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds>${id}</m:FolderIds></m:GetFolder>`;
}

function calendarView(from: string, to: string, { shape = ID_ONLY, most = 1000 } = {}): string {
  return `<m:FindItem Traversal="Shallow">${shape}<m:CalendarView MaxEntriesReturned="${most}" StartDate="${from}" EndDate="${to}"/><m:ParentFolderIds>${DEFAULT_CALENDAR}</m:ParentFolderIds></m:FindItem>`;
}

function create(item = FAIR, sending = 'SendMeetingInvitations="SendToAllAndSaveCopy"'): string {
  return `<m:CreateItem ${sending}><m:SavedItemFolderId>${DEFAULT_CALENDAR}</m:SavedItemFolderId><m:Items>${item}</m:Items></m:CreateItem>`;
}

function getItem(
  id: string,
  shape = '<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape><t:BodyType>Text</t:BodyType></m:ItemShape>',
): string {
  return `<m:GetItem>${shape}<m:ItemIds>${id}</m:ItemIds></m:GetItem>`;
}

function update(id: string, updates: string, resolution = 'AlwaysOverwrite'): string {
  return `<m:UpdateItem ConflictResolution="${resolution}" SendMeetingInvitationsOrCancellations="SendToAllAndSaveCopy"><m:ItemChanges><t:ItemChange>${id}<t:Updates>${updates}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`;
}

function remove(id: string, attributes = 'DeleteType="MoveToDeletedItems" SendMeetingCancellations="SendToAllAndSaveCopy"'): string {
  return `<m:DeleteItem ${attributes}><m:ItemIds>${id}</m:ItemIds></m:DeleteItem>`;
}

function find(value: string, folders: string): string {
  return `<m:FindItem Traversal="Shallow">${ID_ONLY}<m:IndexedPageItemView MaxEntriesReturned="2" Offset="0" BasePoint="Beginning"/><m:Restriction><t:IsEqualTo>${KEY}<t:FieldURIOrConstant><t:Constant Value="${value}"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction><m:ParentFolderIds>${folders}</m:ParentFolderIds></m:FindItem>`;
}

describe('whoever calls Exchange Online', () => {
  test('needs a live token for it, and not one of Graph', async () => {
    const app = createApp();
    const graph = await tokenOf(app, AMIRA, ['Calendars.ReadWrite']);
    const live = await tokenOf(app, AMIRA);

    for (const token of ['', 'made-up', graph]) {
      const { status, headers } = await asking(app, token)(getFolder());
      expect(status).toBe(401);
      expect(headers.get('WWW-Authenticate')).toContain('client_id="00000002-0000-0ff1-ce00-000000000000"');
    }
    expect((await asking(app, live)(getFolder())).code).toBe('NoError');
    app.control.expireAccessTokens(AMIRA);
    expect((await asking(app, live)(getFolder())).status).toBe(401);
  });

  test('needs EWS.AccessAsUser.All, and an organisation that has EWS switched on', async () => {
    const app = createApp();
    expect((await asking(app, await tokenOf(app, AMIRA, [SCOPES[1] ?? '']))(getFolder())).status).toBe(403);

    const ask = asking(app, await tokenOf(app, LEA));
    app.control.setEwsEnabled('studio.example', false);
    expect((await ask(getFolder())).status).toBe(403);
    app.control.setEwsEnabled('studio.example', true);
    expect((await ask(getFolder())).code).toBe('NoError');
  });

  test('cannot have tokens for it and for Graph at once, nor consent to it where people may not', async () => {
    const app = createApp();
    const scope = `openid offline_access ${SCOPES.join(' ')}`;
    const both = await app.connect(LEA, { scope: `${scope} Calendars.Read` });
    expect((await app.exchange(both.location?.searchParams.get('code'))).body['error_description']).toContain('AADSTS2800');
    expect((await app.connect(AMIRA, { scope })).text).toContain('Need admin approval');
  });

  test('needs a mailbox there', async () => {
    const app = createApp();
    const ask = await askingAs(OTTO, app);
    expect(await ask(getFolder())).toMatchObject({ status: 500, code: 'ErrorNonExistentMailbox' });
    app.control.setMailbox(OTTO, 'none');
    expect(await ask(getFolder())).toMatchObject({ status: 500, code: 'ErrorMissingEmailAddress' });
  });

  test('is asked to come back later as a fault orders', async () => {
    const app = createApp();
    const ask = await askingAs(AMIRA, app);
    app.control.addFault({ group: 'ews', status: 500, ewsCode: 'ErrorServerBusy', retryAfterSeconds: 300, times: 1 });
    const busy = await ask(getFolder());
    expect(busy).toMatchObject({ status: 500, code: 'ErrorServerBusy' });
    expect(textsOf(busy, 'Value')).toEqual(['300000']);
    app.control.addFault({ group: 'ews', email: AMIRA, status: 503, retryAfterSeconds: 7, times: 1 });
    const full = await ask(getFolder());
    expect([full.status, full.headers.get('Retry-After')]).toEqual([503, '7']);
  });

  test.each([
    ['another namespace than the schema’s', getFolder(), 'Exchange2013', 'https', 'ErrorSchemaValidation'],
    ['a version that does not exist', getFolder(), 'Exchange2042', 'http', 'ErrorInvalidServerVersion'],
    ['an unknown element', '<x/>', 'Exchange2013', 'http', 'ErrorSchemaValidation'],
    ['an operation the emulator lacks', '<m:GetRoomLists/>', 'Exchange2013', 'http', 'ErrorInvalidRequest'],
    ['nothing at all', '', 'Exchange2013', 'http', 'ErrorSchemaValidation'],
    ['a document type', '<!DOCTYPE x>', 'Exchange2013', 'http', 'ErrorSchemaValidation'],
  ])('is refused with %s', async (_what, operation, version, types, code) => {
    const app = createApp();
    expect(await asking(app, await tokenOf(app, AMIRA), version, types)(operation)).toMatchObject({ status: 500, code });
  });

  test('has to speak XML, at a path that knows no case', async () => {
    const app = createApp();
    const headers = { Authorization: `Bearer ${await tokenOf(app, AMIRA)}`, 'Content-Type': 'application/json' };
    expect((await app.request('/ews/exchange.asmx', { method: 'POST', headers, body: '{}' })).status).toBe(415);
  });
});

describe('folders', () => {
  test('are found by their class, in pages, with the rights that Graph says, too', async () => {
    const ask = await askingAs(AMIRA);
    const page = (offset: number): string =>
      `<m:FindFolder Traversal="Deep"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:IndexedPageFolderView MaxEntriesReturned="2" Offset="${offset}" BasePoint="Beginning"/><m:Restriction><t:Contains ContainmentMode="Prefixed" ContainmentComparison="IgnoreCase"><t:FieldURI FieldURI="folder:FolderClass"/><t:Constant Value="IPF.Appointment"/></t:Contains></m:Restriction><m:ParentFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderIds></m:FindFolder>`;
    const [first, second] = [await ask(page(0)), await ask(page(2))];
    expect([...textsOf(first, 'DisplayName'), ...textsOf(second, 'DisplayName')]).toEqual(['Calendar', 'Team holidays', 'Room plan']);
    expect([...textsOf(first, 'CreateContents'), ...textsOf(second, 'CreateContents')]).toEqual(['true', 'true', 'false']);
    const last = (answer: Answer): string | undefined => all(answer.answer, 'RootFolder')[0]?.attributes.get('IncludesLastItemInRange');
    expect([last(first), last(second)]).toEqual(['false', 'true']);
  });

  test('are had by distinguished name and by id; others are not', async () => {
    const ask = await askingAs(AMIRA);
    const found = await ask(getFolder());
    expect(textsOf(found, 'DisplayName')).toEqual(['Calendar']);
    expect(textsOf(await ask(getFolder(`<t:FolderId Id="${idOf(found, 'FolderId')}"/>`)), 'DisplayName')).toEqual(['Calendar']);
    expect((await ask(getFolder('<t:FolderId Id="AAMkunknown="/>'))).code).toBe('ErrorFolderNotFound');
    expect((await ask(getFolder('<t:FolderId Id="nobody@partner.example"/>'))).code).toBe('ErrorInvalidIdMalformed');
    const others =
      '<t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>noor@partner.example</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>';
    expect(await ask(getFolder(others))).toMatchObject({ status: 200, code: 'ErrorAccessDenied' });
  });
});

describe('items', () => {
  test('are the events that Graph shows, series unfolded under one UID', async () => {
    const ask = await askingAs(AMIRA);
    const shape = '<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>';
    const week = await ask(calendarView('2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z', { shape }));
    expect(textsOf(week, 'Subject').filter((subject) => subject === 'Stand-up')).toHaveLength(5);
    expect(new Set(textsOf(week, 'UID')).size).toBe(5);
    expect(textsOf(week, 'LegacyFreeBusyStatus')).toContain('OOF');
    expect(textsOf(week, 'Sensitivity')).toContain('Private');
    expect(textsOf(week, 'Body')).toEqual([]);
    const standUp = all(week.answer, 'ItemId')[0]?.attributes.get('Id') ?? '';
    const master = await ask(getItem(`<t:RecurringMasterItemId OccurrenceId="${standUp}"/>`));
    expect([idOf(master), ...textsOf(master, 'CalendarItemType')]).toEqual(['amirastandup', 'RecurringMaster']);
    expect(textsOf(await ask(getItem('<t:ItemId Id="amirabudget"/>')), 'Body')).toEqual(['Numbers for next year. Bring the draft.']);
    expect((await ask(getItem('<t:RecurringMasterItemId OccurrenceId="amirabudget"/>'))).code).toBe(
      'ErrorCalendarCannotUseIdForOccurrenceId',
    );
  });

  test('come as many as asked for, over two years at most', async () => {
    const ask = await askingAs(AMIRA);
    const few = await ask(calendarView('2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z', { most: 3 }));
    expect(all(few.answer, 'CalendarItem')).toHaveLength(3);
    expect(all(few.answer, 'RootFolder')[0]?.attributes.get('IncludesLastItemInRange')).toBe('false');
    expect((await ask(calendarView('2026-01-01T00:00:00Z', '2028-02-01T00:00:00Z'))).code).toBe('ErrorCalendarViewRangeTooBig');
    expect((await ask(calendarView('2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'))).code).toBe(
      'ErrorCalendarEndDateIsEarlierThanStartDate',
    );
  });

  test('are created where Graph sees them, and found by a property of their own', async () => {
    const app = createApp();
    const ask = await askingAs(AMIRA, app);
    const id = idOf(await ask(create()));
    const call = await app.calling(AMIRA, 'Calendars.Read');
    const { body } = await call('GET', `/me/events/${encodeURIComponent(id.replaceAll('/', '-').replaceAll('+', '_'))}`);
    expect(body).toMatchObject({
      subject: 'Fair & square',
      isAllDay: true,
      originalStartTimeZone: 'W. Europe Standard Time',
      start: { dateTime: '2026-11-23T00:00:00.0000000' },
      attendees: [{ type: 'required', emailAddress: { address: JONAS } }],
    });
    const seen = await ask(getItem(`<t:ItemId Id="${id}"/>`));
    expect([...textsOf(seen, 'Start'), ...textsOf(seen, 'Subject')]).toEqual(['2026-11-22T23:00:00Z', 'Fair & square']);
    expect(all(seen.answer, 'StartTimeZone')[0]?.attributes.get('Id')).toBe('W. Europe Standard Time');

    const folders = `${DEFAULT_CALENDAR}<t:DistinguishedFolderId Id="deleteditems"/>`;
    expect(idOf(await ask(find('one', folders)))).toBe(id);
    expect(all((await ask(find('two', folders))).answer, 'ItemId')).toEqual([]);
    expect((await ask(remove(`<t:ItemId Id="${id}"/>`))).code).toBe('NoError');
    expect((await ask(getItem(`<t:ItemId Id="${id}"/>`))).code).toBe('ErrorItemNotFound');
    expect(all((await ask(find('one', folders))).answer, 'RootFolder').map(({ children }) => children[0]?.children.length)).toEqual([0, 1]);
  });

  test('are changed one property at a time, and not against a newer change', async () => {
    const ask = await askingAs(AMIRA);
    const made = all((await ask(create())).answer, 'ItemId')[0]?.attributes;
    const id = `<t:ItemId Id="${made?.get('Id')}" ChangeKey="${made?.get('ChangeKey')}"/>`;
    const location =
      '<t:SetItemField><t:FieldURI FieldURI="calendar:Location"/><t:CalendarItem><t:Location>Room 2</t:Location></t:CalendarItem></t:SetItemField>';
    const noGuests = '<t:DeleteItemField><t:FieldURI FieldURI="calendar:RequiredAttendees"/></t:DeleteItemField>';
    expect((await ask(update(id, location + noGuests, 'NeverOverwrite'))).code).toBe('NoError');
    const changed = await ask(getItem(id));
    expect([textsOf(changed, 'Location'), textsOf(changed, 'Attendee'), textsOf(changed, 'IsAllDayEvent')]).toEqual([
      ['Room 2'],
      [],
      ['true'],
    ]);
    expect((await ask(update(id, location, 'NeverOverwrite'))).code).toBe('ErrorIrresolvableConflict');
    expect((await ask(update(`<t:ItemId Id="${made?.get('Id')}"/>`, location, 'NeverOverwrite'))).code).toBe(
      'ErrorChangeKeyRequiredForWriteOperations',
    );
    expect((await ask(update(id, location.replace('</t:Location>', '</t:Location><t:Location/>')))).code).toBe(
      'ErrorIncorrectUpdatePropertyCount',
    );
    expect((await ask(update(id, location.replace('calendar:Location', 'item:Subject')))).code).toBe('ErrorUpdatePropertyMismatch');
  });

  test.each([
    ['an item without saying whether to invite', create(FAIR, ''), 'ErrorSendMeetingInvitationsRequired'],
    [
      'properties in another order than the schema’s',
      create('<t:CalendarItem><t:Start>2026-11-23T09:00:00Z</t:Start><t:Subject>x</t:Subject></t:CalendarItem>'),
      'ErrorSchemaValidation',
    ],
    ['a zone by its IANA name', create(FAIR.replace('W. Europe Standard Time', 'Europe/Berlin')), 'ErrorCalendarInvalidTimeZone'],
    ['an end before the start', create(FAIR.replace('11-23T23', '11-21T23')), 'ErrorCalendarEndDateIsEarlierThanStartDate'],
    [
      'a deletion without saying whether to cancel',
      remove('<t:ItemId Id="amirabudget"/>', 'DeleteType="HardDelete"'),
      'ErrorSendMeetingCancellationsRequired',
    ],
    ['one occurrence to be deleted', remove('<t:ItemId Id="amirastandup.20261118"/>'), 'ErrorInvalidRequest'],
  ])('are not taken: %s', async (_what, operation, code) => {
    expect((await (await askingAs(AMIRA))(operation)).code).toBe(code);
  });
});
