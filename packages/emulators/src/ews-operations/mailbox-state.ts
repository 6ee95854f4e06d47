import type { StoredEvent } from '../microsoft/mailbox/events.ts';

/** A property of an item that Graph does not show here. */
export interface ExtendedProperty {
  /** Its name, however a path spells it. */
  readonly field: string;
  readonly value: string;
}

/** What becomes of an item's properties. */
export interface ExtendedChanges {
  readonly put: readonly ExtendedProperty[];
  readonly removed?: readonly string[];
}

/** What EWS knows of mailboxes besides their calendars. */
export interface MailboxState {
  /** Puts properties in place of those of their names, and takes others away by name. */
  readonly changeProperties: (eventId: string, changes: ExtendedChanges) => void;
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
    changeProperties: (eventId, { put, removed = [] }) => {
      const gone = new Set([...put.map(({ field }) => field), ...removed]);
      const kept = (properties.get(eventId) ?? []).filter(({ field }) => !gone.has(field));
      properties.set(eventId, [...kept, ...put]);
    },
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
