import type { QueryCreator, Selectable } from 'kysely';
import { findCredential, type ProfileWithCredential, putCredential } from './credential-row.ts';
import { giveBackWork } from './give-back-work.ts';
import { pendingValue } from './pending-values.ts';
import { LIVING_STATUSES, type Profile, type ProfileSummary, rowToProfileSummary } from './profile-row.ts';
import { one, type Question } from './question.ts';
import { addWork } from './questions/work.ts';
import type { PendingConnectionsTable, Schema } from './schema.ts';

/** Profiles whose credential may still be worth something at the provider. A revoked one is about to be given back, and this is the last of it here. */
const GIVES_BACK: readonly Profile['status'][] = [...LIVING_STATUSES, 'revoked'];

type Pending = Selectable<PendingConnectionsTable>;

/**
 * A profile that stands already takes over what was pending for it: another credential, another access mode, even another provider. Its id stays.
 * What it could do before and nobody keeps is given back.
 */
export function* changeProfile(
  db: QueryCreator<Schema>,
  sessionId: string,
  nowMs: number,
): Question<{ readonly profile: ProfileSummary; readonly givesBack: boolean }> {
  const pending = yield* one(db.selectFrom('pending_connections').selectAll().where('session_id', '=', sessionId));
  // Written without a change, so that nobody else changes it before the next statement does.
  const before = yield* one(
    db
      .updateTable('profiles')
      .set((eb) => ({ credential_version: eb('credential_version', '+', 1) }))
      .where('id', '=', pending.profile_id)
      .returningAll(),
  );
  const credentialBefore = yield* findCredential(db, pending.profile_id);
  const credential = pendingValue(pending.credential_sealed, credentialBefore);
  yield* putCredential(db, pending.profile_id, credential);
  const after = yield* one(
    db
      .updateTable('profiles')
      .set({
        status: 'connected' satisfies Profile['status'],
        provider: pending.provider ?? before.provider,
        provider_client_id: pending.provider_client_id,
        subject: pending.subject ?? before.subject,
        access_mode: pending.access_mode ?? before.access_mode,
        provider_name: pending.provider_name ?? before.provider_name,
        provider_service: pending.provider_service,
        provider_protocol: pending.provider_protocol,
        name: pending.name,
        calendars_sealed: pendingValue(pending.calendars_sealed, before.calendars_sealed),
        calendars_at: pending.calendars_at,
        refresh_lease_by: null,
        refresh_lease_until: 0,
        refresh_not_before: 0,
      })
      .where('id', '=', pending.profile_id)
      .returningAll(),
  );
  const givesBack = yield* giveBackReplaced(db, {
    before: { ...before, credential_sealed: credentialBefore },
    after: { ...after, credential_sealed: credential },
    pending,
    nowMs,
  });
  return { profile: rowToProfileSummary(after), givesBack };
}

interface Change {
  readonly before: ProfileWithCredential;
  readonly after: ProfileWithCredential;
  readonly pending: Pending;
  readonly nowMs: number;
}

/** With the same client and login the new consent took the place of the old one, and to revoke that would end both. Answers whether there was anything. */
function* giveBackReplaced(db: QueryCreator<Schema>, { before, after, pending, nowMs }: Change): Question<boolean> {
  const sameGrant =
    before.provider === after.provider &&
    before.subject === after.subject &&
    before.provider_client_id === after.provider_client_id &&
    after.credential_sealed !== null;
  if (sameGrant || !GIVES_BACK.includes(before.status as Profile['status']) || before.credential_sealed === null) return false;
  const what = {
    from: 'replaced',
    sessionId: pending.session_id,
    profileId: before.id,
    accountId: before.account_id,
    applicationId: before.application_id,
    provider: before.provider,
    providerClientId: before.provider_client_id,
    subject: before.subject,
    credentialSealed: before.credential_sealed,
  } as const;
  yield* addWork(db, giveBackWork(what, nowMs));
  return true;
}
