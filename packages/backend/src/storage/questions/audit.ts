import type { QueryCreator } from 'kysely';
import type { AuditEvent, AuditEventName } from '../audit-event.ts';
import { prepared } from '../prepared.ts';
import { type Question, rows, run } from '../question.ts';
import type { Schema } from '../schema.ts';

/** Which events to read. */
export interface AuditQuery {
  /** Of this application only. */
  readonly applicationId?: string | undefined;
  /** At most so many. */
  readonly limit: number;
}

/** The newest events, newest first. */
export function* auditTrail(db: QueryCreator<Schema>, query: AuditQuery): Question<AuditEvent[]> {
  const newest = db.selectFrom('audit_events').selectAll().orderBy('position', 'desc').limit(query.limit);
  const found = yield* rows(query.applicationId === undefined ? newest : newest.where('application_id', '=', query.applicationId));
  return found.map((row) => ({
    id: row.id,
    // Written by recordAudit from the same type.
    event: row.event as AuditEventName,
    applicationId: row.application_id ?? undefined,
    accountId: row.account_id ?? undefined,
    subjectId: row.subject_id ?? undefined,
    detail: row.detail ?? undefined,
  }));
}

interface AuditValues {
  readonly id: string;
  readonly event: string;
  readonly applicationId: string | null;
  readonly accountId: string | null;
  readonly subjectId: string | null;
  readonly detail: string | null;
}

const insert = prepared((db, values: AuditValues) =>
  db.insertInto('audit_events').values({
    id: values.id,
    event: values.event,
    application_id: values.applicationId,
    account_id: values.accountId,
    subject_id: values.subjectId,
    detail: values.detail,
  }),
);

/** Writes one event, in the transaction of what it tells of. */
export function* recordAudit(db: QueryCreator<Schema>, event: AuditEvent): Question<void> {
  yield* run(
    insert(db, {
      id: event.id,
      event: event.event,
      applicationId: event.applicationId ?? null,
      accountId: event.accountId ?? null,
      subjectId: event.subjectId ?? null,
      detail: event.detail ?? null,
    }),
  );
}
