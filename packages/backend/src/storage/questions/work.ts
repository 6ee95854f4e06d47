import type { QueryCreator } from 'kysely';
import { maybeOne, type Question, rows, run } from '../question.ts';
import type { Schema } from '../schema.ts';

/** Something to be done, at the end of its lane. */
export interface NewWorkItem {
  /** What the lane is about, such as `profile:pro_…`: items of one lane are done one after another. */
  readonly laneId: string;
  /** Which handler does it. */
  readonly kind: string;
  /** What the handler needs to know, as plain JSON. Secrets in it are sealed. */
  readonly payload: WorkPayload;
  readonly dueAtMs: number;
  readonly nowMs: number;
}

export type WorkPayload = Readonly<Record<string, string>>;

/** An item as its lane's first. */
export interface WorkItem {
  readonly laneId: string;
  readonly position: number;
  readonly kind: string;
  readonly payload: WorkPayload;
  /** How often it has failed. */
  readonly failures: number;
}

/** Adds an item to its lane. Part of the transaction of the change that it follows from, so that neither is there without the other. */
export function* addWork(db: QueryCreator<Schema>, item: NewWorkItem): Question<void> {
  yield* run(
    db
      .insertInto('work_lanes')
      .values({ id: item.laneId, due_at: item.dueAtMs, failures: 0, lease_by: null, lease_until: 0 })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          due_at: eb
            .case()
            .when(eb.ref('work_lanes.due_at'), '>', eb.ref('excluded.due_at'))
            .then(eb.ref('excluded.due_at'))
            .else(eb.ref('work_lanes.due_at'))
            .end(),
        })),
      ),
  );
  const last = yield* maybeOne(
    db.selectFrom('work_items').select('position').where('lane_id', '=', item.laneId).orderBy('position', 'desc').limit(1),
  );
  yield* run(
    db.insertInto('work_items').values({
      lane_id: item.laneId,
      position: (last?.position ?? 0) + 1,
      kind: item.kind,
      payload_json: JSON.stringify(item.payload),
      created_at: item.nowMs,
    }),
  );
}

/** Makes a lane due earlier than it was. Does nothing where it has no work. */
export function* hastenWork(db: QueryCreator<Schema>, lane: { id: string; dueAtMs: number }): Question<void> {
  yield* run(db.updateTable('work_lanes').set({ due_at: lane.dueAtMs }).where('id', '=', lane.id).where('due_at', '>', lane.dueAtMs));
}

/** Who takes lanes, and until when nobody else may. */
export interface LaneLease {
  readonly by: string;
  readonly nowMs: number;
  readonly untilMs: number;
  readonly limit: number;
}

/** Leases lanes whose first item is due, those that wait longest first. Answers with that item of each. */
export function* leaseLanes(db: QueryCreator<Schema>, lease: LaneLease): Question<WorkItem[]> {
  const lanes = yield* rows(
    db
      .updateTable('work_lanes')
      .set({ lease_by: lease.by, lease_until: lease.untilMs })
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('work_lanes')
          .select('id')
          .where('due_at', '<=', lease.nowMs)
          .where('lease_until', '<=', lease.nowMs)
          .orderBy('due_at')
          .limit(lease.limit),
      )
      // Asked again of the row itself: between looking and taking, another process may have leased it.
      .where('lease_until', '<=', lease.nowMs)
      .returning('id'),
  );
  const items: WorkItem[] = [];
  for (const lane of lanes) {
    const first = yield* firstItem(db, lane.id);
    if (first !== undefined) items.push(first);
  }
  return items;
}

/** A lane in somebody's lease, and its first item, which was just dealt with. */
export interface LeasedItem {
  readonly laneId: string;
  readonly position: number;
  readonly by: string;
}

/** An item that was dealt with, and the lease as it goes on. */
export interface DoneItem extends LeasedItem {
  readonly nowMs: number;
  readonly untilMs: number;
}

/**
 * Takes an item that was done out of its lane, lengthens the lease and answers with the next item: `undefined` where there is none, so
 * that the lane goes. Where the lease was lost meanwhile nothing happens: the item may be another one by now, or somebody does it again.
 */
export function* finishWork(db: QueryCreator<Schema>, done: DoneItem): Question<WorkItem | undefined> {
  const leased = yield* maybeOne(
    db
      .updateTable('work_lanes')
      .set({ failures: 0, due_at: done.nowMs, lease_until: done.untilMs })
      .where('id', '=', done.laneId)
      .where('lease_by', '=', done.by)
      .returning('id'),
  );
  if (leased === undefined) return undefined;
  yield* run(db.deleteFrom('work_items').where('lane_id', '=', done.laneId).where('position', '=', done.position));
  const next = yield* firstItem(db, done.laneId);
  if (next === undefined) yield* run(db.deleteFrom('work_lanes').where('id', '=', done.laneId));
  return next;
}

/** Leaves an item for later, and the lane to whoever comes then. A lease that somebody else has meanwhile stays theirs. */
export function* postponeWork(
  db: QueryCreator<Schema>,
  later: LeasedItem & { readonly failures: number; readonly dueAtMs: number },
): Question<void> {
  yield* run(
    db
      .updateTable('work_lanes')
      .set({ failures: later.failures, due_at: later.dueAtMs, lease_by: null, lease_until: 0 })
      .where('id', '=', later.laneId)
      .where('lease_by', '=', later.by),
  );
}

/** An item that is given up. */
export interface DeadItem extends DoneItem {
  readonly id: string;
  readonly reason: string;
  /** What to keep of it, without what nobody may keep. */
  readonly payload: WorkPayload;
}

/** Gives an item up: it is kept apart with the reason, and the lane goes on as after {@link finishWork}. */
export function* buryWork(db: QueryCreator<Schema>, dead: DeadItem): Question<WorkItem | undefined> {
  const item = yield* firstItem(db, dead.laneId);
  const lane = yield* maybeOne(db.selectFrom('work_lanes').select('lease_by').where('id', '=', dead.laneId));
  if (item === undefined || item.position !== dead.position || lane?.lease_by !== dead.by) return undefined;
  yield* run(
    db.insertInto('dead_work_items').values({
      id: dead.id,
      lane_id: item.laneId,
      kind: item.kind,
      payload_json: JSON.stringify(dead.payload),
      reason: dead.reason,
      failures: item.failures,
      created_at: dead.nowMs,
    }),
  );
  return yield* finishWork(db, dead);
}

function* firstItem(db: QueryCreator<Schema>, laneId: string): Question<WorkItem | undefined> {
  const row = yield* maybeOne(
    db
      .selectFrom('work_items')
      .innerJoin('work_lanes', 'work_lanes.id', 'work_items.lane_id')
      .select(['lane_id', 'position', 'kind', 'payload_json', 'failures'])
      .where('lane_id', '=', laneId)
      .orderBy('position')
      .limit(1),
  );
  return (
    row && {
      laneId: row.lane_id,
      position: row.position,
      kind: row.kind,
      payload: JSON.parse(row.payload_json) as WorkPayload,
      failures: row.failures,
    }
  );
}
