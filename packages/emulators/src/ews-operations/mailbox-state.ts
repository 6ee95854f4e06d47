import type { StoredEvent } from '../microsoft/mailbox/events.ts';

/** A named property of an item that Graph does not show here. */
export interface ExtendedProperty {
  readonly propertySetId: string;
  readonly propertyName: string;
  readonly propertyType: string;
  readonly value: string;
}

/** What EWS knows of mailboxes besides their calendars. */
export interface MailboxState {
  readonly setProperties: (eventId: string, properties: readonly ExtendedProperty[]) => void;
  readonly propertiesOf: (eventId: string) => readonly ExtendedProperty[];
  /** Puts an item among the deleted ones. */
  readonly discard: (email: string, event: StoredEvent) => void;
  readonly deletedItems: (email: string) => readonly StoredEvent[];
  /** The number of an item, which later ones exceed. */
  readonly articleNumberOf: (eventId: string) => number;
}

/** Creates the state, in memory. */
export function createMailboxState(): MailboxState {
  const properties = new Map<string, readonly ExtendedProperty[]>();
  const deleted = new Map<string, StoredEvent[]>();
  const numbers = new Map<string, number>();
  return {
    setProperties: (eventId, added) => void properties.set(eventId, added),
    propertiesOf: (eventId) => properties.get(eventId) ?? [],
    discard: (email, event) => {
      const items = deleted.get(email) ?? [];
      items.push(event);
      deleted.set(email, items);
    },
    deletedItems: (email) => deleted.get(email) ?? [],
    articleNumberOf: (eventId) => {
      const number = numbers.get(eventId) ?? numbers.size + 1;
      numbers.set(eventId, number);
      return number;
    },
  };
}
