import type { QueryCreator, Selectable } from 'kysely';
import { type DataKey, findDataKey } from '../data-key-row.ts';
import type { ManagedEventsTable } from '../event-tables.ts';
import { type InvitationToMail, invitationWork } from '../invitation-work.ts';
import { STANDING_STATUSES } from '../profile-row.ts';
import { maybeOne, type Question, rows, run } from '../question.ts';
import type { Schema } from '../schema.ts';
import { addWork } from './work.ts';

/** An event that an application wrote through the API. */
export interface ManagedEvent {
  readonly id: string;
  readonly applicationId: string;
  readonly accountId: string;
  readonly profileId: string;
  readonly calendarId: string;
  readonly eventHash: string;
  readonly uid: string;
  readonly sequence: number;
  /** Of the stored row; 0: it is stored nowhere yet. */
  readonly version: number;
  readonly contentSealed: string;
  readonly firstMonth: number;
  readonly lastMonth: number;
  /** It was deleted; the row stays, so that the same id of the application's does not become the same event of the provider's. */
  readonly deletedAtMs: number | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

function rowToManagedEvent(row: Selectable<ManagedEventsTable>): ManagedEvent {
  return {
    id: row.id,
    applicationId: row.application_id,
    accountId: row.account_id,
    profileId: row.profile_id,
    calendarId: row.calendar_id,
    eventHash: row.event_hash,
    uid: row.uid,
    sequence: row.sequence,
    version: row.version,
    contentSealed: row.content_sealed,
    firstMonth: row.first_month,
    lastMonth: row.last_month,
    deletedAtMs: row.deleted_at ?? undefined,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
  };
}

/** Finds an event by the application's own id of it, also where it was deleted. */
export function* findManagedEvent(
  db: QueryCreator<Schema>,
  event: Pick<ManagedEvent, 'profileId' | 'calendarId' | 'eventHash'>,
): Question<ManagedEvent | undefined> {
  const row = yield* maybeOne(
    db
      .selectFrom('managed_events')
      .selectAll()
      .where('profile_id', '=', event.profileId)
      .where('calendar_id', '=', event.calendarId)
      .where('event_hash', '=', event.eventHash),
  );
  return row && rowToManagedEvent(row);
}

/** The standing events of a profile that may be within these months, oldest first. */
export function* managedEventsWithin(
  db: QueryCreator<Schema>,
  range: { readonly profileId: string; readonly firstMonth: number; readonly lastMonth: number },
): Question<ManagedEvent[]> {
  const found = yield* rows(
    db
      .selectFrom('managed_events')
      .selectAll()
      .where('profile_id', '=', range.profileId)
      .where('deleted_at', 'is', null)
      .where('last_month', '>=', range.firstMonth)
      .where('first_month', '<=', range.lastMonth)
      .orderBy('id'),
  );
  return found.map(rowToManagedEvent);
}

/** All standing events of an account, oldest first. */
export function* managedEventsOf(db: QueryCreator<Schema>, accountId: string): Question<ManagedEvent[]> {
  const found = yield* rows(
    db.selectFrom('managed_events').selectAll().where('account_id', '=', accountId).where('deleted_at', 'is', null).orderBy('id'),
  );
  return found.map(rowToManagedEvent);
}

/** An invitation to be mailed, whole, sealed under the account's data key. */
export type NewInvitation = Omit<InvitationToMail, 'managedEventId'> & { readonly sealed: string };

/** An event as it is to be stored. */
export interface ManagedEventChange {
  /** Its `version` is the one that the change started from. */
  readonly event: ManagedEvent;
  /** What its guests are to be told: noted in the same transaction, so that neither is there without the other. */
  readonly invitations: readonly NewInvitation[];
  readonly nowMs: number;
}

/**
 * Stores an event, unless somebody else stored it since, or its profile stands no longer. Answers with the new version; `undefined`: nothing
 * was stored, and no invitation is on its way.
 */
export function* saveManagedEvent(
  db: QueryCreator<Schema>,
  { event, invitations, nowMs }: ManagedEventChange,
): Question<number | undefined> {
  // Written and not only read: a revocation that comes meanwhile erases the profile's events, and this one must not come after.
  const standing = yield* maybeOne(
    db
      .updateTable('profiles')
      .set((eb) => ({ status: eb.ref('status') }))
      .where('id', '=', event.profileId)
      .where('status', 'in', STANDING_STATUSES)
      .returning('id'),
  );
  if (standing === undefined) return undefined;
  const saved = yield* event.version === 0 ? insertEvent(db, event) : updateEvent(db, event);
  if (saved === undefined) return undefined;
  for (const { sealed, ...invitation } of invitations) {
    yield* run(
      db.insertInto('invitations').values({
        id: invitation.id,
        managed_event_id: event.id,
        account_id: event.accountId,
        application_id: event.applicationId,
        sealed,
        created_at: nowMs,
      }),
    );
  }
  // Lanes in one order for everybody: two questions that take them the other way round would wait for each other.
  const works = invitations.map((invitation) => invitationWork({ ...invitation, managedEventId: event.id }, nowMs));
  for (const work of works.toSorted((a, b) => (a.laneId < b.laneId ? -1 : 1))) yield* addWork(db, work);
  return event.version + 1;
}

function* insertEvent(db: QueryCreator<Schema>, event: ManagedEvent): Question<{ id: string } | undefined> {
  return yield* maybeOne(
    db
      .insertInto('managed_events')
      .values({
        id: event.id,
        application_id: event.applicationId,
        account_id: event.accountId,
        profile_id: event.profileId,
        calendar_id: event.calendarId,
        event_hash: event.eventHash,
        created_at: event.createdAtMs,
        ...changing(event),
      })
      .onConflict((conflict) => conflict.columns(['profile_id', 'calendar_id', 'event_hash']).doNothing())
      .returning('id'),
  );
}

function* updateEvent(db: QueryCreator<Schema>, event: ManagedEvent): Question<{ id: string } | undefined> {
  return yield* maybeOne(
    db.updateTable('managed_events').set(changing(event)).where('id', '=', event.id).where('version', '=', event.version).returning('id'),
  );
}

function changing(event: ManagedEvent) {
  return {
    uid: event.uid,
    sequence: event.sequence,
    version: event.version + 1,
    content_sealed: event.contentSealed,
    first_month: event.firstMonth,
    last_month: event.lastMonth,
    deleted_at: event.deletedAtMs ?? null,
    updated_at: event.updatedAtMs,
  };
}

/** An invitation that waits to be mailed, with the data key that opens it. */
export interface WaitingInvitation {
  readonly id: string;
  readonly managedEventId: string;
  readonly applicationId: string;
  readonly sealed: string;
  readonly dataKey: DataKey;
}

/** Finds an invitation; `undefined` where it was mailed, or erased together with its event. */
export function* findInvitation(db: QueryCreator<Schema>, id: string): Question<WaitingInvitation | undefined> {
  const row = yield* maybeOne(db.selectFrom('invitations').selectAll().where('id', '=', id));
  if (row === undefined) return undefined;
  return {
    id: row.id,
    managedEventId: row.managed_event_id,
    applicationId: row.application_id,
    sealed: row.sealed,
    dataKey: yield* findDataKey(db, row.account_id),
  };
}

/** Erases an invitation: it was mailed, or never will be. */
export function* eraseInvitation(db: QueryCreator<Schema>, id: string): Question<void> {
  yield* run(db.deleteFrom('invitations').where('id', '=', id));
}

/** The language of an account's person, a BCP 47 tag, where it is known. */
export function* localeOfAccount(db: QueryCreator<Schema>, accountId: string): Question<string | undefined> {
  const row = yield* maybeOne(db.selectFrom('accounts').select('locale').where('id', '=', accountId));
  return row?.locale ?? undefined;
}
