import type { StoredEvent } from '../microsoft/mailbox/events.ts';
import type { ExtendedProperty, MailboxState } from './mailbox-state.ts';
import type { XmlElement } from './read-xml.ts';
import { element, textElement, type Xml } from './write-xml.ts';

/** Of [MS-OXPROPS](https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxprops/f6ab1613-aefe-447d-a49c-18217230b148), by tag. */
const TAGS = {
  messageClass: 0x001a,
  subject: 0x0037,
  internetArticleNumber: 0x0e23,
  creationTime: 0x3007,
  lastModificationTime: 0x3008,
} as const;
/** `PidLidRecurring`, of the set `Appointment`. */
const RECURRING_ID = 0x8223;

/** Names the field of a path element, an extended one by its names. */
export function fieldOf(path: XmlElement): string | undefined {
  if (path.name !== 'ExtendedFieldURI') return path.attributes.get('FieldURI');
  return `${path.attributes.get('PropertySetId')?.toLowerCase()}/${path.attributes.get('PropertyName')}`;
}

/** Names an extended property as {@link fieldOf} does. */
function nameOfProperty({ propertySetId, propertyName }: ExtendedProperty): string {
  return `${propertySetId.toLowerCase()}/${propertyName}`;
}

/** Says what a path means of an item; `undefined` for what it has not, or the emulator does not know. */
export function valueOfItem(event: StoredEvent, path: XmlElement, state: MailboxState): string | undefined {
  if (path.name === 'ExtendedFieldURI') return extendedValue(event, path, state);
  switch (path.attributes.get('FieldURI')) {
    case 'item:ItemClass':
      return 'IPM.Appointment';
    case 'item:Subject':
      return event.fields.subject;
    case 'item:DateTimeCreated':
      return isoSeconds(event.createdMs);
    case 'item:LastModifiedTime':
      return isoSeconds(event.changedMs);
    case 'calendar:Start':
      return isoSeconds(event.startMs);
    case 'calendar:End':
      return isoSeconds(event.endMs);
    case 'calendar:UID':
      return event.iCalUId;
    case 'calendar:IsRecurring':
      return String(event.fields.recurrence !== undefined);
    default:
      return undefined;
  }
}

/** Writes an extended property of whatever is looked at, by the path that asked for it. */
export function writeExtendedValue(path: XmlElement, value: string): Xml {
  return element(
    't:ExtendedProperty',
    {},
    element('t:ExtendedFieldURI', Object.fromEntries(path.attributes)),
    textElement('t:Value', value),
  );
}

/** The tag of a path, as a number: clients write it in hexadecimal digits, or in decimal ones. */
export function tagOf(path: XmlElement): number {
  return Number(path.attributes.get('PropertyTag') ?? NaN);
}

/** Writes an instant as EWS does. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function extendedValue(event: StoredEvent, path: XmlElement, state: MailboxState): string | undefined {
  const own = state.propertiesOf(event.id).find((property) => nameOfProperty(property) === fieldOf(path));
  if (own !== undefined) return own.value;
  const isSeries = event.fields.recurrence !== undefined;
  const set = path.attributes.get('DistinguishedPropertySetId');
  if (set === 'Appointment') return Number(path.attributes.get('PropertyId')) === RECURRING_ID ? String(isSeries) : undefined;
  if (set === 'PublicStrings') {
    const name = path.attributes.get('PropertyName');
    if (name === 'urn:schemas:calendar:uid') return event.iCalUId;
    return name === 'urn:schemas:calendar:instancetype' ? String(Number(isSeries)) : undefined;
  }
  switch (tagOf(path)) {
    case TAGS.messageClass:
      return 'IPM.Appointment';
    case TAGS.subject:
      return event.fields.subject ?? '';
    case TAGS.internetArticleNumber:
      return String(state.articleNumberOf(event.id));
    case TAGS.creationTime:
      return isoSeconds(event.createdMs);
    case TAGS.lastModificationTime:
      return isoSeconds(event.changedMs);
    default:
      return undefined;
  }
}
