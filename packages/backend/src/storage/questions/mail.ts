import type { QueryCreator } from 'kysely';
import type { AdminApproval } from '../admin-approval-row.ts';
import { approvalMailWork } from '../mail-work.ts';
import { maybeOne, type Question, rows, run } from '../question.ts';
import type { Schema } from '../schema.ts';
import { rowToSession, type Session } from '../session-row.ts';
import { addWork } from './work.ts';

/** Anybody can wait under any address, so one decision must not be a way to write to any number of people. */
const MAX_MAILS_PER_DECISION = 500;

/**
 * Notes who is to be told by mail that they can go on, in the transaction of the decision itself: those who waited longest, up to 500, where
 * their application wants it and they gave an address. Answers with how many.
 */
export function* addApprovalMails(db: QueryCreator<Schema>, approvals: readonly AdminApproval[], nowMs: number): Question<number> {
  const addressed = approvals.flatMap(({ id, applicationId, email, organisation }) =>
    email?.includes('@') && organisation !== undefined ? [{ approvalId: id, applicationId, organisation }] : [],
  );
  if (addressed.length === 0) return 0;
  const applicationIds = [...new Set(addressed.map(({ applicationId }) => applicationId))];
  const mailing = yield* rows(
    db.selectFrom('applications').select('id').where('id', 'in', applicationIds).where('mails_approvals', '=', 1),
  );
  const ids = new Set(mailing.map(({ id }) => id));
  const mailed = addressed
    .filter(({ applicationId }) => ids.has(applicationId))
    // Ids begin with their time. It is also one order of lanes for everybody: two questions that take them the other way round would wait
    // for each other.
    .toSorted((a, b) => (a.approvalId < b.approvalId ? -1 : 1))
    .slice(0, MAX_MAILS_PER_DECISION);
  for (const approved of mailed) yield* addWork(db, approvalMailWork(approved, nowMs));
  return mailed.length;
}

/** The sessions that wait, or waited, for an approval, newest first. */
export function* sessionsOfApproval(db: QueryCreator<Schema>, approvalId: string): Question<Session[]> {
  const found = yield* rows(db.selectFrom('sessions').selectAll().where('admin_approval_id', '=', approvalId).orderBy('id', 'desc'));
  return found.map(rowToSession);
}

/** A mail that wants to leave. */
export interface MailClaim {
  /** What it may be one too many of, such as an address. The shortest names of it that are no address themselves: hashes and ids. */
  readonly subjects: readonly string[];
  /** Names the mail: its own claim is no obstacle to it. */
  readonly item: string;
  readonly nowMs: number;
  /** Claims of this time and before count no longer. */
  readonly forgetBeforeMs: number;
}

/**
 * Claims the right to send a mail. `false`: another mail has claimed one of its subjects, or this one was settled already. A claim lasts from
 * the last attempt, so that no two mails leave within the time, however long one of them is under way.
 */
export function* claimMail(db: QueryCreator<Schema>, claim: MailClaim): Question<boolean> {
  yield* run(db.deleteFrom('mail_claims').where('claimed_at', '<=', claim.forgetBeforeMs));
  for (const subject of claim.subjects.toSorted()) {
    const claimed = yield* maybeOne(
      db
        .insertInto('mail_claims')
        .values({ subject, item: claim.item, claimed_at: claim.nowMs, settled_at: null })
        .onConflict((conflict) =>
          conflict
            .column('subject')
            .doUpdateSet({ claimed_at: claim.nowMs })
            .where('mail_claims.item', '=', claim.item)
            .where('mail_claims.settled_at', 'is', null),
        )
        .returning('subject'),
    );
    if (claimed === undefined) return false;
  }
  return true;
}

/** Notes that a mail was sent, or refused for good: it is not sent again, and its subjects stay claimed. */
export function* settleMail(db: QueryCreator<Schema>, { item, nowMs }: Pick<MailClaim, 'item' | 'nowMs'>): Question<void> {
  yield* run(db.updateTable('mail_claims').set({ settled_at: nowMs }).where('item', '=', item));
}
