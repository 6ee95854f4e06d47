import type { Kysely } from 'kysely';
import { type DataKey, findDataKey } from '../data-key-row.ts';
import { maybeOne, type Question, rows, run } from '../question.ts';
import type { Schema } from '../schema.ts';

/** A credential that nobody may keep any longer, to be revoked at the provider. */
export interface CredentialToGiveBack {
  /** What it is stored as: a connection that was never redeemed, or a profile that was revoked. */
  readonly from: { readonly kind: 'pending'; readonly sessionId: string } | { readonly kind: 'profile' };
  readonly profileId: string;
  readonly applicationId: string;
  readonly provider: string;
  readonly providerClientId: string;
  readonly credentialSealed: string;
  readonly dataKey: DataKey;
  /** Another living connection of the same login through the same provider client: many providers end them all at once, so it must not be revoked there. */
  readonly shared: boolean;
}

/** Which credentials to give back: at most `limit` of each kind, and those behind the ones that were tried before. */
export interface GiveBackPage {
  readonly nowMs: number;
  readonly limit: number;
  readonly after?: { readonly sessionId: string; readonly profileId: string };
}

/** Credentials to give back, the oldest first. */
export function* credentialsToGiveBack(db: Kysely<Schema>, at: GiveBackPage): Question<CredentialToGiveBack[]> {
  const expired = yield* rows(
    db
      .selectFrom('pending_connections as pending')
      .innerJoin('profiles', 'profiles.id', 'pending.profile_id')
      .select([
        'pending.session_id',
        'profile_id',
        'profiles.account_id',
        'application_id',
        'provider',
        'pending.provider_client_id',
        'subject',
      ])
      .select('pending.credential_sealed')
      .where('pending.expires_at', '<=', at.nowMs)
      .where('pending.session_id', '>', at.after?.sessionId ?? '')
      .orderBy('pending.session_id')
      .limit(at.limit),
  );
  const revoked = yield* rows(
    db
      .selectFrom('profiles')
      .select(['id as profile_id', 'account_id', 'application_id', 'provider', 'provider_client_id', 'subject', 'credential_sealed'])
      .where('status', '=', 'revoked')
      .where('credential_sealed', 'is not', null)
      .where('id', '>', at.after?.profileId ?? '')
      .orderBy('id')
      .limit(at.limit),
  );
  const answer: CredentialToGiveBack[] = [];
  for (const row of [
    ...expired.map((row) => ({ ...row, status: 'pending' })),
    ...revoked.map((row) => ({ ...row, session_id: undefined })),
  ]) {
    answer.push({
      from: row.session_id === undefined ? { kind: 'profile' } : { kind: 'pending', sessionId: row.session_id },
      profileId: row.profile_id,
      applicationId: row.application_id,
      provider: row.provider,
      providerClientId: row.provider_client_id,
      // The query above leaves rows without one out.
      credentialSealed: row.credential_sealed ?? '',
      dataKey: yield* findDataKey(db, row.account_id),
      shared: yield* hasLivingConnection(db, {
        provider: row.provider,
        providerClientId: row.provider_client_id,
        subject: row.subject,
        exceptSessionId: row.session_id,
        nowMs: at.nowMs,
      }),
    });
  }
  return answer;
}

/** One person's login, as a provider and one of our clients there know it. */
export interface LoginAtProvider {
  readonly provider: string;
  readonly providerClientId: string;
  readonly subject: string;
  /** A connection that does not count, because it is the one being given back. */
  readonly exceptSessionId?: string | undefined;
  readonly nowMs: number;
}

/** Tells whether a login has a connected profile, or one that waits to be redeemed, through this provider client. */
export function* hasLivingConnection(db: Kysely<Schema>, login: LoginAtProvider): Question<boolean> {
  const connected = yield* maybeOne(
    db
      .selectFrom('profiles')
      .select('id')
      .where('provider', '=', login.provider)
      .where('subject', '=', login.subject)
      .where('provider_client_id', '=', login.providerClientId)
      .where('status', '=', 'connected')
      .limit(1),
  );
  if (connected !== undefined) return true;
  const pending = yield* maybeOne(
    db
      .selectFrom('pending_connections as pending')
      .innerJoin('profiles', 'profiles.id', 'pending.profile_id')
      .select('pending.session_id')
      .where('profiles.provider', '=', login.provider)
      .where('profiles.subject', '=', login.subject)
      .where('pending.provider_client_id', '=', login.providerClientId)
      .where('pending.session_id', '!=', login.exceptSessionId ?? '')
      .where('pending.expires_at', '>', login.nowMs)
      .limit(1),
  );
  return pending !== undefined;
}

/** Erases a credential that was given back, and what stood only because of it. Does nothing where the profile was connected again meanwhile. */
export function* eraseGivenBack(db: Kysely<Schema>, credential: CredentialToGiveBack): Question<void> {
  if (credential.from.kind === 'profile') {
    yield* run(
      db
        .updateTable('profiles')
        .set({ credential_sealed: null, calendars_sealed: null })
        .where('id', '=', credential.profileId)
        .where('status', '=', 'revoked')
        .where('credential_sealed', '=', credential.credentialSealed),
    );
    return;
  }
  const sessionId = credential.from.sessionId;
  yield* run(db.deleteFrom('pending_connections').where('session_id', '=', sessionId));
  yield* run(
    db
      .updateTable('sessions')
      .set((eb) => ({ state: 'expired', version: eb('version', '+', 1) }))
      .where('id', '=', sessionId)
      .where('state', '=', 'connected'),
  );
  yield* eraseUnredeemed(db, credential.profileId);
}

/** A profile that never got a credential goes, and its account with it where that has nothing else. */
function* eraseUnredeemed(db: Kysely<Schema>, profileId: string): Question<void> {
  const profile = yield* maybeOne(
    db
      .deleteFrom('profiles')
      .where('id', '=', profileId)
      .where('status', '=', 'pending')
      .where((eb) => eb.not(eb.exists(eb.selectFrom('pending_connections').select('session_id').where('profile_id', '=', profileId))))
      .returning('account_id'),
  );
  if (profile === undefined) return;
  const account = yield* maybeOne(
    db
      .deleteFrom('accounts')
      .where('id', '=', profile.account_id)
      .where((eb) => eb.not(eb.exists(eb.selectFrom('profiles').select('id').where('account_id', '=', profile.account_id))))
      .where((eb) => eb.not(eb.exists(eb.selectFrom('grants').select('id').where('account_id', '=', profile.account_id))))
      .returning('id'),
  );
  if (account !== undefined) yield* run(db.deleteFrom('data_keys').where('owner_id', '=', account.id));
}
