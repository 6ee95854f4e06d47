import type { QueryCreator } from 'kysely';
import { type Notification, notificationWork } from '../notification-work.ts';
import { type Question, rows } from '../question.ts';
import type { Schema } from '../schema.ts';
import { addWork } from './work.ts';

/**
 * Notes what partners' servers are to be told, in the transaction of the change itself. Answers with how many notifications there are to
 * deliver: an application without a notification URL gets none, also where it names one later.
 */
export function* addNotifications(db: QueryCreator<Schema>, notifications: readonly Notification[]): Question<number> {
  const applicationIds = [...new Set(notifications.map(({ applicationId }) => applicationId))];
  if (applicationIds.length === 0) return 0;
  const listening = yield* rows(
    db.selectFrom('applications').select('id').where('id', 'in', applicationIds).where('notification_url', 'is not', null),
  );
  const ids = new Set(listening.map(({ id }) => id));
  // Lanes in one order for everybody: two questions that take them the other way round would wait for each other.
  const told = notifications
    .filter(({ applicationId }) => ids.has(applicationId))
    .toSorted((a, b) => (a.applicationId < b.applicationId ? -1 : Number(a.applicationId > b.applicationId)));
  for (const notification of told) yield* addWork(db, notificationWork(notification));
  return told.length;
}
