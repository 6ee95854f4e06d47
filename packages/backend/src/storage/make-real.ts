import type { QueryCreator } from 'kysely';
import { changeProfile } from './change-profile.ts';
import { IN_PROFILE } from './pending-values.ts';
import { type ProfileSummary, rowToProfileSummary } from './profile-row.ts';
import { maybeOne, one, type Question, run } from './question.ts';
import {
  changeEmail,
  connectNewProfile,
  endPendingConnection,
  type PendingProfile,
  selectPendingProfile,
  selectProfile,
  type TakenCode,
} from './redeem-statements.ts';
import type { Schema } from './schema.ts';

/** A connection that stands. */
export interface RealConnection {
  readonly profile: ProfileSummary;
  /** What the profile had before waits to be given back. */
  readonly givesBack: boolean;
}

/** Which connection becomes real, and whose it is. */
type Connecting = Pick<TakenCode, 'session_id' | 'account_id'>;

/** Turns a pending connection into a standing one, which takes over the new credential. */
export function* makeReal(db: QueryCreator<Schema>, code: Connecting, nowMs: number): Question<RealConnection> {
  const pending = yield* one(selectPendingProfile(db, { sessionId: code.session_id }));
  return yield* connectPending(db, { pending, code, nowMs });
}

/** As {@link makeReal}, where what is pending was read already. */
export function* connectPending(
  db: QueryCreator<Schema>,
  { pending, code, nowMs }: { pending: PendingProfile; code: Connecting; nowMs: number },
): Question<RealConnection> {
  const isNew = pending.credential_sealed === IN_PROFILE && pending.status === 'pending';
  if (isNew) yield* run(connectNewProfile(db, { id: pending.id }));
  const real = isNew ? { profile: rowToProfileSummary(pending), givesBack: false } : yield* changeProfile(db, code.session_id, nowMs);
  yield* run(endPendingConnection(db, { sessionId: code.session_id }));
  if (pending.email !== null) yield* run(changeEmail(db, { accountId: code.account_id, email: pending.email }));
  return real;
}

/** The connection that a receipt was given for. */
export function* findProfile(db: QueryCreator<Schema>, id: string): Question<RealConnection | undefined> {
  const row = yield* maybeOne(selectProfile(db, { id }));
  return row && { profile: rowToProfileSummary(row), givesBack: false };
}
