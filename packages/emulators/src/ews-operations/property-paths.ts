import type { StoredEvent } from '../microsoft/mailbox/events.ts';
import type { MailboxState } from './mailbox-state.ts';
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

/** The sets that have a name. @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/extendedfielduri} */
const SETS: ReadonlyMap<string, string> = new Map([
  ['Meeting', '6ed8da90-450b-101b-98da-00aa003f1305'],
  ['Appointment', '00062002-0000-0000-c000-000000000046'],
  ['Common', '00062008-0000-0000-c000-000000000046'],
  ['PublicStrings', '00020329-0000-0000-c000-000000000046'],
  ['Address', '00062004-0000-0000-c000-000000000046'],
  ['InternetHeaders', '00020386-0000-0000-c000-000000000046'],
  ['CalendarAssistant', '11000e07-b51b-40d6-af21-caa85edab1d0'],
  ['UnifiedMessaging', '4442858e-a9e3-4e80-b900-317a210cc15b'],
  ['Task', '00062003-0000-0000-c000-000000000046'],
]);

/** Names the field of a path element: an extended one by its tag, or by its set and its name or number. */
export function fieldOf(path: XmlElement): string | undefined {
  const { attributes } = path;
  if (path.name !== 'ExtendedFieldURI') return attributes.get('FieldURI');
  if (attributes.has('PropertyTag')) return `tag/${tagOf(path)}`;
  const set = SETS.get(attributes.get('DistinguishedPropertySetId') ?? '') ?? attributes.get('PropertySetId')?.toLowerCase();
  return `${set}/${attributes.get('PropertyName') ?? `id/${Number(attributes.get('PropertyId'))}`}`;
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
  const own = state.propertiesOf(event.id).find(({ field }) => field === fieldOf(path));
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
