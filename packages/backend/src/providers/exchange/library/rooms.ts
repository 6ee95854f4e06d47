import type { EmailAddress } from 'ews-javascript-api';
import type { CalendarOutcome } from '../../calendar-reader.ts';
import type { EwsRefusal } from '../../ews/caller.ts';
import { ewsFailure, type EwsHints } from '../../ews/ews-errors.ts';
import { negotiateSchema } from '../operations/negotiate-schema.ts';
import { askByLibrary, isPlain, type LibraryAnswer, type LibraryParts } from './ask-by-library.ts';

const WHAT = 'Exchange’s room lists';
/** Each is a request. Nobody has as many buildings. */
const MAX_LISTS = 100;

/** A room that can be invited. */
export interface Room {
  readonly email: string;
  readonly name: string | undefined;
}

/** A list of rooms, as an administrator made it: mostly those of one building. */
export interface RoomList extends Room {
  readonly rooms: readonly Room[];
}

/** The rooms of an organisation, as far as they are in lists. */
export interface RoomLists {
  readonly lists: readonly RoomList[];
  /** How many lists were not read: they were more than a hundred, have no address that can be asked for, or are gone. */
  readonly leftOut: number;
}

/** How a look for rooms ended. */
export type RoomsOutcome =
  | CalendarOutcome<RoomLists>
  /** They came with Exchange 2010. */
  | { readonly outcome: 'not_known_by_server'; readonly operatorHint: string };

/**
 * Lists the rooms of the organisation that a login is in. There is no permission for it: everybody may.
 *
 * @see [GetRoomLists](https://learn.microsoft.com/exchange/client-developer/web-service-reference/getroomlists-operation)
 * @see [GetRooms](https://learn.microsoft.com/exchange/client-developer/web-service-reference/getrooms-operation)
 */
export async function listRooms(parts: LibraryParts & { readonly hints: EwsHints }): Promise<RoomsOutcome> {
  const found = await askByLibrary(parts, 'Exchange2010', async ({ service }) => toRooms((await service.GetRoomLists()).GetEnumerator()));
  if (found.refused) return failureOf(parts, found);
  const lists: RoomList[] = [];
  for (const list of found.value.filter(({ email }) => isPlain(email)).slice(0, MAX_LISTS)) {
    const rooms = await askForRooms(parts, list.email);
    if (!rooms.refused) lists.push({ ...list, rooms: rooms.value });
    else if (rooms.code !== 'ErrorNameResolutionNoResults') return failureOf(parts, rooms);
  }
  return { outcome: 'ok', value: { lists, leftOut: found.value.length - lists.length } };
}

function askForRooms(parts: LibraryParts, email: string): Promise<LibraryAnswer<readonly Room[]>> {
  return askByLibrary(parts, 'Exchange2010', async ({ library, service }) =>
    toRooms(await service.GetRooms(new library.EmailAddress(email))),
  );
}

function failureOf(parts: { readonly hints: EwsHints }, refusal: EwsRefusal): Exclude<RoomsOutcome, { outcome: 'ok' }> {
  // No older schema has them, so there is none to step down to.
  const isTooNew = negotiateSchema(undefined).stepDown(refusal, 'Exchange2010');
  const operatorHint = `${WHAT}: Exchange answered ${refusal.code}: they came with Exchange 2010`;
  return isTooNew ? { outcome: 'not_known_by_server', operatorHint } : ewsFailure(parts, WHAT, refusal);
}

/** @throws TypeError where a server has put something else where it has texts */
function toRooms(addresses: readonly EmailAddress[]): readonly Room[] {
  return addresses.map(({ Address, Name }) => {
    const [email, name]: readonly unknown[] = [Address, Name];
    if (typeof email !== 'string') throw new TypeError('address: expected a text');
    return { email, name: typeof name === 'string' ? name : undefined };
  });
}
