import type { ItemChange } from 'ews-javascript-api';
import type { CalendarAccessOutcome } from '../../calendar-reader.ts';
import { ewsAccessFailure, type EwsHints, unreadable } from '../../ews/ews-errors.ts';
import { PRIMARY_CALENDAR_ID } from '../operations/exchange-caller.ts';
import { askByLibrary, isPlain, type LibraryAnswer, type LibraryCall, type LibraryParts } from './ask-by-library.ts';

const WHAT = 'Exchange’s changes of a calendar';
/** More are refused by every server. */
const PAGE_SIZE = 512;
/** Ten thousand changes at once; who has more goes on from there. */
const MAX_PAGES = 20;

/** An item, as it was when its change was told. */
export interface SyncedItem {
  readonly itemId: string;
  /** Changes with every change. Some servers say none of what was deleted. */
  readonly changeKey: string | undefined;
}

/** What was done since a state, in the order of telling: one item can be in more than one list where it changed while it was read. */
export interface ItemChanges {
  readonly created: readonly SyncedItem[];
  readonly updated: readonly SyncedItem[];
  readonly deleted: readonly SyncedItem[];
  /** Where to begin the next time. The server's, and of this calendar alone. */
  readonly syncState: string;
  /** `false`: there is more, from that state on. */
  readonly complete: boolean;
}

/** How a look for changes ended. */
export type SyncOutcome =
  | CalendarAccessOutcome<ItemChanges>
  /** The state is no longer good, as after a mailbox was moved or restored. All that is known has to be read anew, without a state. */
  | { readonly outcome: 'begin_anew'; readonly operatorHint: string };

/** Which changes to look for. */
export interface SyncRequest {
  /** Default: the primary calendar. */
  readonly calendarId?: string | undefined;
  /** Of the last look. Absent: everything that is there is told as created. */
  readonly syncState?: string | undefined;
  /** How many answers of 512 changes at most. Default, and the most: 20. */
  readonly maxPages?: number | undefined;
}

/**
 * Tells what has changed in a calendar. A series is one item, and its occurrences are none.
 *
 * @see [SyncFolderItems](https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderitems-operation)
 */
export async function syncCalendarItems(parts: LibraryParts & { readonly hints: EwsHints }, request: SyncRequest): Promise<SyncOutcome> {
  const { calendarId = PRIMARY_CALENDAR_ID, maxPages = MAX_PAGES } = request;
  if (!isPlain(calendarId)) return { outcome: 'not_found', operatorHint: `${WHAT}: that is no id of Exchange’s` };
  if (request.syncState !== undefined && !isPlain(request.syncState)) return beginAnew('that is no state of Exchange’s');
  const changes = { created: [] as SyncedItem[], updated: [] as SyncedItem[], deleted: [] as SyncedItem[] };
  let syncState = request.syncState;
  for (let page = 1; ; page += 1) {
    const answer = await askForPage(parts, calendarId, syncState);
    if (answer.refused) {
      // Whoever had none would begin anew for ever.
      const isOfState = syncState !== undefined && answer.code === 'ErrorInvalidSyncStateData';
      return isOfState ? beginAnew('Exchange answered ErrorInvalidSyncStateData') : ewsAccessFailure(parts, WHAT, answer);
    }
    const { value } = answer;
    // A server that leads on to where one is would be asked for ever.
    if (value === undefined || (!value.complete && value.syncState === syncState)) return unreadable(WHAT);
    for (const kind of ['created', 'updated', 'deleted'] as const) changes[kind].push(...value[kind]);
    syncState = value.syncState;
    if (value.complete || page >= Math.min(maxPages, MAX_PAGES))
      return { outcome: 'ok', value: { ...changes, syncState, complete: value.complete } };
  }
}

function beginAnew(why: string): SyncOutcome {
  return { outcome: 'begin_anew', operatorHint: `${WHAT}: ${why}` };
}

function askForPage(
  parts: LibraryParts,
  calendarId: string,
  syncState: string | undefined,
): Promise<LibraryAnswer<ItemChanges | undefined>> {
  return askByLibrary(parts, 'Exchange2007', async (call) => {
    const { BasePropertySet, PropertySet, SyncFolderItemsScope } = call.library;
    const found = await call.service.SyncFolderItems(
      folderOf(call, calendarId),
      new PropertySet(BasePropertySet.IdOnly),
      [],
      PAGE_SIZE,
      SyncFolderItemsScope.NormalItems,
      // It is left out where there is none; the declaration does not say so.
      (syncState ?? null) as string,
    );
    return readPage(call, { all: found.GetEnumerator(), syncState: found.SyncState, complete: !found.MoreChangesAvailable });
  });
}

function folderOf({ library: { FolderId, WellKnownFolderName } }: LibraryCall, calendarId: string) {
  return calendarId === PRIMARY_CALENDAR_ID ? new FolderId(WellKnownFolderName.Calendar) : new FolderId(calendarId);
}

/** What the library has read, as far as it is what was asked for: a server can put elements where it has texts. */
function readPage(
  { library: { ChangeType } }: LibraryCall,
  { all, syncState, complete }: { readonly all: readonly ItemChange[]; readonly syncState: unknown; readonly complete: boolean },
): ItemChanges | undefined {
  if (typeof syncState !== 'string' || !isPlain(syncState) || all.length > PAGE_SIZE) return undefined;
  const items = all.map((change) => ({ kind: change.ChangeType, item: toItem(change) }));
  if (items.some(({ item }) => item === undefined)) return undefined;
  const of = (kind: ItemChange['ChangeType']): readonly SyncedItem[] =>
    items.flatMap((each) => (each.kind === kind && each.item !== undefined ? [each.item] : []));
  // Whether somebody has read an item is no change of it.
  return { created: of(ChangeType.Create), updated: of(ChangeType.Update), deleted: of(ChangeType.Delete), syncState, complete };
}

function toItem({ ItemId }: ItemChange): SyncedItem | undefined {
  const [itemId, changeKey]: readonly unknown[] = [ItemId?.UniqueId, ItemId?.ChangeKey];
  if (typeof itemId !== 'string' || itemId === '') return undefined;
  return { itemId, changeKey: typeof changeKey === 'string' ? changeKey : undefined };
}
