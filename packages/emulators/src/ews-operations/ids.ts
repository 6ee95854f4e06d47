import type { StoredEvent } from '../microsoft/mailbox/events.ts';
import { EwsRefusal } from './soap.ts';

/** Ids of Exchange are base64; Graph writes the same ones with `-` and `_`, so that they fit into a path. @see {@link https://learn.microsoft.com/graph/api/user-translateexchangeids} */
export function toEwsId(restId: string): string {
  return restId.replaceAll('-', '/').replaceAll('_', '+');
}

/** Reads an id. @throws EwsRefusal `ErrorInvalidIdMalformed` */
export function fromEwsId(id: string | undefined): string {
  // A dot is in the ids that the emulator gives to occurrences.
  if (id === undefined || !/^[\w+/=.]+$/.test(id) || id.includes('_')) throw new EwsRefusal('ErrorInvalidIdMalformed', 'Id is malformed.');
  return id.replaceAll('/', '-').replaceAll('+', '_');
}

/** What grows with every change of an item. */
export function changeKeyOf({ id, version }: Pick<StoredEvent, 'id' | 'version'>): string {
  return `DwAAAB${Buffer.from(`${id.slice(-8)} ${version}`).toString('base64')}`;
}
