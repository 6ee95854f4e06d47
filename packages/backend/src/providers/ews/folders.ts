import type { CalendarOutcome, ProviderCalendar } from '../calendar-reader.ts';
import { askForOne, type EwsCaller, type EwsMessage } from './caller.ts';
import { ewsFailure, unreadable } from './ews-errors.ts';
import { childOf, textOf } from './read-xml.ts';
import type { XmlElement } from '../xml/parse-xml.ts';
import { element, textElement, type Xml } from './write-xml.ts';

const WHAT = 'Exchange’s list of calendars';
const PAGE_SIZE = 200;
/** Nobody has that many calendars; a list that does not end is a fault. */
const MAX_PAGES = 20;

/** Folders of every mailbox, under names of their own. [DistinguishedFolderId](https://learn.microsoft.com/exchange/client-developer/web-service-reference/distinguishedfolderid) */
export function distinguishedFolder(id: 'calendar' | 'deleteditems' | 'msgfolderroot'): Xml {
  return element('t:DistinguishedFolderId', { Id: id });
}

/** A folder by its id. */
export function folderById(id: string): Xml {
  return element('t:FolderId', { Id: id });
}

/** A calendar by what a caller calls it. */
export function calendarById({ primaryCalendarId }: Pick<EwsCaller, 'primaryCalendarId'>, calendarId: string): Xml {
  return calendarId === primaryCalendarId ? distinguishedFolder('calendar') : folderById(calendarId);
}

/** A path to a field: `calendar:Start`. */
export function fieldUri(uri: string): Xml {
  return element('t:FieldURI', { FieldURI: uri });
}

/** Which parts of items or folders to answer: their ids, and these. */
export function shape(name: 'm:ItemShape' | 'm:FolderShape', fields: readonly Xml[], bodyType?: 'Text'): Xml {
  const additional = fields.length === 0 ? undefined : element('t:AdditionalProperties', {}, ...fields);
  return element(name, {}, textElement('t:BaseShape', 'IdOnly'), bodyType && textElement('t:BodyType', bodyType), additional);
}

/** [GetFolder](https://learn.microsoft.com/exchange/client-developer/web-service-reference/getfolder-operation) */
export function getFolders(folders: readonly Xml[]): Xml {
  return element('m:GetFolder', {}, shape('m:FolderShape', []), element('m:FolderIds', {}, ...folders));
}

/** Calendars, wherever below the top of the mailbox. [FindFolder](https://learn.microsoft.com/exchange/client-developer/web-service-reference/findfolder-operation) */
export function findCalendarFolders(offset: number): Xml {
  const fields = ['folder:ParentFolderId', 'folder:DisplayName', 'folder:EffectiveRights'].map(fieldUri);
  const contains = element(
    't:Contains',
    { ContainmentMode: 'Prefixed', ContainmentComparison: 'IgnoreCase' },
    fieldUri('folder:FolderClass'),
    element('t:Constant', { Value: 'IPF.Appointment' }),
  );
  return element(
    'm:FindFolder',
    { Traversal: 'Deep' },
    shape('m:FolderShape', fields),
    element('m:IndexedPageFolderView', { MaxEntriesReturned: String(PAGE_SIZE), Offset: String(offset), BasePoint: 'Beginning' }),
    element('m:Restriction', {}, contains),
    element('m:ParentFolderIds', {}, distinguishedFolder('msgfolderroot')),
  );
}

/** Lists the calendars of a mailbox, without those that were thrown away. */
export async function listCalendars(caller: EwsCaller): Promise<CalendarOutcome<readonly ProviderCalendar[]>> {
  const known = await caller.ask(getFolders([distinguishedFolder('calendar'), distinguishedFolder('deleteditems')]));
  if (known.refused) return ewsFailure(caller, WHAT, known);
  const [primary, deleted] = known.messages;
  if (primary?.refused === true) return ewsFailure(caller, WHAT, primary);
  const primaryId = folderIdIn(primary);
  if (primaryId === undefined) return unreadable(WHAT);
  const folders = await readFolders(caller);
  if (folders.outcome !== 'ok') return folders;
  const gone = new Set([folderIdIn(deleted)]);
  const { primaryCalendarId = primaryId } = caller;
  const calendars = folders.value.flatMap((folder) => toCalendar(folder, gone));
  return {
    outcome: 'ok',
    value: calendars.map((calendar) =>
      calendar.providerCalendarId === primaryId ? { ...calendar, providerCalendarId: primaryCalendarId, primary: true } : calendar,
    ),
  };
}

/** Finds what the calendar is called that a mailbox opens with. */
export async function findPrimaryCalendar(caller: EwsCaller): Promise<CalendarOutcome<string>> {
  const { primaryCalendarId } = caller;
  return primaryCalendarId === undefined ? findPrimaryFolder(caller) : { outcome: 'ok', value: primaryCalendarId };
}

/** Finds the id of a calendar’s folder. */
export async function findFolderId(caller: EwsCaller, calendarId: string): Promise<CalendarOutcome<string>> {
  return calendarId === caller.primaryCalendarId ? findPrimaryFolder(caller) : { outcome: 'ok', value: calendarId };
}

async function findPrimaryFolder(caller: EwsCaller): Promise<CalendarOutcome<string>> {
  const what = 'Exchange’s primary calendar';
  const message = await askForOne(caller, getFolders([distinguishedFolder('calendar')]));
  if (message.refused) return ewsFailure(caller, what, message);
  const id = folderIdIn(message);
  return id === undefined ? unreadable(what) : { outcome: 'ok', value: id };
}

async function readFolders(caller: EwsCaller): Promise<CalendarOutcome<readonly XmlElement[]>> {
  const folders: XmlElement[] = [];
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const message = await askForOne(caller, findCalendarFolders(folders.length));
    if (message.refused) return ewsFailure(caller, WHAT, message);
    const root = childOf(message.message, 'RootFolder');
    const found = childOf(root, 'Folders')?.children;
    if (root === undefined || found === undefined) return unreadable(WHAT);
    folders.push(...found);
    if (root.attributes.get('IncludesLastItemInRange') === 'true') return { outcome: 'ok', value: folders };
  }
  return unreadable(WHAT);
}

/** Folders come from the top down, so that what lies in one that is gone is gone, too. */
function toCalendar(folder: XmlElement, gone: Set<string | undefined>): readonly ProviderCalendar[] {
  const id = idOf(folder, 'FolderId');
  if (id === undefined) return [];
  const parent = idOf(folder, 'ParentFolderId');
  if (parent !== undefined && gone.has(parent)) {
    gone.add(id);
    return [];
  }
  return [
    {
      providerCalendarId: id,
      name: textOf(folder, 'DisplayName'),
      primary: false,
      readonly: textOf(childOf(folder, 'EffectiveRights'), 'CreateContents') !== 'true',
      // EWS cannot make a Teams meeting.
      integratedConferencing: false,
    },
  ];
}

/** The id that a `FolderId` or `ItemId` of an element has. */
export function idOf(parent: XmlElement | undefined, name: string): string | undefined {
  const id = childOf(parent, name)?.attributes.get('Id');
  return id === '' ? undefined : id;
}

function folderIdIn(message: EwsMessage | undefined): string | undefined {
  return message === undefined || message.refused ? undefined : idOf(childOf(message.message, 'Folders')?.children[0], 'FolderId');
}
