import type { Selectable } from 'kysely';
import { pendingValue } from './pending-values.ts';
import { prepared, type Statement } from './prepared.ts';
import type { CodesTable, GrantsTable, PendingConnectionsTable, ProfilesTable } from './schema.ts';

// What every exchange of a code does, compiled once: see prepared.ts.

export const selectCode: Statement<{ id: string; secretHash: string }, Selectable<CodesTable>> = prepared((db, code) =>
  db.selectFrom('codes').selectAll().where('id', '=', code.id).where('secret_hash', '=', code.secretHash),
);

/** Answers with the row where nobody was quicker. */
export const markCodeRedeemed: Statement<{ id: string; nowMs: number }, { id: string }> = prepared((db, code) =>
  db.updateTable('codes').set({ redeemed_at: code.nowMs }).where('id', '=', code.id).where('redeemed_at', 'is', null).returning('id'),
);

/** Answers with the row where its connection still waits to be redeemed. */
export const markSessionRedeemed: Statement<{ id: string; nowMs: number }, { id: string }> = prepared((db, session) =>
  db
    .updateTable('sessions')
    .set({ redeemed_at: session.nowMs })
    .where('id', '=', session.id)
    .where('redeemed_at', 'is', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('pending_connections as pending')
          .select('pending.session_id')
          .whereRef('pending.session_id', '=', 'sessions.id')
          .where('pending.expires_at', '>', session.nowMs),
      ),
    )
    .returning('id'),
);

/** After {@link connectProfile}, which has taken over everything else of it. */
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
const PROFILE_SUMMARY = ['profiles.id', 'provider', 'access_mode', 'provider_name', 'profiles.provider_service', 'profiles.name'] as const;
type ProfileSummaryRow = Pick<Selectable<ProfilesTable>, 'id' | 'provider' | 'access_mode' | 'provider_name' | 'provider_service' | 'name'>;

/** The profile takes over what was pending for it, inside the database: sealed values are long, and nobody here looks at them. */
export const connectProfile: Statement<{ sessionId: string }, ProfileSummaryRow> = prepared((db, { sessionId }) =>
  db
    .updateTable('profiles')
    .from('pending_connections as pending')
    .set((eb) => ({
      status: 'connected',
      provider_client_id: eb.ref('pending.provider_client_id'),
      provider_service: eb.ref('pending.provider_service'),
      name: eb.ref('pending.name'),
      credential_sealed: pendingValue('credential_sealed'),
      credential_version: eb('profiles.credential_version', '+', 1),
      refresh_lease_by: null,
      refresh_lease_until: 0,
      refresh_not_before: 0,
      calendars_sealed: pendingValue('calendars_sealed'),
      calendars_at: eb.ref('pending.calendars_at'),
    }))
    .where('pending.session_id', '=', sessionId)
    .whereRef('profiles.id', '=', 'pending.profile_id')
    .returning(PROFILE_SUMMARY),
);

export const selectProfile: Statement<{ id: string }, ProfileSummaryRow> = prepared((db, { id }) =>
  db.selectFrom('profiles').select(PROFILE_SUMMARY).where('id', '=', id),
);

export const selectGrantOf: Statement<{ applicationId: string; accountId: string }, Selectable<GrantsTable>> = prepared((db, owner) =>
  db.selectFrom('grants').selectAll().where('application_id', '=', owner.applicationId).where('account_id', '=', owner.accountId),
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
