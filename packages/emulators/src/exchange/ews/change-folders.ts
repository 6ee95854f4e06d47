import { accessDenied, findFolder, foldersOf, outOfReach, writeFolderId } from '../../ews-operations/folders.ts';
import { childOf, type XmlElement } from '../../ews-operations/read-xml.ts';
import { EwsRefusal, invalidSchema, writeMessages } from '../../ews-operations/soap.ts';
import { element, type Xml } from '../../ews-operations/write-xml.ts';
import type { ExchangeCall } from './call.ts';

const CALENDAR_CLASS = 'IPF.Appointment';
const NO_FOLDERS = [element('m:Folders', {})];

/**
 * `CreateFolder`, of calendars, which all lie below the top of the mailbox here.
 * @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/createfolder-operation}
 */
export function createFolder(call: ExchangeCall): Xml {
  const { request, deps, user } = call;
  const [parent] = childOf(request, 'ParentFolderId')?.children ?? [];
  if (parent === undefined) throw invalidSchema("the element 'ParentFolderId' is missing or empty");
  return writeMessages('CreateFolder', childOf(request, 'Folders')?.children ?? [], {
    empty: NO_FOLDERS,
    answer: (wanted) => {
      if (findFolder(parent, call).calendar !== undefined || !isCalendar(wanted)) throw outOfReach('creates calendars below the top only');
      const name = childOf(wanted, 'DisplayName')?.text ?? '';
      if (foldersOf(call).some((folder) => folder.name.toLowerCase() === name.toLowerCase())) {
        throw new EwsRefusal('ErrorFolderExists', 'A folder with the specified name already exists.');
      }
      const { id } = deps.mailboxes.addCalendar(user.email, name);
      return [element('m:Folders', {}, element('t:CalendarFolder', {}, writeFolderId(id)))];
    },
  });
}

/** `DeleteFolder`. @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/deletefolder-operation} */
export function deleteFolder(call: ExchangeCall): Xml {
  const { request, deps, user } = call;
  if (request.attributes.get('DeleteType') === undefined) throw invalidSchema("the required attribute 'DeleteType' is missing");
  return writeMessages('DeleteFolder', childOf(request, 'FolderIds')?.children ?? [], {
    answer: (id) => {
      const { calendar } = findFolder(id, call);
      if (calendar === undefined || calendar.isDefault) {
        throw new EwsRefusal('ErrorDeleteDistinguishedFolder', 'Distinguished folders cannot be deleted.');
      }
      if (!calendar.canEdit) throw accessDenied();
      deps.mailboxes.removeCalendar(user.email, calendar);
      return [];
    },
  });
}

function isCalendar(wanted: XmlElement): boolean {
  return wanted.name === 'CalendarFolder' || childOf(wanted, 'FolderClass')?.text === CALENDAR_CLASS;
}
