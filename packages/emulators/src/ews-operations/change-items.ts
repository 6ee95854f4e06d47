import { accessDenied, findFolder, type EwsCall } from './folders.ts';
import { changeKeyOf } from './ids.ts';
import { changeFields, nameOfProperty, readExtendedProperties, readProperties } from './item-body.ts';
import { checkChangeable, findItem } from './items.ts';
import { viewItem, type FoundItem, type ItemShape } from './item-view.ts';
import { fieldOf } from './property-paths.ts';
import { readMimeContent } from './read-mime-content.ts';
import { childOf, type XmlElement } from './read-xml.ts';
import { isAtLeast } from './request-versions.ts';
import { EwsFault, EwsRefusal, invalidSchema, requiredList, writeMessages } from './soap.ts';
import { element, textElement, type Xml } from './write-xml.ts';

const ID_ONLY: ItemShape = {
  isWhole: false,
  fields: [],
  extended: [],
  asText: false,
  withMime: false,
  inList: false,
  requested: 'Exchange2007',
};
const SEND_AT_CREATION = ['SendToNone', 'SendOnlyToAll', 'SendToAllAndSaveCopy'];
const SEND_AT_UPDATE = [...SEND_AT_CREATION, 'SendOnlyToChanged', 'SendToChangedAndSaveCopy'];
const NO_ITEMS = [element('m:Items', {})];

/** `CreateItem`, of calendar items. @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/createitem-operation-calendar-item} */
export function createItem(call: EwsCall): Xml {
  const { request, deps } = call;
  checkSending(request, 'SendMeetingInvitations', SEND_AT_CREATION);
  const folderId = childOf(request, 'SavedItemFolderId')?.children[0];
  return writeMessages('CreateItem', childOf(request, 'Items')?.children ?? [], {
    empty: NO_ITEMS,
    answer: (item) => {
      const properties = readProperties(item);
      const mime = childOf(item, 'MimeContent')?.text;
      const zone = defaultZone(call);
      const imported = mime === undefined ? undefined : readMimeContent(mime, zone, deps.zones);
      // What the request says by name wins over what the content says.
      const fields = changeFields(imported?.fields, { properties, zone }, deps);
      const calendar = folderId === undefined ? deps.mailboxes.calendarsOf(call.user.email)[0] : findFolder(folderId, call).calendar;
      if (calendar === undefined) throw new EwsRefusal('ErrorInvalidFolderTypeForOperation', 'The folder is no calendar.');
      if (!calendar.canEdit) throw accessDenied();
      const event = deps.mailboxes.putEvent(calendar, { fields, ...(imported?.uid === undefined ? {} : { iCalUId: imported.uid }) });
      deps.state.changeProperties(event.id, { put: readExtendedProperties(properties) });
      return [idsOf({ event, calendar }, call)];
    },
  });
}

/** `UpdateItem`. @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/updateitem-operation-calendar-item} */
export function updateItem(call: EwsCall): Xml {
  const { request, deps } = call;
  checkSending(request, 'SendMeetingInvitationsOrCancellations', SEND_AT_UPDATE);
  const resolution = request.attributes.get('ConflictResolution');
  if (resolution === undefined) throw invalidSchema("the required attribute 'ConflictResolution' is missing");
  return writeMessages('UpdateItem', childOf(request, 'ItemChanges')?.children ?? [], {
    empty: NO_ITEMS,
    answer: (change) => {
      const [id] = change.children;
      if (id === undefined) throw invalidSchema("the element 'ItemChange' is empty");
      const found = findItem(id, call);
      checkChangeable(found);
      if (resolution !== 'AlwaysOverwrite') checkChangeKey(id, found);
      const updates = readUpdates(change);
      const fields = changeFields(found.event.fields, { ...updates, zone: defaultZone(call) }, deps);
      const event = deps.mailboxes.putEvent(found.calendar, { fields, previous: found.event });
      deps.state.changeProperties(event.id, { put: readExtendedProperties(updates.properties), removed: updates.deleted });
      return [idsOf({ event, calendar: found.calendar }, call), element('m:ConflictResults', {}, textElement('t:Count', 0))];
    },
  });
}

/** `DeleteItem`. A change key is not looked at. @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/deleteitem-operation} */
export function deleteItem(call: EwsCall): Xml {
  const { request, deps, user } = call;
  const deleteType = request.attributes.get('DeleteType');
  if (deleteType === undefined) throw invalidSchema("the required attribute 'DeleteType' is missing");
  checkSending(request, 'SendMeetingCancellations', SEND_AT_CREATION);
  return writeMessages('DeleteItem', requiredList(request, 'ItemIds'), {
    answer: (id) => {
      const found = findItem(id, call);
      checkChangeable(found);
      deps.mailboxes.removeEvent(found.calendar, found.event);
      if (deleteType === 'MoveToDeletedItems') deps.state.discard(user.email, found.event);
      return [];
    },
  });
}

/**
 * The zone of times that say none: UTC, unless the header names one, which since 2010 it can.
 * @see {@link https://learn.microsoft.com/exchange/client-developer/exchange-web-services/time-zones-and-ews-in-exchange}
 */
function defaultZone({ header, requested }: EwsCall): string {
  const context = isAtLeast(requested, 'Exchange2010') ? childOf(header, 'TimeZoneContext') : undefined;
  return childOf(context, 'TimeZoneDefinition')?.attributes.get('Id') ?? 'UTC';
}

/** The schema does not demand them, and Exchange does, of calendar items. */
function checkSending(request: XmlElement, attribute: string, choices: readonly string[]): void {
  const value = request.attributes.get(attribute);
  if (value === undefined) {
    throw new EwsFault(`Error${attribute}Required`, `${attribute} attribute is required for calendar items.`);
  }
  if (!choices.includes(value)) throw invalidSchema(`the '${attribute}' attribute is invalid`);
}

function checkChangeKey(id: XmlElement, { event }: FoundItem): void {
  const changeKey = id.attributes.get('ChangeKey');
  if (changeKey === undefined) {
    throw new EwsRefusal('ErrorChangeKeyRequiredForWriteOperations', 'A change key is required for this operation.');
  }
  if (!/^[A-Za-z0-9+/]+=*$/.test(changeKey)) throw new EwsRefusal('ErrorInvalidChangeKey', 'The change key is invalid.');
  if (changeKey !== changeKeyOf(event)) {
    throw new EwsRefusal(
      'ErrorIrresolvableConflict',
      'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.',
    );
  }
}

/** One property for each update, which its path names. */
function readUpdates(change: XmlElement): { properties: readonly XmlElement[]; deleted: readonly string[] } {
  const updates = childOf(change, 'Updates')?.children ?? [];
  if (updates.length === 0) throw invalidSchema("the element 'Updates' is empty");
  const properties = updates.flatMap((update) => {
    if (update.name !== 'SetItemField') return [];
    const [property, ...others] = readProperties(update.children[1] ?? update);
    if (property === undefined || others.length > 0) {
      throw new EwsRefusal(
        'ErrorIncorrectUpdatePropertyCount',
        'An object within a change description must contain one and only one property to modify.',
      );
    }
    if (nameOfProperty(property) !== nameOfUpdate(update))
      throw new EwsRefusal('ErrorUpdatePropertyMismatch', 'The property path and the property do not match.');
    return [property];
  });
  return { properties, deleted: updates.filter(({ name }) => name === 'DeleteItemField').map(nameOfUpdate) };
}

/** As {@link nameOfProperty} names what it changes. */
function nameOfUpdate({ children: [path] }: XmlElement): string {
  const field = path === undefined ? undefined : fieldOf(path);
  return (path?.name === 'ExtendedFieldURI' ? field : field?.split(':')[1]) ?? '';
}

function idsOf(found: FoundItem, { deps }: EwsCall): Xml {
  return element('m:Items', {}, viewItem(found, ID_ONLY, deps));
}
