import type { QueryCreator } from 'kysely';
import { giveBackWork } from '../give-back-work.ts';
import { isGranted } from '../grant-row.ts';
import { makeReal } from '../make-real.ts';
import { type Profile, STANDING_STATUSES } from '../profile-row.ts';
import { maybeOne, one, type Question } from '../question.ts';
import type { Schema } from '../schema.ts';
import type { Session } from '../session-row.ts';
import { recordAudit } from './audit.ts';
import { connectSession, type NewConnection } from './connections.ts';
import { addWork } from './work.ts';

/**
 * Ends a session as connected to a conferencing service. There is no code to redeem, because the application is authorized for the account
 * already: the connection is real at once. Answers with the session, or `undefined` where it had ended meanwhile.
 *
 * @throws StorageError `not_found` where the application is not authorized any longer: nobody could ever take such a connection back
 */
export function* connectConferencing(db: QueryCreator<Schema>, connection: NewConnection): Question<Session | undefined> {
  // By what address somebody is known to a conferencing service says nothing of the account.
  const session = yield* connectSession(db, { ...connection, email: undefined });
  if (session?.accountId === undefined) return undefined;
  const { id, accountId, applicationId } = session;
  yield* makeReal(db, { session_id: id, account_id: accountId }, connection.nowMs);
  // Written without a change: a revocation at the same instant must meet this row, or it would end the grant and miss the profile.
  yield* one(
    db
      .updateTable('grants')
      .set((eb) => ({ scope: eb.ref('grants.scope') }))
      .where('account_id', '=', accountId)
      .where('application_id', '=', applicationId)
      .where(isGranted)
      .returning('id'),
  );
  return session;
}

/** An account that a conferencing service is about to be connected to, as its person knows it. */
export interface AccountToConnect {
  readonly accountId: string;
  /** Its address, or the name of the login that it was made with. */
  readonly person: string;
}

/** The account of an application that is authorized for it; `undefined` where it is not, or not any longer. */
export function* findAccountToConnect(
  db: QueryCreator<Schema>,
  account: { readonly id: string; readonly applicationId: string },
): Question<AccountToConnect | undefined> {
  const row = yield* maybeOne(
    db
      .selectFrom('accounts')
      .innerJoin('grants', (join) =>
        join.onRef('grants.account_id', '=', 'accounts.id').onRef('grants.application_id', '=', 'accounts.application_id'),
      )
      .leftJoin('profiles', (join) => join.onRef('profiles.account_id', '=', 'accounts.id').on('profiles.kind', '=', 'calendar'))
      .select(['accounts.id', 'accounts.email', 'profiles.name'])
      .where('accounts.id', '=', account.id)
      .where('accounts.application_id', '=', account.applicationId)
      .where(isGranted)
      .orderBy('profiles.created_at')
      .orderBy('profiles.id')
      .limit(1),
  );
  return row && { accountId: row.id, person: row.email ?? row.name ?? row.id };
}

/** A profile whose connection is to end. */
export interface ProfileToRevoke {
  readonly profileId: string;
  /** Whose it has to be. */
  readonly accountId: string;
  readonly applicationId: string;
  readonly nowMs: number;
  /** The id of the audit event that tells of it. */
  readonly auditId: string;
}

/**
 * Ends the connection of one profile; its credential waits to be given back. The account and what is authorized on it stay. Answers `false`
 * where the account has no such profile; one that was revoked before is revoked.
 */
export function* revokeProfile(db: QueryCreator<Schema>, { profileId, accountId, nowMs, ...by }: ProfileToRevoke): Question<boolean> {
  const revoked: Profile['status'] = 'revoked';
  const profile = yield* maybeOne(
    db
      .updateTable('profiles')
      .set({ status: revoked })
      .where('id', '=', profileId)
      .where('account_id', '=', accountId)
      .where('status', 'in', STANDING_STATUSES)
      .returning('id'),
  );
  if (profile === undefined) {
    const before = db.selectFrom('profiles').select('id').where('id', '=', profileId).where('account_id', '=', accountId);
    return (yield* maybeOne(before.where('status', '=', revoked))) !== undefined;
  }
  yield* addWork(db, giveBackWork({ from: 'profile', profileId }, nowMs));
  yield* recordAudit(db, { id: by.auditId, event: 'profile_revoked', applicationId: by.applicationId, accountId, subjectId: profileId });
  return true;
}
