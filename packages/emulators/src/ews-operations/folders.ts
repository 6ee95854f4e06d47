import type { Mailboxes, MicrosoftCalendar } from '../microsoft/mailbox/mailboxes.ts';
import type { TimeZones } from '../time-zones.ts';
import { fromEwsId, toEwsId } from './ids.ts';
import type { MailboxState } from './mailbox-state.ts';
import { childOf, type XmlElement } from './read-xml.ts';
import { isoSeconds, tagOf, writeExtendedValue } from './property-paths.ts';
import type { RequestVersion } from './request-versions.ts';
import { fits } from './restriction.ts';
import { EwsFault, EwsRefusal, invalidSchema, requiredList, writeMessages } from './soap.ts';
import { element, textElement, type Xml } from './write-xml.ts';

/** What the operations on folders and items use. */
export interface EwsDeps {
  readonly mailboxes: Mailboxes;
  readonly zones: TimeZones;
  readonly state: MailboxState;
}

/** Whose mailbox it is. */
export interface MailboxOwner {
  /** The primary address, in lower case. */
  readonly email: string;
}

/** One call: what is asked, and of whose mailbox. */
export interface EwsCall {
  readonly header: XmlElement | undefined;
  readonly request: XmlElement;
  /** The schema version that the request names: what it may speak of, and what it gets to see. */
  readonly requested: RequestVersion;
  readonly user: MailboxOwner;
  readonly deps: EwsDeps;
}

/** A folder of a mailbox. Only calendars hold anything, and what was deleted from them. */
export interface Folder {
  /** As Graph writes ids. */
  readonly id: string;
  readonly folderClass: string;
  readonly name: string;
  readonly canEdit: boolean;
  readonly calendar: MicrosoftCalendar | undefined;
}

const ROOT = 'msgfolderroot';
/** Above all others, and not shown among them. */
const TOP_FOLDERS: readonly string[] = ['root', ROOT];
const PLAIN_FOLDERS = [
  { distinguished: 'root', name: 'Root', folderClass: '' },
  { distinguished: ROOT, name: 'Top of Information Store', folderClass: 'IPF.Note' },
  { distinguished: 'inbox', name: 'Inbox', folderClass: 'IPF.Note' },
  { distinguished: 'drafts', name: 'Drafts', folderClass: 'IPF.Note' },
  { distinguished: 'sentitems', name: 'Sent Items', folderClass: 'IPF.Note' },
  { distinguished: 'deleteditems', name: 'Deleted Items', folderClass: 'IPF.Note' },
  { distinguished: 'junkemail', name: 'Junk Email', folderClass: 'IPF.Note' },
  { distinguished: 'outbox', name: 'Outbox', folderClass: 'IPF.Note' },
  { distinguished: 'contacts', name: 'Contacts', folderClass: 'IPF.Contact' },
  { distinguished: 'tasks', name: 'Tasks', folderClass: 'IPF.Task' },
] as const;

/** What a folder is called in an answer, by its class. */
const ELEMENTS: ReadonlyMap<string, string> = new Map([
  ['IPF.Appointment', 't:CalendarFolder'],
  ['IPF.Contact', 't:ContactsFolder'],
  ['IPF.Task', 't:TasksFolder'],
]);

/** Of [MS-OXPROPS](https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxprops/f6ab1613-aefe-447d-a49c-18217230b148), by tag. */
const TAGS = {
  contentCount: 0x3602,
  unreadCount: 0x3603,
  subfolders: 0x360a,
  containerClass: 0x3613,
  localCommitTimeMax: 0x670a,
} as const;

/** `GetFolder`. @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/getfolder-operation} */
export function getFolder(call: EwsCall): Xml {
  const ids = requiredList(call.request, 'FolderIds');
  return writeMessages('GetFolder', ids, {
    answer: (id) => [element('m:Folders', {}, viewFolder(findFolder(id, call), call))],
    empty: [element('m:Folders', {})],
  });
}

/**
 * `FindFolder` below the top of the mailbox, all levels of which are one here.
 * @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/findfolder-operation}
 */
export function listFolders(call: EwsCall): Xml {
  const view = childOf(call.request, 'IndexedPageFolderView');
  const restriction = childOf(call.request, 'Restriction')?.children[0];
  const tops = TOP_FOLDERS.map((top) => plainId(top, call.user));
  if (call.request.attributes.get('Traversal') === undefined) throw invalidSchema("the required attribute 'Traversal' is missing");
  return writeMessages('FindFolder', requiredList(call.request, 'ParentFolderIds'), {
    answer: (parent) => {
      // Nothing has folders below it but the top of the mailbox.
      const below = tops.includes(findFolder(parent, call).id) ? foldersOf(call).filter(({ id }) => !tops.includes(id)) : [];
      const found = below.filter((folder) => restriction === undefined || fits(restriction, (path) => valueOfFolder(folder, path)));
      const offset = Number(view?.attributes.get('Offset') ?? 0);
      const end = offset + Number(view?.attributes.get('MaxEntriesReturned') ?? found.length);
      const page = found.slice(offset, end).map((folder) => viewFolder(folder, call));
      const attributes = {
        IndexedPagingOffset: String(Math.min(end, found.length)),
        TotalItemsInView: String(found.length),
        IncludesLastItemInRange: String(end >= found.length),
      };
      return [element('m:RootFolder', attributes, element('t:Folders', {}, ...page))];
    },
  });
}

/** Finds the folder of a `FolderId` or `DistinguishedFolderId`. @throws EwsRefusal */
export function findFolder(id: XmlElement, { user, deps }: Pick<EwsCall, 'user' | 'deps'>): Folder {
  const name = id.attributes.get('Id');
  const folders = foldersOf({ user, deps });
  if (id.name === 'DistinguishedFolderId') {
    const owner = childOf(childOf(id, 'Mailbox'), 'EmailAddress')?.text;
    if (owner !== undefined && owner.toLowerCase() !== user.email) throw accessDenied();
    const found =
      name === 'calendar'
        ? folders.find(({ calendar }) => calendar?.isDefault)
        : folders.find((each) => each.id === plainId(name ?? '', user));
    if (found !== undefined) return found;
  }
  const restId = fromEwsId(name);
  const found = id.name === 'FolderId' ? folders.find((folder) => folder.id === restId) : undefined;
  if (found === undefined) throw new EwsRefusal('ErrorFolderNotFound', 'The specified folder could not be found in the store.');
  return found;
}

/** Writes the id of a folder. */
export function writeFolderId(id: string): Xml {
  return element('t:FolderId', { Id: toEwsId(id), ChangeKey: 'AgAAAA==' });
}

/** Says that something is not open to the caller. */
export function accessDenied(): EwsRefusal {
  return new EwsRefusal('ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
}

/** Says that it is the emulator that does not know something, and not Exchange. */
export function outOfReach(what: string): EwsFault {
  return new EwsFault('ErrorInvalidRequest', `The emulator ${what}.`);
}

/** Every folder of the mailbox. */
export function foldersOf({ user, deps }: Pick<EwsCall, 'user' | 'deps'>): readonly Folder[] {
  const plain = PLAIN_FOLDERS.map(({ distinguished, name, folderClass }) => ({
    id: plainId(distinguished, user),
    folderClass,
    name,
    canEdit: true,
    calendar: undefined,
  }));
  const calendars = deps.mailboxes.calendarsOf(user.email).map((calendar) => ({
    id: calendar.id,
    folderClass: 'IPF.Appointment',
    name: calendar.name,
    canEdit: calendar.canEdit,
    calendar,
  }));
  return [...plain, ...calendars];
}

function plainId(distinguished: string, { email }: MailboxOwner): string {
  return `AAMkAG${Buffer.from(`${distinguished} ${email}`).toString('base64url')}AAA=`;
}

function valueOfFolder({ folderClass, name, calendar }: Folder, path: XmlElement): string | undefined {
  switch (path.name === 'ExtendedFieldURI' ? tagOf(path) : path.attributes.get('FieldURI')) {
    case 'folder:FolderClass':
    case TAGS.containerClass:
      return folderClass;
    case 'folder:DisplayName':
      return name;
    case TAGS.contentCount:
      return String(calendar?.events.size ?? 0);
    case TAGS.unreadCount:
      return '0';
    case TAGS.subfolders:
      return 'false';
    case TAGS.localCommitTimeMax:
      return calendar === undefined ? undefined : isoSeconds(calendar.changedMs);
    default:
      return undefined;
  }
}

function viewFolder(folder: Folder, { user, request }: EwsCall): Xml {
  const { id, folderClass, name, canEdit, calendar } = folder;
  const shape = childOf(request, 'FolderShape');
  const isWhole = childOf(shape, 'BaseShape')?.text !== 'IdOnly';
  const paths = childOf(shape, 'AdditionalProperties')?.children ?? [];
  const named = paths.map((field) => field.attributes.get('FieldURI'));
  const extended = paths.flatMap((path): [undefined, Xml][] => {
    const value = path.name === 'ExtendedFieldURI' ? valueOfFolder(folder, path) : undefined;
    return value === undefined ? [] : [[undefined, writeExtendedValue(path, value)]];
  });
  const parts: readonly [string | undefined, Xml][] = [
    [undefined, writeFolderId(id)],
    ['folder:ParentFolderId', element('t:ParentFolderId', { Id: toEwsId(plainId(ROOT, user)), ChangeKey: 'AQAAAA==' })],
    ['folder:FolderClass', textElement('t:FolderClass', folderClass)],
    ['folder:DisplayName', textElement('t:DisplayName', name)],
    ['folder:TotalCount', textElement('t:TotalCount', calendar?.events.size ?? 0)],
    ['folder:ChildFolderCount', textElement('t:ChildFolderCount', 0)],
    ...extended,
    ['folder:EffectiveRights', effectiveRights(canEdit)],
  ];
  const shown = parts.filter(([field]) => field === undefined || isWhole || named.includes(field)).map(([, xml]) => xml);
  return element(ELEMENTS.get(folderClass) ?? 't:Folder', {}, ...shown);
}

function effectiveRights(canEdit: boolean): Xml {
  const changing = ['CreateAssociated', 'CreateContents', 'CreateHierarchy', 'Delete', 'Modify'].map((right) =>
    textElement(`t:${right}`, canEdit),
  );
  return element('t:EffectiveRights', {}, ...changing, textElement('t:Read', true));
}
