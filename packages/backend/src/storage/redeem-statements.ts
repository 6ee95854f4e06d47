import type { Selectable } from 'kysely';
import { prepared, type Statement } from './prepared.ts';
import type { CodesTable, DataKeysTable, PendingConnectionsTable, ProfilesTable, SessionsTable } from './schema.ts';

// What every exchange of a code does, compiled once: see prepared.ts. It reads first, all in one statement, and then changes row after row
// without asking back. That the connection waits, by which it decides, it also ends, and PostgreSQL has it run again where somebody else was
// quicker; whoever changes its code meets it there (`meetExchange`). Measured, beside changes that each answer by `returning`: 14 µs instead of 21.

/** A code or receipt that is taken. */
export type TakenCode = Pick<
  Selectable<CodesTable>,
  'id' | 'kind' | 'application_id' | 'session_id' | 'account_id' | 'profile_id' | 'scope' | 'door'
>;

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

/** A connection that waits to be redeemed, and the profile that it is for as that stands. */
export type PendingProfile = ProfileSummaryRow &
  Pick<Selectable<ProfilesTable>, 'status'> &
  Pick<Selectable<PendingConnectionsTable>, 'credential_sealed' | 'email'>;

/** The data key of an application, and a grant of it, reserved or given, or none. */
export type KeyAndGrant = Pick<Selectable<DataKeysTable>, 'key_id' | 'wrapped'> &
  (
    | { readonly grant_id: string; readonly grant_scope: string; readonly refresh_hash: string; readonly refresh_sealed: string }
    | { readonly grant_id: null; readonly grant_scope: null; readonly refresh_hash: null; readonly refresh_sealed: null }
  );

const KEY_AND_GRANT = [
  'data_keys.key_id',
  'data_keys.wrapped',
  'grants.id as grant_id',
  'grants.scope as grant_scope',
  'grants.refresh_hash',
  'grants.refresh_sealed',
] as const;

interface CodeAsMade {
  readonly id: string;
  readonly secretHash: string;
  readonly applicationId: string;
  readonly codeChallenge: string | null;
  readonly redirectUri: string | null;
  readonly nowMs: number;
}

type RowAsMade = Pick<Selectable<CodesTable>, 'session_id' | 'account_id' | 'scope' | 'door'> & PendingProfile & KeyAndGrant;

/**
 * A code whose redemption has everything exactly as it was made for, with all that redeeming it needs to know. What is said of the few others is
 * found out apart, by {@link selectCode}.
 */
export const selectCodeAsMade: Statement<CodeAsMade, RowAsMade> = prepared((db, code) =>
  db
    .selectFrom('codes')
    .innerJoin('pending_connections as pending', 'pending.session_id', 'codes.session_id')
    .innerJoin('profiles', 'profiles.id', 'pending.profile_id')
    .innerJoin('data_keys', 'data_keys.owner_id', 'codes.application_id')
    .leftJoin('grants', (join) =>
      join.onRef('grants.application_id', '=', 'codes.application_id').onRef('grants.account_id', '=', 'codes.account_id'),
    )
    .select(['codes.session_id', 'codes.account_id', 'codes.scope', 'codes.door', 'pending.credential_sealed', 'pending.email'])
    .select(['profiles.status', ...PROFILE_SUMMARY, ...KEY_AND_GRANT])
    .where('codes.id', '=', code.id)
    .where('codes.secret_hash', '=', code.secretHash)
    .where('codes.application_id', '=', code.applicationId)
    .where('codes.kind', '=', 'code')
    .where('codes.code_challenge', 'is not distinct from', code.codeChallenge)
    .where('codes.redirect_uri', 'is not distinct from', code.redirectUri)
    .where('codes.expires_at', '>', code.nowMs)
    .where('pending.expires_at', '>', code.nowMs)
    // Kysely says of each column of a grant by itself that there may be none.
    .$castTo<RowAsMade>(),
);

/** A code or a receipt, and how it stands with its session. */
export type FoundCode = Selectable<CodesTable> & {
  /** `null` where a former version has forgotten the session before its code. */
  readonly session_state: Selectable<SessionsTable>['state'] | null;
  /** Until when the session's connection waits to be redeemed; `null` where it does not wait any longer. */
  readonly connection_waits_until: number | null;
};

export const selectCode: Statement<{ id: string; secretHash: string }, FoundCode> = prepared((db, code) =>
  db
    .selectFrom('codes')
    .leftJoin('sessions', 'sessions.id', 'codes.session_id')
    .leftJoin('pending_connections as pending', 'pending.session_id', 'codes.session_id')
    .selectAll('codes')
    .select(['sessions.state as session_state', 'pending.expires_at as connection_waits_until'])
    .where('codes.id', '=', code.id)
    .where('codes.secret_hash', '=', code.secretHash),
);

/**
 * Writes the pending connection without a change. For whoever changes a code: an exchange of that code writes nothing but the end of its
 * connection, so that on PostgreSQL one of the two is run again, and finds what the other one did.
 */
export const meetExchange: Statement<{ sessionId: string }, unknown> = prepared((db, { sessionId }) =>
  db
    .updateTable('pending_connections')
    .set((eb) => ({ expires_at: eb.ref('expires_at') }))
    .where('session_id', '=', sessionId),
);

export const markReceiptRedeemed: Statement<{ id: string; nowMs: number }, unknown> = prepared((db, receipt) =>
  db.updateTable('codes').set({ redeemed_at: receipt.nowMs }).where('id', '=', receipt.id),
);

export const selectPendingProfile: Statement<{ sessionId: string }, PendingProfile> = prepared((db, { sessionId }) =>
  db
    .selectFrom('pending_connections as pending')
    .innerJoin('profiles', 'profiles.id', 'pending.profile_id')
    .select(['pending.credential_sealed', 'pending.email', 'profiles.status', ...PROFILE_SUMMARY])
    .where('pending.session_id', '=', sessionId),
);

/**
 * A profile that nobody has seen yet becomes real: where it and its credential are still what this connection brought, nothing has to be copied,
 * and sealed values are long.
 */
export const connectNewProfile: Statement<{ id: string }, unknown> = prepared((db, { id }) =>
  db
    .updateTable('profiles')
    .set((eb) => ({ status: 'connected', credential_version: eb('credential_version', '+', 1) }))
    .where('id', '=', id)
    .where('status', '=', 'pending'),
);

/** After the profile has taken over everything else of it. */
export const endPendingConnection: Statement<{ sessionId: string }, unknown> = prepared((db, pending) =>
  db.deleteFrom('pending_connections').where('session_id', '=', pending.sessionId),
);

/** Writes only where it is another address. */
export const changeEmail: Statement<{ accountId: string; email: string }, unknown> = prepared((db, account) =>
  db
    .updateTable('accounts')
    .set({ email: account.email })
    .where('id', '=', account.accountId)
    .where((eb) => eb.or([eb('email', 'is', null), eb('email', '!=', account.email)])),
);

export const selectProfile: Statement<{ id: string }, ProfileSummaryRow> = prepared((db, { id }) =>
  db.selectFrom('profiles').select(PROFILE_SUMMARY).where('id', '=', id),
);

/** An application's data key, and its grant on the account, reserved or given, where there is one. */
export const selectKeyAndGrant: Statement<{ applicationId: string; accountId: string }, KeyAndGrant> = prepared((db, owner) =>
  db
    .selectFrom('data_keys')
    .leftJoin('grants', (join) =>
      join.onRef('grants.application_id', '=', 'data_keys.owner_id').on('grants.account_id', '=', owner.accountId),
    )
    .select(KEY_AND_GRANT)
    .where('data_keys.owner_id', '=', owner.applicationId)
    .$castTo<KeyAndGrant>(),
);
