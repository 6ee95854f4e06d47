import { STANDING_STATUSES } from './profile-row.ts';
import type { QueryCreator } from 'kysely';
import { giveBackWork } from './give-back-work.ts';
import { isGranted } from './grant-row.ts';
import { maybeOne, type Question, rows, run } from './question.ts';
import { addWork } from './questions/work.ts';
import type { Schema } from './schema.ts';

/** What names an authorization that is to end: a token of it, or its account. */
export type Revocation = { readonly applicationId: string; readonly nowMs: number } & (
  { readonly tokenId: string; readonly tokenHash: string } | { readonly accountId: string }
);

/**
 * Ends a grant and all profiles of its account; their credentials wait to be given back. Answers with what ended.
 * The profiles before the grant: see LOCK ORDER in schema.ts.
 */
export function* endGrant(db: QueryCreator<Schema>, revocation: Revocation): Question<{ grantId: string; accountId: string } | undefined> {
  const grant = yield* grantToRevoke(db, revocation);
  if (grant === undefined) return undefined;
  const revoked = yield* rows(
    db
      .updateTable('profiles')
      .set({ status: 'revoked' })
      .where('account_id', '=', grant.account_id)
      .where('status', 'in', STANDING_STATUSES)
      .returning('id'),
  );
  yield* run(db.deleteFrom('grants').where('id', '=', grant.id));
  for (const profile of revoked) yield* addWork(db, giveBackWork({ from: 'profile', profileId: profile.id }, revocation.nowMs));
  return { grantId: grant.id, accountId: grant.account_id };
}

function* grantToRevoke(db: QueryCreator<Schema>, revocation: Revocation): Question<{ id: string; account_id: string } | undefined> {
  const ofApplication = db
    .selectFrom('grants')
    .select(['grants.id', 'grants.account_id'])
    .where('grants.application_id', '=', revocation.applicationId)
    .where(isGranted);
  if ('accountId' in revocation) return yield* maybeOne(ofApplication.where('grants.account_id', '=', revocation.accountId));
  const byRefreshToken = yield* maybeOne(
    ofApplication.where('grants.id', '=', revocation.tokenId).where('refresh_hash', '=', revocation.tokenHash),
  );
  if (byRefreshToken !== undefined) return byRefreshToken;
  return yield* maybeOne(
    ofApplication
      .innerJoin('access_tokens', 'access_tokens.grant_id', 'grants.id')
      .where('access_tokens.id', '=', revocation.tokenId)
      .where('token_hash', '=', revocation.tokenHash),
  );
}
