import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely';
import { IN_PROFILE } from './pending-values.ts';
import { prepared, type Statement } from './prepared.ts';
import type { CodesTable, DataKeysTable, PendingConnectionsTable, ProfilesTable, Schema } from './schema.ts';

// What every exchange of a code does, compiled once: see prepared.ts.

/** What is read of a code or receipt when it is taken. */
const STANDS_FOR = ['session_id', 'account_id', 'profile_id', 'scope', 'door'] as const;
type StandsFor = Pick<Selectable<CodesTable>, (typeof STANDS_FOR)[number]>;

/** A code or receipt that was taken. */
export type TakenCode = StandsFor & Pick<Selectable<CodesTable>, 'id' | 'kind' | 'application_id'>;

/**
 * Where a code's connection still waits to be redeemed: it was not cancelled, and has not expired to be given back. From the moment its row is
 * gone, the session is redeemed. A receipt has no connection of its own.
 */
const connectionWaits =
  (nowMs: number) =>
  (eb: ExpressionBuilder<Schema, 'codes'>): Expression<SqlBool> =>
    eb.or([
      eb('codes.kind', '=', 'receipt'),
      eb.exists(
        eb
          .selectFrom('pending_connections as pending')
          .select('pending.session_id')
          .whereRef('pending.session_id', '=', 'codes.session_id')
          .where('pending.expires_at', '>', nowMs),
      ),
    ]);

interface CodeAsMade {
  readonly id: string;
  readonly secretHash: string;
  readonly applicationId: string;
  readonly codeChallenge: string | null;
  readonly redirectUri: string | null;
  readonly nowMs: number;
}

/**
 * Redeems a code in one statement where everything is exactly as the code was made for. What is said of the few others is found out
 * afterwards, by {@link selectCode}.
 */
export const takeCodeAsMade: Statement<CodeAsMade, StandsFor> = prepared((db, code) =>
  db
    .updateTable('codes')
    .set({ redeemed_at: code.nowMs })
    .where('id', '=', code.id)
    .where('secret_hash', '=', code.secretHash)
    .where('application_id', '=', code.applicationId)
    .where('kind', '=', 'code')
    .where('code_challenge', 'is not distinct from', code.codeChallenge)
    .where('redirect_uri', 'is not distinct from', code.redirectUri)
    .where('redeemed_at', 'is', null)
    .where('expires_at', '>', code.nowMs)
    .where(connectionWaits(code.nowMs))
    .returning(STANDS_FOR),
);

export const selectCode: Statement<{ id: string; secretHash: string }, Selectable<CodesTable>> = prepared((db, code) =>
  db.selectFrom('codes').selectAll().where('id', '=', code.id).where('secret_hash', '=', code.secretHash),
);

/** Answers with the row where nobody was quicker, and the connection still waits. */
export const takeCode: Statement<{ id: string; nowMs: number }, { readonly id: string }> = prepared((db, code) =>
  db
    .updateTable('codes')
    .set({ redeemed_at: code.nowMs })
    .where('id', '=', code.id)
    .where('redeemed_at', 'is', null)
    .where(connectionWaits(code.nowMs))
    .returning('id'),
);

/** After the profile has taken over everything else of it. */
export const takePendingConnection: Statement<{ sessionId: string }, Pick<Selectable<PendingConnectionsTable>, 'email'>> = prepared(
  (db, pending) => db.deleteFrom('pending_connections').where('session_id', '=', pending.sessionId).returning('email'),
);

/** Writes only where it is another address. */
export const changeEmail: Statement<{ accountId: string; email: string }, unknown> = prepared((db, account) =>
  db
    .updateTable('accounts')
    .set({ email: account.email })
    .where('id', '=', account.accountId)
    .where((eb) => eb.or([eb('email', 'is', null), eb('email', '!=', account.email)])),
);

/** What tells an application which connection its code was for. */
const PROFILE_SUMMARY = [
  'profiles.id',
  'profiles.provider',
  'profiles.access_mode',
  'profiles.provider_name',
  'profiles.provider_service',
  'profiles.name',
] as const;
type ProfileSummaryRow = Pick<Selectable<ProfilesTable>, 'id' | 'provider' | 'access_mode' | 'provider_name' | 'provider_service' | 'name'>;

/**
 * A profile that nobody has seen yet becomes real: where it still holds all that this connection brought, nothing has to be copied, and sealed
 * values are long.
 */
export const connectNewProfile: Statement<{ sessionId: string }, ProfileSummaryRow> = prepared((db, { sessionId }) =>
  db
    .updateTable('profiles')
    .from('pending_connections as pending')
    .set((eb) => ({ status: 'connected', credential_version: eb('profiles.credential_version', '+', 1) }))
    .where('pending.session_id', '=', sessionId)
    .where('pending.credential_sealed', '=', IN_PROFILE)
    .whereRef('profiles.id', '=', 'pending.profile_id')
    .where('profiles.status', '=', 'pending')
    .returning(PROFILE_SUMMARY),
);

export const selectProfile: Statement<{ id: string }, ProfileSummaryRow> = prepared((db, { id }) =>
  db.selectFrom('profiles').select(PROFILE_SUMMARY).where('id', '=', id),
);

/** A data key, and a grant or none. */
type KeyAndGrantRow = Pick<Selectable<DataKeysTable>, 'key_id' | 'wrapped'> &
  ({ grant_id: string; scope: string; refresh_sealed: string } | { grant_id: null; scope: null; refresh_sealed: null });

/** An account's data key, and the application's grant on it where there is one. */
export const selectKeyAndGrant: Statement<{ applicationId: string; accountId: string }, KeyAndGrantRow> = prepared((db, owner) =>
  db
    .selectFrom('data_keys')
    .leftJoin('grants', (join) =>
      join.onRef('grants.account_id', '=', 'data_keys.owner_id').on('grants.application_id', '=', owner.applicationId),
    )
    .select(['data_keys.key_id', 'data_keys.wrapped', 'grants.id as grant_id', 'grants.scope', 'grants.refresh_sealed'])
    .where('data_keys.owner_id', '=', owner.accountId)
    // Kysely says of each column by itself that there may be none.
    .$castTo<KeyAndGrantRow>(),
);

/** The first grant of an application on an account. */
interface NewGrant {
  readonly id: string;
  readonly applicationId: string;
  readonly accountId: string;
  readonly scope: string;
  readonly refreshHash: string;
  readonly refreshSealed: string;
  readonly nowMs: number;
}

export const insertGrant: Statement<NewGrant, unknown> = prepared((db, grant) =>
  db.insertInto('grants').values({
    id: grant.id,
    application_id: grant.applicationId,
    account_id: grant.accountId,
    scope: grant.scope,
    refresh_hash: grant.refreshHash,
    refresh_sealed: grant.refreshSealed,
    created_at: grant.nowMs,
  }),
);
