import { LIVING_STATUSES } from '../profile-row.ts';
import type { QueryCreator } from 'kysely';
import { putCredential } from '../credential-row.ts';
import { type DataKey, findDataKey } from '../data-key-row.ts';
import { maybeOne, type Question, rows, run } from '../question.ts';
import type { Schema } from '../schema.ts';
import type { GiveBack } from '../give-back-work.ts';
import { pendingValue } from '../pending-values.ts';
import { isGranted } from '../grant-row.ts';
import { hasPendingConnection } from '../redeemed-session.ts';

/** A credential that nobody may keep any longer, to be revoked at the provider. */
export interface CredentialToGiveBack {
  readonly provider: string;
  readonly providerClientId: string;
  /** The row that the credential is sealed for: its profile, or the session of a half-ticked consent. */
  readonly sealedFor: { readonly id: string; readonly applicationId: string };
  readonly credentialSealed: string;
  readonly dataKey: DataKey;
  /** Another living connection of the same login through the same provider client: many providers end them all at once, so it must not be revoked there. */
  readonly shared: boolean;
}

/** Services at one authorization server, and which of their clients there share a person's grant. */
export interface GrantFamily {
  readonly services: readonly string[];
  /** The same text for clients that share it. */
  grantGroup(clientId: string): string;
}

/** Looks up what there is to give back now; `undefined` where it was redeemed, connected again, or given back before. */
export function* credentialToGiveBack(
  db: QueryCreator<Schema>,
  { what, nowMs, familyOf }: { readonly what: GiveBack; readonly nowMs: number; readonly familyOf: (provider: string) => GrantFamily },
): Question<CredentialToGiveBack | undefined> {
  const stored = yield* storedCredential(db, what);
  if (stored === undefined) return undefined;
  const { provider, providerClientId, subject } = stored;
  const login = {
    family: familyOf(provider),
    providerClientId,
    exceptSessionId: what.from === 'pending' ? what.sessionId : undefined,
    nowMs,
  };
  return {
    provider,
    providerClientId,
    sealedFor: stored.sealedFor,
    credentialSealed: stored.credentialSealed,
    dataKey: yield* findDataKey(db, stored.dataKeyOwner),
    shared: subject !== undefined && (yield* hasLivingConnection(db, { ...login, subject })),
  };
}

type StoredCredential = Omit<CredentialToGiveBack, 'dataKey' | 'shared'> & {
  readonly dataKeyOwner: string;
  readonly subject: string | undefined;
};

function* storedCredential(db: QueryCreator<Schema>, what: GiveBack): Question<StoredCredential | undefined> {
  if (what.from === 'consent') {
    return {
      ...what,
      subject: what.subject,
      sealedFor: { id: what.sessionId, applicationId: what.applicationId },
      dataKeyOwner: what.applicationId,
    };
  }
  if (what.from === 'replaced') {
    return { ...what, sealedFor: { id: what.profileId, applicationId: what.applicationId }, dataKeyOwner: what.accountId };
  }
  const row = what.from === 'pending' ? yield* pendingCredential(db, what.sessionId) : yield* revokedCredential(db, what.profileId);
  if (row === undefined || row.credential_sealed === null) return undefined;
  return {
    provider: row.provider,
    providerClientId: row.provider_client_id,
    subject: row.subject,
    sealedFor: { id: row.id, applicationId: row.application_id },
    credentialSealed: row.credential_sealed,
    dataKeyOwner: row.account_id,
  };
}

/** From here on its code is worth nothing: what is being revoked at the provider must not become a standing connection meanwhile. */
function* pendingCredential(db: QueryCreator<Schema>, sessionId: string) {
  const claimed = yield* maybeOne(
    db.updateTable('pending_connections').set({ expires_at: 0 }).where('session_id', '=', sessionId).returning('session_id'),
  );
  if (claimed === undefined) return undefined;
  const row = yield* maybeOne(
    db
      .selectFrom('pending_connections as pending')
      .innerJoin('profiles', 'profiles.id', 'pending.profile_id')
      .leftJoin('credentials', 'credentials.profile_id', 'profiles.id')
      .select(['profiles.id', 'account_id', 'application_id', 'pending.provider_client_id'])
      .select((eb) => [
        eb.fn.coalesce('pending.provider', 'profiles.provider').as('provider'),
        eb.fn.coalesce('pending.subject', 'profiles.subject').as('subject'),
      ])
      .select(['pending.credential_sealed as pending_credential', 'credentials.credential_sealed as own_credential'])
      .where('pending.session_id', '=', sessionId),
  );
  return row && { ...row, credential_sealed: pendingValue(row.pending_credential, row.own_credential) };
}

function* revokedCredential(db: QueryCreator<Schema>, profileId: string) {
  return yield* maybeOne(
    db
      .selectFrom('profiles')
      .innerJoin('credentials', 'credentials.profile_id', 'profiles.id')
      .select(['id', 'account_id', 'application_id', 'provider', 'provider_client_id', 'subject', 'credential_sealed'])
      .where('id', '=', profileId)
      .where('status', '=', 'revoked'),
  );
}

/** One person's login, as a provider and one of our clients there know it. */
export interface LoginAtProvider {
  readonly family: GrantFamily;
  readonly providerClientId: string;
  readonly subject: string;
  /** A profile that does not count, because it is the one that changes. */
  readonly exceptProfileId?: string | undefined;
  /** A connection that does not count, because it is the one being given back. */
  readonly exceptSessionId?: string | undefined;
  readonly nowMs: number;
}

/** Tells whether a login has a connected profile, or one that waits to be redeemed, through this provider client. */
export function* hasLivingConnection(db: QueryCreator<Schema>, login: LoginAtProvider): Question<boolean> {
  const clients = yield* clientsOfGrant(db, login);
  const connected = yield* maybeOne(
    db
      .selectFrom('profiles')
      .select('id')
      .where('provider', 'in', login.family.services)
      .where('subject', '=', login.subject)
      .where('provider_client_id', 'in', clients)
      .where('status', 'in', LIVING_STATUSES)
      .where('id', '!=', login.exceptProfileId ?? '')
      .limit(1),
  );
  if (connected !== undefined) return true;
  const pending = yield* maybeOne(
    db
      .selectFrom('pending_connections as pending')
      .innerJoin('profiles', 'profiles.id', 'pending.profile_id')
      .select('pending.session_id')
      .where((eb) => eb(eb.fn.coalesce('pending.provider', 'profiles.provider'), 'in', login.family.services))
      .where((eb) => eb(eb.fn.coalesce('pending.subject', 'profiles.subject'), '=', login.subject))
      .where('pending.provider_client_id', 'in', clients)
      .where('pending.session_id', '!=', login.exceptSessionId ?? '')
      .where('pending.expires_at', '>', login.nowMs)
      .limit(1),
  );
  return pending !== undefined;
}

/** The same client at the provider may have a row for each of its services, and for each application that brought it along. */
function* clientsOfGrant(db: QueryCreator<Schema>, { family, providerClientId }: LoginAtProvider): Question<readonly string[]> {
  const clients = yield* rows(db.selectFrom('provider_clients').select(['id', 'client_id']).where('provider', 'in', family.services));
  const given = clients.find(({ id }) => id === providerClientId);
  if (given === undefined) return [providerClientId];
  const group = family.grantGroup(given.client_id);
  return clients.filter(({ client_id: clientId }) => family.grantGroup(clientId) === group).map(({ id }) => id);
}

/** Erases a credential that was given back, and what stood only because of it. Does nothing where the profile was connected again meanwhile. */
export function* eraseGivenBack(
  db: QueryCreator<Schema>,
  { what, credentialSealed }: { readonly what: GiveBack; readonly credentialSealed: string },
): Question<void> {
  if (what.from === 'profile') yield* eraseRevoked(db, what.profileId, credentialSealed);
  if (what.from === 'pending') yield* erasePending(db, what.sessionId);
}

function* eraseRevoked(db: QueryCreator<Schema>, profileId: string, credentialSealed: string): Question<void> {
  const erased = yield* maybeOne(
    db
      .updateTable('profiles')
      .set({ calendars_sealed: null })
      .where('id', '=', profileId)
      .where('status', '=', 'revoked')
      .where((eb) => {
        const another = eb.selectFrom('credentials').select('profile_id').where('profile_id', '=', profileId);
        return eb.not(eb.exists(another.where('credential_sealed', '!=', credentialSealed)));
      })
      .returning('id'),
  );
  if (erased !== undefined) yield* putCredential(db, profileId, null);
  yield* run(
    db
      .deleteFrom('managed_events')
      .where('profile_id', '=', profileId)
      .where((eb) => eb.exists(eb.selectFrom('profiles').select('id').where('id', '=', profileId).where('status', '=', 'revoked'))),
  );
}

function* erasePending(db: QueryCreator<Schema>, sessionId: string): Question<void> {
  yield* run(
    db
      .updateTable('sessions')
      .set((eb) => ({ state: 'expired', version: eb('version', '+', 1) }))
      .where('id', '=', sessionId)
      .where('state', '=', 'connected')
      .where(hasPendingConnection),
  );
  // Its profile is written without a change: of two connections of one profile that are erased at the same instant, one is run again and finds
  // that it is the last.
  const profile = yield* maybeOne(
    db
      .updateTable('profiles')
      .set((eb) => ({ credential_version: eb.ref('credential_version') }))
      .where('id', '=', (eb) => eb.selectFrom('pending_connections').select('profile_id').where('session_id', '=', sessionId))
      .returning(['id', 'account_id']),
  );
  if (profile === undefined) return;
  yield* run(db.deleteFrom('pending_connections').where('session_id', '=', sessionId));
  yield* eraseUnredeemed(db, { profileId: profile.id, accountId: profile.account_id });
}

/** A profile that was never connected goes, and its account with it where that has nothing else. */
function* eraseUnredeemed(
  db: QueryCreator<Schema>,
  { profileId, accountId }: { readonly profileId: string; readonly accountId: string },
): Question<void> {
  const profile = yield* maybeOne(
    db
      .deleteFrom('profiles')
      .where('id', '=', profileId)
      .where('status', '=', 'pending')
      .where((eb) => eb.not(eb.exists(eb.selectFrom('pending_connections').select('session_id').where('profile_id', '=', profileId))))
      .returning('id'),
  );
  if (profile === undefined) return;
  // Likewise the account, of which another profile may be erased at the same instant.
  yield* run(
    db
      .updateTable('accounts')
      .set((eb) => ({ created_at: eb.ref('created_at') }))
      .where('id', '=', accountId),
  );
  const account = yield* maybeOne(
    db
      .deleteFrom('accounts')
      .where('id', '=', accountId)
      .where((eb) => eb.not(eb.exists(eb.selectFrom('profiles').select('id').where('account_id', '=', accountId))))
      .where((eb) => eb.not(eb.exists(eb.selectFrom('grants').select('id').where('account_id', '=', accountId).where(isGranted))))
      .returning('id'),
  );
  if (account !== undefined) yield* run(db.deleteFrom('data_keys').where('owner_id', '=', account.id));
}
