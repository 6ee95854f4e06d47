import { childOf } from '../../ews-operations/read-xml.ts';
import { EwsRefusal, invalidSchema, writeMessages } from '../../ews-operations/soap.ts';
import { element, textElement, type Xml } from '../../ews-operations/write-xml.ts';
import type { ExchangeCall } from './call.ts';

const CANDIDATES_MOST = 100;

interface Entry {
  readonly name: string;
  readonly email: string;
  readonly aliases?: readonly string[];
  readonly userName?: string;
}

/** `GetRoomLists`. @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/getroomlists-operation} */
export function getRoomLists({ roomLists }: ExchangeCall): Xml {
  const lists = roomLists.map((list) => element('t:Address', {}, ...addressParts(list, 'PublicDL')));
  return element(
    'm:GetRoomListsResponse',
    { ResponseClass: 'Success' },
    textElement('m:ResponseCode', 'NoError'),
    element('m:RoomLists', {}, ...lists),
  );
}

/** `GetRooms`. @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/getrooms-operation} */
export function getRooms({ request, roomLists }: ExchangeCall): Xml {
  const address = childOf(childOf(request, 'RoomList'), 'EmailAddress')?.text.toLowerCase();
  const list = roomLists.find(({ email }) => email === address);
  if (list === undefined) {
    const why = [textElement('m:MessageText', 'No results were found.'), textElement('m:ResponseCode', 'ErrorNameResolutionNoResults')];
    return element('m:GetRoomsResponse', { ResponseClass: 'Error' }, ...why, textElement('m:DescriptiveLinkKey', 0));
  }
  const rooms = list.rooms.map((room) => element('t:Room', {}, element('t:Id', {}, ...addressParts(room, 'Mailbox'))));
  return element(
    'm:GetRoomsResponse',
    { ResponseClass: 'Success' },
    textElement('m:ResponseCode', 'NoError'),
    element('m:Rooms', {}, ...rooms),
  );
}

/**
 * `ResolveNames`, of the directory, by the beginning of a name, a user name or an address.
 * @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/resolvenames-operation}
 */
export function resolveNames(call: ExchangeCall): Xml {
  const { request } = call;
  if (request.attributes.get('ReturnFullContactData') === undefined) {
    throw invalidSchema("the required attribute 'ReturnFullContactData' is missing");
  }
  const wanted = childOf(request, 'UnresolvedEntry')?.text.toLowerCase() ?? '';
  if (wanted === '') throw invalidSchema("the element 'UnresolvedEntry' is missing or empty");
  const found = entriesOf(call).filter((entry) => isMeant(entry, wanted));
  return writeMessages('ResolveNames', [found], {
    answer: (entries) => {
      if (entries.length === 0) throw new EwsRefusal('ErrorNameResolutionNoResults', 'No results were found.');
      return [resolutionSet(entries)];
    },
    warning: (entries) =>
      entries.length > 1 ? { code: 'ErrorNameResolutionMultipleResults', message: 'Multiple results were found.' } : undefined,
  });
}

function resolutionSet(entries: readonly Entry[]): Xml {
  const told = entries.slice(0, CANDIDATES_MOST);
  const attributes = { TotalItemsInView: String(told.length), IncludesLastItemInRange: String(told.length === entries.length) };
  return element(
    'm:ResolutionSet',
    attributes,
    ...told.map((entry) => element('t:Resolution', {}, element('t:Mailbox', {}, ...addressParts(entry, 'Mailbox')))),
  );
}

function entriesOf({ people, roomLists }: ExchangeCall): readonly Entry[] {
  return [...people.all().filter(({ mailbox }) => mailbox !== 'none'), ...roomLists.flatMap(({ rooms }) => rooms)];
}

/** `smtp:` asks for an address, and not for what begins like it. */
function isMeant({ name, email, aliases = [], userName }: Entry, wanted: string): boolean {
  const addresses = [email, ...aliases];
  if (wanted.startsWith('smtp:')) return addresses.includes(wanted.slice(5));
  return [name.toLowerCase(), ...name.toLowerCase().split(' '), userName?.toLowerCase(), ...addresses].some((text) =>
    text?.startsWith(wanted),
  );
}

function addressParts({ name, email }: Entry, type: 'Mailbox' | 'PublicDL'): readonly Xml[] {
  return [
    textElement('t:Name', name),
    textElement('t:EmailAddress', email),
    textElement('t:RoutingType', 'SMTP'),
    textElement('t:MailboxType', type),
  ];
}
