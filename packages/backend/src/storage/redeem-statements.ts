import type { Selectable } from 'kysely';
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

export const takePendingConnection: Statement<{ sessionId: string }, Selectable<PendingConnectionsTable>> = prepared((db, pending) =>
  db.deleteFrom('pending_connections').where('session_id', '=', pending.sessionId).returningAll(),
);

/** Writes only where it is another address. */
export const changeEmail: Statement<{ accountId: string; email: string }, unknown> = prepared((db, account) =>
  db
    .updateTable('accounts')
    .set({ email: account.email })
    .where('id', '=', account.accountId)
    .where((eb) => eb.or([eb('email', 'is', null), eb('email', '!=', account.email)])),
);

/** A profile that takes over what was pending for it. */
interface ConnectedProfile {
  readonly id: string;
  readonly providerClientId: string;
  readonly providerService: string;
  readonly name: string;
  readonly credentialSealed: string;
  readonly calendarsSealed: string;
  readonly calendarsAtMs: number;
}

export const connectProfile: Statement<ConnectedProfile, Selectable<ProfilesTable>> = prepared((db, profile) =>
  db
    .updateTable('profiles')
    .set((eb) => ({
      status: 'connected',
      provider_client_id: profile.providerClientId,
      provider_service: profile.providerService,
      name: profile.name,
      credential_sealed: profile.credentialSealed,
      credential_version: eb('credential_version', '+', 1),
      refresh_lease_by: null,
      refresh_lease_until: 0,
      refresh_not_before: 0,
      calendars_sealed: profile.calendarsSealed,
      calendars_at: profile.calendarsAtMs,
    }))
    .where('id', '=', profile.id)
    .returningAll(),
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

export const insertGrant: Statement<NewGrant, Selectable<GrantsTable>> = prepared((db, grant) =>
  db
    .insertInto('grants')
    .values({
      id: grant.id,
      application_id: grant.applicationId,
      account_id: grant.accountId,
      scope: grant.scope,
      refresh_hash: grant.refreshHash,
      refresh_sealed: grant.refreshSealed,
      created_at: grant.nowMs,
    })
    .returningAll(),
);
