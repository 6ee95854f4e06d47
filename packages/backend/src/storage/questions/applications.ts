import type { AccessMode } from '@calendar-connect/protocol';
import type { Kysely, Selectable } from 'kysely';
import { readList, writeList } from '../json-list.ts';
import { prepared } from '../prepared.ts';
import { maybeOne, one, type Question, rows, run } from '../question.ts';
import type { ApplicationsTable, Schema } from '../schema.ts';
import { type DataKey, insertDataKey } from '../data-key-row.ts';

/** A partner's registered client. */
export interface Application {
  /** `client_id` on the wire. */
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the client secret. */
  readonly secretHash: string;
  readonly redirectUris: readonly string[];
  readonly origins: readonly string[];
  readonly accessModes: readonly AccessMode[];
  /** What a session asks for where it names no scope. */
  readonly scope: string;
  readonly createdAtMs: number;
  /** Where the partner's server is told of what happens, where it wants to be. */
  readonly notificationUrl: string | undefined;
  /** The client secret, which notifications are signed with; `undefined` where only its hash was kept. */
  readonly secretSealed: string | undefined;
  /** Whether people who waited for an administrator get a mail when they can go on. */
  readonly mailsApprovals: boolean;
}

function rowToApplication(row: Selectable<ApplicationsTable>): Application {
  return {
    id: row.id,
    name: row.name,
    secretHash: row.secret_hash,
    redirectUris: readList(row.redirect_uris_json),
    origins: readList(row.origins_json),
    // Written by insertApplication from the same type.
    accessModes: readList(row.access_modes_json) as AccessMode[],
    scope: row.scope,
    createdAtMs: row.created_at,
    notificationUrl: row.notification_url ?? undefined,
    secretSealed: row.secret_sealed ?? undefined,
    mailsApprovals: row.mails_approvals === 1,
  };
}

/** Stores a new application and the data key that seals what belongs to no account of it yet. */
export function* insertApplication(db: Kysely<Schema>, application: Application, dataKey: DataKey): Question<void> {
  yield* run(
    db.insertInto('applications').values({
      id: application.id,
      name: application.name,
      secret_hash: application.secretHash,
      redirect_uris_json: writeList(application.redirectUris),
      origins_json: writeList(application.origins),
      access_modes_json: writeList(application.accessModes),
      scope: application.scope,
      created_at: application.createdAtMs,
      notification_url: application.notificationUrl ?? null,
      secret_sealed: application.secretSealed ?? null,
      mails_approvals: application.mailsApprovals ? 1 : 0,
    }),
  );
  yield* insertDataKey(db, dataKey);
}

/** What may change of an application after it was registered; what is absent stays. */
export interface ApplicationChange {
  /** `null`: nowhere any longer. */
  readonly notificationUrl?: string | null;
  readonly secretSealed?: string;
  readonly mailsApprovals?: boolean;
}

/** Changes an application; `undefined` where there is none of this id. */
export function* updateApplication(db: Kysely<Schema>, id: string, change: ApplicationChange): Question<Application | undefined> {
  const row = yield* maybeOne(
    db
      .updateTable('applications')
      .set({
        // A statement that sets nothing is none.
        id,
        ...(change.notificationUrl === undefined ? {} : { notification_url: change.notificationUrl }),
        ...(change.secretSealed === undefined ? {} : { secret_sealed: change.secretSealed }),
        ...(change.mailsApprovals === undefined ? {} : { mails_approvals: change.mailsApprovals ? 1 : 0 }),
      })
      .where('id', '=', id)
      .returningAll(),
  );
  return row && rowToApplication(row);
}

const selectById = prepared((db, { id }: { id: string }) => db.selectFrom('applications').selectAll().where('id', '=', id));

/** Finds an application by its `client_id`. */
export function* findApplication(db: Kysely<Schema>, id: string): Question<Application | undefined> {
  const row = yield* maybeOne(selectById(db, { id }));
  return row && rowToApplication(row);
}

/** Finds the application that a client secret belongs to: where it comes as Bearer, no `client_id` comes along. */
export function* findApplicationBySecret(db: Kysely<Schema>, secretHash: string): Question<Application | undefined> {
  const row = yield* maybeOne(db.selectFrom('applications').selectAll().where('secret_hash', '=', secretHash));
  return row && rowToApplication(row);
}

/** All applications, oldest first. */
export function* listApplications(db: Kysely<Schema>): Question<Application[]> {
  return (yield* rows(db.selectFrom('applications').selectAll().orderBy('created_at').orderBy('id'))).map(rowToApplication);
}

/** Our id of the operator's own client at a provider; registers it when it is met for the first time. */
export function* ensureOperatorClient(
  db: Kysely<Schema>,
  client: { candidateId: string; provider: string; clientId: string },
): Question<string> {
  yield* run(
    db
      .insertInto('provider_clients')
      .values({ id: client.candidateId, application_id: null, provider: client.provider, client_id: client.clientId })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const row = yield* one(
    db
      .selectFrom('provider_clients')
      .select('id')
      .where('provider', '=', client.provider)
      .where('client_id', '=', client.clientId)
      .where('application_id', 'is', null),
  );
  return row.id;
}
