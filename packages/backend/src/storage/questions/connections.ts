import type { AccessMode, SessionState } from '@calendar-connect/protocol';
import type { QueryCreator } from 'kysely';
import { STANDING_STATUSES } from '../profile-row.ts';
import { inTurn, maybeOne, one, type Question, run } from '../question.ts';
import type { Schema } from '../schema.ts';
import { rowToSession, type Session, TRIP_STATES } from '../session-row.ts';
import { giveBackWork } from '../give-back-work.ts';
import { putCredential } from '../credential-row.ts';
import { insertGrant, RESERVED } from '../grant-row.ts';
import { IN_PROFILE, NO_CREDENTIAL } from '../pending-values.ts';
import { eraseAddressCheck } from './address-checks.ts';
import { closeApproval } from './admin-approvals.ts';
import { addWork } from './work.ts';
import { type DataKey, findDataKey, insertDataKey } from '../data-key-row.ts';

/** A connection as it comes back from a provider. */
export interface NewConnection {
  readonly sessionId: string;
  readonly provider: string;
  readonly providerClientId: string;
  readonly subject: string;
  readonly accessMode: AccessMode;
  readonly providerName: string;
  readonly providerService: string;
  readonly providerProtocol?: string | undefined;
  /** Whether the person has shown on our own page who they are, and was nowhere else. */
  readonly onOwnPage?: boolean;
  readonly name: string;
  readonly email: string | undefined;
  /** Used only where they do not exist yet; data key and grant only together with a new account. */
  readonly candidate: { readonly accountId: string; readonly profileId: string; readonly grantId: string; readonly dataKey: DataKey };
  /** Seals credential and calendars for the profile and under the data key that they turn out to belong to. No credential: the mode needs none. */
  readonly seal: (dataKey: DataKey, profileId: string) => { readonly credential: string | undefined; readonly calendars: string };
  /** When the provider told the calendars; 0 where it did not, so that it is asked again soon. */
  readonly calendarsAtMs: number;
  readonly nowMs: number;
  /** When the connection is given back, if nobody has redeemed its code by then. */
  readonly pendingUntilMs: number;
}

/**
 * Ends a session as connected, with a connection that is pending until its code is redeemed. A connection that stands already keeps
 * its old credential until then. Answers with the session, or `undefined` where it had ended meanwhile.
 */
export function* connectSession(db: QueryCreator<Schema>, connection: NewConnection): Question<Session | undefined> {
  // Two sessions in which one person logs in for the first time, at the same instant, are to find one account.
  yield* inTurn(`connect:${connection.provider}:${connection.subject}`);
  const session = yield* sessionToConnect(db, connection);
  if (session === undefined) return undefined;
  const replaced = yield* profileToReplace(db, session, connection);
  const { dataKey, isNew } = yield* accountFor(db, { session, replaced }, connection);
  const accountId = dataKey.ownerId;
  if (session.locale !== undefined) yield* run(db.updateTable('accounts').set({ locale: session.locale }).where('id', '=', accountId));
  const { profileId, sealed } = yield* profileFor(db, { dataKey, session, replaced }, connection);
  yield* run(
    db.insertInto('pending_connections').values({
      session_id: connection.sessionId,
      profile_id: profileId,
      provider: connection.provider,
      provider_client_id: connection.providerClientId,
      subject: connection.subject,
      access_mode: connection.accessMode,
      provider_name: connection.providerName,
      provider_service: connection.providerService,
      provider_protocol: connection.providerProtocol ?? null,
      name: connection.name,
      // A new account has it already.
      email: isNew ? null : (connection.email ?? null),
      credential_sealed: sealed === undefined ? IN_PROFILE : (sealed.credential ?? NO_CREDENTIAL),
      calendars_sealed: sealed?.calendars ?? IN_PROFILE,
      calendars_at: connection.calendarsAtMs,
      expires_at: connection.pendingUntilMs,
    }),
  );
  yield* addWork(db, giveBackWork({ from: 'pending', sessionId: connection.sessionId }, connection.nowMs, connection.pendingUntilMs));
  const row = yield* one(
    db
      .updateTable('sessions')
      .set((eb) => ({
        state: 'connected',
        version: eb('version', '+', 1),
        account_id: accountId,
        profile_id: profileId,
        expires_at: connection.pendingUntilMs,
        // What went wrong before did not stay so.
        failure_reason: null,
        failure_code: null,
        // The trip is over: nobody needs what it was made of.
        provider_nonce: null,
        provider_state_sealed: null,
        provider_verifier_sealed: null,
      }))
      .where('id', '=', connection.sessionId)
      .returningAll(),
  );
  if (connection.accessMode === 'no_access') yield* eraseAddressCheck(db, connection.sessionId);
  if (row.admin_approval_id !== null) yield* closeApproval(db, { id: row.admin_approval_id, nowMs: connection.nowMs });
  return rowToSession(row);
}

function* sessionToConnect(db: QueryCreator<Schema>, connection: NewConnection): Question<Session | undefined> {
  const alive = yield* maybeOne(
    db
      .selectFrom('sessions')
      .selectAll()
      .where('id', '=', connection.sessionId)
      .where('state', 'in', statesBefore(connection))
      .$if(connection.onOwnPage === true, (query) =>
        query.where('provider', '=', connection.provider).where('access_mode', '=', connection.accessMode),
      ),
  );
  return alive && rowToSession(alive);
}

/** A provider's answer that comes after the person chose to go on with our own page instead connects nothing, and the other way round. */
function statesBefore({ accessMode, onOwnPage }: NewConnection): readonly SessionState[] {
  return accessMode === 'no_access' || onOwnPage === true ? ['needs_credentials'] : TRIP_STATES;
}

/** A profile whose place a connection takes, and the account that it belongs to. */
interface Replaced {
  readonly id: string;
  readonly accountId: string;
}

/**
 * The profile that the session was minted to change. Or the one that its page has, where that comes to be one without a provider, or was one: these
 * are the same person's, though no login shows it.
 */
function* profileToReplace(db: QueryCreator<Schema>, session: Session, connection: NewConnection): Question<Replaced | undefined> {
  const { forProfile, forAccount, changesProfile } = session;
  if (forProfile !== undefined && forAccount !== undefined) return { id: forProfile, accountId: forAccount };
  if (changesProfile === undefined) return undefined;
  const row = yield* maybeOne(
    db
      .selectFrom('profiles')
      .select(['id', 'account_id', 'access_mode'])
      .where('id', '=', changesProfile)
      .where('application_id', '=', session.applicationId)
      .where('status', 'in', STANDING_STATUSES),
  );
  const withoutProvider = row !== undefined && [row.access_mode, connection.accessMode].filter((mode) => mode === 'no_access').length === 1;
  // Where this very login stands already, it is that one which is connected again: no login is ever there twice.
  if (!withoutProvider || (yield* profileOfLogin(db, row.account_id, connection)) !== undefined) return undefined;
  return { id: row.id, accountId: row.account_id };
}

/**
 * Whose connection it is: the account that the session was minted for; else the person whom the partner's server named; else the one who connected
 * this very login before, if no partner's server ever named them; else somebody new. Who chooses another mode stays who they are: what they share
 * now takes the place of what they shared before, and no token shows more than that. Answers with that account's data key.
 */
function* accountFor(
  db: QueryCreator<Schema>,
  { session, replaced }: { session: Session; replaced: Replaced | undefined },
  connection: NewConnection,
): Question<{ dataKey: DataKey; isNew: boolean }> {
  const known = replaced === undefined ? yield* knownAccount(db, session, connection) : { id: replaced.accountId };
  if (known !== undefined) return { dataKey: yield* findDataKey(db, known.id), isNew: false };
  yield* run(
    db.insertInto('accounts').values({
      id: connection.candidate.accountId,
      application_id: session.applicationId,
      end_user: session.endUser ?? null,
      email: connection.email ?? null,
      created_at: connection.nowMs,
      locale: session.locale ?? null,
    }),
  );
  yield* insertDataKey(db, connection.candidate.dataKey);
  yield* run(
    insertGrant(db, {
      id: connection.candidate.grantId,
      applicationId: session.applicationId,
      accountId: connection.candidate.accountId,
      scope: session.scope,
      refreshHash: RESERVED,
      nowMs: connection.nowMs,
    }),
  );
  return { dataKey: connection.candidate.dataKey, isNew: true };
}

function* knownAccount(db: QueryCreator<Schema>, session: Session, connection: NewConnection): Question<{ id: string } | undefined> {
  if (session.forAccount !== undefined) return { id: session.forAccount };
  if (session.endUser === undefined) return yield* accountOfLogin(db, session.applicationId, connection);
  return yield* maybeOne(
    db.selectFrom('accounts').select('id').where('application_id', '=', session.applicationId).where('end_user', '=', session.endUser),
  );
}

function* accountOfLogin(db: QueryCreator<Schema>, applicationId: string, login: NewConnection): Question<{ id: string } | undefined> {
  return yield* maybeOne(
    db
      .selectFrom('profiles')
      .innerJoin('accounts', 'accounts.id', 'profiles.account_id')
      .select('accounts.id')
      .where('profiles.provider', '=', login.provider)
      .where('profiles.subject', '=', login.subject)
      .where('profiles.application_id', '=', applicationId)
      .where('accounts.end_user', 'is', null)
      // Older ones may have several, one in each mode.
      .orderBy((eb) => eb.case().when('profiles.access_mode', '=', login.accessMode).then(0).else(1).end())
      .orderBy('profiles.created_at')
      .orderBy('profiles.id')
      .limit(1),
  );
}

/** What a connection brings, sealed. */
type Sealed = ReturnType<NewConnection['seal']>;

/**
 * The profile of the connection. One that stands already keeps its own credential, and the new one is handed back; a new one has it from the
 * beginning, since nobody sees a pending profile: a row that grew when its code is redeemed would cost as much again as everything else then.
 */
function* profileFor(
  db: QueryCreator<Schema>,
  { dataKey, session, replaced }: { dataKey: DataKey; session: Session; replaced: Replaced | undefined },
  connection: NewConnection,
): Question<{ profileId: string; sealed: Sealed | undefined }> {
  const standing = replaced ?? (yield* profileOfLogin(db, dataKey.ownerId, connection));
  if (standing !== undefined) {
    yield* takeOutOfProfile(db, standing.id);
    return { profileId: standing.id, sealed: connection.seal(dataKey, standing.id) };
  }
  const profileId = connection.candidate.profileId;
  const sealed = connection.seal(dataKey, profileId);
  yield* run(
    db.insertInto('profiles').values({
      id: profileId,
      account_id: dataKey.ownerId,
      application_id: session.applicationId,
      provider: connection.provider,
      provider_client_id: connection.providerClientId,
      subject: connection.subject,
      access_mode: connection.accessMode,
      provider_name: connection.providerName,
      provider_service: connection.providerService,
      provider_protocol: connection.providerProtocol ?? null,
      name: connection.name,
      status: 'pending',
      credential_version: 0,
      calendars_sealed: sealed.calendars,
      calendars_at: connection.calendarsAtMs,
      created_at: connection.nowMs,
      refresh_lease_by: null,
      refresh_lease_until: 0,
      refresh_not_before: 0,
      kind: session.purpose,
    }),
  );
  yield* putCredential(db, profileId, sealed.credential ?? null);
  return { profileId, sealed: undefined };
}

function* profileOfLogin(db: QueryCreator<Schema>, accountId: string, login: NewConnection): Question<{ id: string } | undefined> {
  return yield* maybeOne(
    db
      .selectFrom('profiles')
      .select('id')
      .where('account_id', '=', accountId)
      .where('provider', '=', login.provider)
      .where('subject', '=', login.subject)
      .orderBy((eb) => eb.case().when('access_mode', '=', login.accessMode).then(0).else(1).end())
      .orderBy('created_at')
      .orderBy('id')
      .limit(1),
  );
}

/**
 * From the second connection on each holds its own values: once one of them is redeemed, what the profile has is no longer what another one
 * brought, and after a revocation it is nothing.
 */
function* takeOutOfProfile(db: QueryCreator<Schema>, profileId: string): Question<void> {
  yield* run(
    db
      .updateTable('pending_connections')
      .set((eb) => ({
        credential_sealed: eb.fn.coalesce(
          eb.selectFrom('credentials').select('credentials.credential_sealed').where('profile_id', '=', profileId),
          eb.val(IN_PROFILE),
        ),
        calendars_sealed: eb.fn.coalesce(
          eb.selectFrom('profiles').select('profiles.calendars_sealed').where('id', '=', profileId),
          eb.val(IN_PROFILE),
        ),
      }))
      .where('profile_id', '=', profileId)
      .where('credential_sealed', '=', IN_PROFILE),
  );
}
