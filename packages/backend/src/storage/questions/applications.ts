import type { AccessMode } from '@calendar-connect/protocol';
import type { QueryCreator, Selectable, Updateable } from 'kysely';
import type { AuditEvent } from '../audit-event.ts';
import { readList, writeList } from '../json-list.ts';
import { prepared } from '../prepared.ts';
import { inTurn, maybeOne, type Question, rows, run } from '../question.ts';
import type { ApplicationsTable, Schema } from '../schema.ts';
import { type DataKey, insertDataKey } from '../data-key-row.ts';
import { recordAudit } from './audit.ts';
import { findOwnClient, type NewOwnClient, retireOwnClient, useOwnClient } from './provider-clients.ts';

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
  /** Ids of the providers it offers, in their order; empty: all that the backend has. */
  readonly providers: readonly string[];
  /** The access mode that is marked when a chooser opens. */
  readonly defaultAccessMode: AccessMode | undefined;
  readonly branding: Branding;
  readonly invitations: InvitationSender;
}

/** How hosted pages and choosers look for an application. */
export interface Branding {
  /** `#rrggbb`. */
  readonly accentColor: string | undefined;
  /** Where the application says what it does with calendars. */
  readonly privacyUrl: string | undefined;
}

/** Whom an application's invitations are from. */
export interface InvitationSender {
  readonly organizerName: string | undefined;
  readonly organizerEmail: string | undefined;
  /** Where people's answers go. */
  readonly replyTo: string | undefined;
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
    providers: readList(row.providers_json),
    defaultAccessMode: (row.default_access_mode ?? undefined) as AccessMode | undefined,
    branding: {
      accentColor: row.accent_color ?? undefined,
      privacyUrl: row.privacy_url ?? undefined,
    },
    invitations: {
      organizerName: row.organizer_name ?? undefined,
      organizerEmail: row.organizer_email ?? undefined,
      replyTo: row.reply_to ?? undefined,
    },
  };
}

/** An application as it is registered. */
export interface NewApplicationRow extends Application {
  /** A picture, as a `data:` address. */
  readonly logo?: string | undefined;
  readonly audit?: AuditEvent | undefined;
}

/** Stores a new application and the data key that seals what belongs to no account of it yet. */
export function* insertApplication(db: QueryCreator<Schema>, application: NewApplicationRow, dataKey: DataKey): Question<void> {
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
      providers_json: writeList(application.providers),
      default_access_mode: application.defaultAccessMode ?? null,
      accent_color: application.branding.accentColor ?? null,
      privacy_url: application.branding.privacyUrl ?? null,
      organizer_name: application.invitations.organizerName ?? null,
      organizer_email: application.invitations.organizerEmail ?? null,
      reply_to: application.invitations.replyTo ?? null,
    }),
  );
  yield* insertDataKey(db, dataKey);
  if (application.logo !== undefined) yield* setLogo(db, application.id, application.logo);
  if (application.audit !== undefined) yield* recordAudit(db, application.audit);
}

/** What may change of an application after it was registered; what is absent stays, and `null` takes away. */
export interface ApplicationChange {
  readonly name?: string | undefined;
  readonly redirectUris?: readonly string[] | undefined;
  readonly origins?: readonly string[] | undefined;
  readonly accessModes?: readonly AccessMode[] | undefined;
  readonly defaultAccessMode?: AccessMode | null | undefined;
  readonly providers?: readonly string[] | undefined;
  readonly scope?: string | undefined;
  readonly accentColor?: string | null | undefined;
  /** A picture, as a `data:` address. */
  readonly logo?: string | null | undefined;
  readonly privacyUrl?: string | null | undefined;
  readonly organizerName?: string | null | undefined;
  readonly organizerEmail?: string | null | undefined;
  readonly replyTo?: string | null | undefined;
  readonly notificationUrl?: string | null | undefined;
  readonly secretSealed?: string | undefined;
  readonly mailsApprovals?: boolean | undefined;
}

function columnsOf(change: ApplicationChange): Updateable<ApplicationsTable> {
  const columns = {
    name: change.name,
    redirect_uris_json: change.redirectUris && writeList(change.redirectUris),
    origins_json: change.origins && writeList(change.origins),
    access_modes_json: change.accessModes && writeList(change.accessModes),
    default_access_mode: change.defaultAccessMode,
    providers_json: change.providers && writeList(change.providers),
    scope: change.scope,
    accent_color: change.accentColor,
    privacy_url: change.privacyUrl,
    organizer_name: change.organizerName,
    organizer_email: change.organizerEmail,
    reply_to: change.replyTo,
    notification_url: change.notificationUrl,
    secret_sealed: change.secretSealed,
    mails_approvals: change.mailsApprovals === undefined ? undefined : change.mailsApprovals ? 1 : 0,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

/** A change, once it is known what it changes. */
export interface DecidedChange {
  readonly change: ApplicationChange;
  readonly audit?: AuditEvent | undefined;
}

/**
 * Changes an application by what it is at that moment; `undefined` where there is none of this id. Nobody else changes it in between, so that
 * fields which have to agree do. What `decide` throws leaves everything as it was.
 */
export function* changeApplication(
  db: QueryCreator<Schema>,
  id: string,
  decide: (current: Application) => DecidedChange,
): Question<Application | undefined> {
  yield* inTurn(`application:${id}`);
  const current = yield* findApplication(db, id);
  if (current === undefined) return undefined;
  const { change, audit } = decide(current);
  if (audit !== undefined) yield* recordAudit(db, audit);
  return yield* updateApplication(db, id, change);
}

function* updateApplication(db: QueryCreator<Schema>, id: string, change: ApplicationChange): Question<Application | undefined> {
  // A statement that sets nothing is none, so it sets the id.
  const row = yield* maybeOne(
    db
      .updateTable('applications')
      .set({ id, ...columnsOf(change) })
      .where('id', '=', id)
      .returningAll(),
  );
  if (row === undefined) return undefined;
  if (change.logo === null) yield* run(db.deleteFrom('application_logos').where('application_id', '=', id));
  else if (change.logo !== undefined) yield* setLogo(db, id, change.logo);
  return rowToApplication(row);
}

function* setLogo(db: QueryCreator<Schema>, applicationId: string, logo: string): Question<void> {
  yield* run(
    db
      .insertInto('application_logos')
      .values({ application_id: applicationId, logo })
      .onConflict((conflict) => conflict.column('application_id').doUpdateSet({ logo })),
  );
}

/** An application's picture, as a `data:` address; `undefined` where it has none. */
export function* findLogo(db: QueryCreator<Schema>, applicationId: string): Question<string | undefined> {
  const row = yield* maybeOne(db.selectFrom('application_logos').select('logo').where('application_id', '=', applicationId));
  return row?.logo;
}

/** Lets an application's new connections at a provider use a client of its own: {@link useOwnClient}. */
export function* setOwnClient(db: QueryCreator<Schema>, client: NewOwnClient, audit: AuditEvent | undefined): Question<void> {
  yield* useOwnClient(db, client);
  if (audit !== undefined) yield* recordAudit(db, audit);
}

/** Lets an application's new connections at a provider use the operator's client again. Answers whether it had one of its own. */
export function* removeOwnClient(
  db: QueryCreator<Schema>,
  client: { readonly applicationId: string; readonly provider: string; readonly nowMs: number },
  audit: AuditEvent | undefined,
): Question<boolean> {
  yield* inTurn(`provider_client:${client.applicationId}:${client.provider}`);
  if ((yield* findOwnClient(db, client)) === undefined) return false;
  yield* retireOwnClient(db, client);
  if (audit !== undefined) yield* recordAudit(db, audit);
  return true;
}

const selectById = prepared((db, { id }: { id: string }) => db.selectFrom('applications').selectAll().where('id', '=', id));

/** Finds an application by its `client_id`. */
export function* findApplication(db: QueryCreator<Schema>, id: string): Question<Application | undefined> {
  const row = yield* maybeOne(selectById(db, { id }));
  return row && rowToApplication(row);
}

/** Finds the application that a client secret belongs to: where it comes as Bearer, no `client_id` comes along. */
export function* findApplicationBySecret(db: QueryCreator<Schema>, secretHash: string): Question<Application | undefined> {
  const row = yield* maybeOne(db.selectFrom('applications').selectAll().where('secret_hash', '=', secretHash));
  return row && rowToApplication(row);
}

/** All applications, oldest first. */
export function* listApplications(db: QueryCreator<Schema>): Question<Application[]> {
  return (yield* rows(db.selectFrom('applications').selectAll().orderBy('created_at').orderBy('id'))).map(rowToApplication);
}
