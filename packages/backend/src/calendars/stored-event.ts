import { randomUUID } from 'node:crypto';
import type { Backend } from '../backend.ts';
import type { ManagedEvent, NewInvitation } from '../storage/questions/managed-events.ts';
import { ID_PREFIX } from '../vault/issued-token.ts';
import { newId } from '../vault/secrets.ts';
import { monthsOf, rangeOf } from './local-time.ts';
import { eventHash, type ManagedContent, managedContentPlace, readManagedContent, writeManagedContent } from './managed-content.ts';
import type { WriteTarget } from './write-deps.ts';

/** A managed event, opened. */
export interface StoredEvent {
  readonly row: ManagedEvent;
  readonly content: ManagedContent;
}

type Deps = Pick<Backend, 'store' | 'vault' | 'publicUrl' | 'now'>;

/** The event of the application's own id, or one that is about to be stored for the first time. */
export async function loadEvent(deps: Deps, target: WriteTarget, eventId: string): Promise<StoredEvent> {
  const named = { profileId: target.profile.id, calendarId: target.calendarId, eventHash: eventHash(eventId) };
  const row = await deps.store.findManagedEvent(named);
  return row === undefined ? newEvent(deps, target, named.eventHash) : openEvent(deps, target, row);
}

/** Opens an event of an account. @throws VaultError where it does not open */
export function openEvent({ vault }: Pick<Deps, 'vault'>, { account }: Pick<WriteTarget, 'account'>, row: ManagedEvent): StoredEvent {
  return { row, content: readManagedContent(vault.open(account.dataKey, managedContentPlace(row), row.contentSealed)) };
}

function newEvent(deps: Deps, { account, profile, calendarId }: WriteTarget, hash: string): StoredEvent {
  const nowMs = deps.now();
  const row: ManagedEvent = {
    id: newId(ID_PREFIX.managedEvent, nowMs),
    applicationId: account.applicationId,
    accountId: account.accountId,
    profileId: profile.id,
    calendarId,
    eventHash: hash,
    uid: newUid(deps),
    sequence: 0,
    version: 0,
    contentSealed: '',
    firstMonth: 0,
    lastMonth: 0,
    deletedAtMs: undefined,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  return { row, content: {} };
}

/** Whoever knows the UID of an invitation can cancel it: it is random, and in no log. [RFC 7986 §5.3](https://www.rfc-editor.org/rfc/rfc7986#section-5.3) */
export function newUid({ publicUrl }: Pick<Deps, 'publicUrl'>): string {
  return `${randomUUID()}@${new URL(publicUrl.origin).hostname}`;
}

/** What an event becomes. */
export interface EventChange {
  /** Without an event it is deleted. */
  readonly content: ManagedContent;
  readonly uid?: string;
  readonly sequence?: number;
  readonly invitations?: readonly NewInvitation[];
}

/** Stores what an event becomes; `undefined` where somebody else has changed it since it was loaded. */
export async function storeEvent(
  deps: Deps,
  { target, stored }: { readonly target: WriteTarget; readonly stored: StoredEvent },
  change: EventChange,
): Promise<StoredEvent | undefined> {
  const nowMs = deps.now();
  const { event } = change.content;
  const { row } = stored;
  const changed: ManagedEvent = {
    ...row,
    ...(event === undefined ? {} : monthsOf(rangeOf(event.time, 'UTC'))),
    uid: change.uid ?? row.uid,
    sequence: change.sequence ?? row.sequence,
    contentSealed: deps.vault.seal(target.account.dataKey, managedContentPlace(row), writeManagedContent(change.content)),
    deletedAtMs: event === undefined ? nowMs : undefined,
    updatedAtMs: nowMs,
  };
  const version = await deps.store.saveManagedEvent({ event: changed, invitations: change.invitations ?? [], nowMs });
  return version === undefined ? undefined : { row: { ...changed, version }, content: change.content };
}
