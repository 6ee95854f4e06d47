import type { Kysely } from 'kysely';
import { insertAccessToken, type NewToken } from '../access-token-row.ts';
import type { Profile } from '../profile-row.ts';
import { maybeOne, type Question, rows, run } from '../question.ts';
import type { Schema } from '../schema.ts';
import { type DataKey, findDataKey } from '../data-key-row.ts';
import { profilesOf } from './profiles.ts';

/** A refresh token as it comes in, and the access token to issue for it. */
export interface Refresh {
  readonly grantId: string;
  readonly refreshHash: string;
  readonly applicationId: string;
  readonly accessToken: NewToken;
}

/** Issues another access token; answers with the grant, or `undefined` where the refresh token is unknown, revoked or somebody else's. */
export function* refreshGrant(db: Kysely<Schema>, refresh: Refresh): Question<{ scope: string; accountId: string } | undefined> {
  const grant = yield* maybeOne(
    db
      .selectFrom('grants')
      .select(['id', 'scope', 'account_id'])
      .where('id', '=', refresh.grantId)
      .where('refresh_hash', '=', refresh.refreshHash)
      .where('application_id', '=', refresh.applicationId),
  );
  if (grant === undefined) return undefined;
  yield* insertAccessToken(db, grant.id, refresh.accessToken);
  return { scope: grant.scope, accountId: grant.account_id };
}

/** Everything that an access token lets its holder see of the account itself. */
export interface AuthorizedAccount {
  readonly accountId: string;
  readonly applicationId: string;
  readonly email: string | undefined;
  readonly scope: string;
  readonly profiles: readonly Profile[];
  readonly dataKey: DataKey;
}

/** Answers what a living access token stands for. */
export function* accountOfAccessToken(
  db: Kysely<Schema>,
  token: { id: string; tokenHash: string; nowMs: number },
): Question<AuthorizedAccount | undefined> {
  const found = yield* maybeOne(
    db
      .selectFrom('access_tokens')
      .innerJoin('grants', 'grants.id', 'access_tokens.grant_id')
      .innerJoin('accounts', 'accounts.id', 'grants.account_id')
      .select(['grants.account_id', 'grants.application_id', 'grants.scope', 'accounts.email'])
      .where('access_tokens.id', '=', token.id)
      .where('access_tokens.token_hash', '=', token.tokenHash)
      .where('access_tokens.expires_at', '>', token.nowMs),
  );
  if (found === undefined) return undefined;
  return {
    accountId: found.account_id,
    applicationId: found.application_id,
    email: found.email ?? undefined,
    scope: found.scope,
    profiles: yield* profilesOf(db, found.account_id),
    dataKey: yield* findDataKey(db, found.account_id),
  };
}

/** What names an authorization that is to end: a token of it, or its account. */
export type Revocation = { readonly applicationId: string } & (
  { readonly tokenId: string; readonly tokenHash: string } | { readonly accountId: string }
);

/**
 * Ends an application's authorization on an account: every token dies, every profile is revoked, and its credential waits to be given
 * back to the provider. Does nothing where there is no such authorization of this application.
 */
export function* revokeGrant(db: Kysely<Schema>, revocation: Revocation): Question<void> {
  const grant = yield* grantToRevoke(db, revocation);
  if (grant === undefined) return;
  yield* run(db.deleteFrom('grants').where('id', '=', grant.id));
  yield* run(
    db
      .updateTable('profiles')
      .set({ status: 'revoked' })
      .where('account_id', '=', grant.account_id)
      .where('status', 'in', ['connected', 'disconnected']),
  );
}

function* grantToRevoke(db: Kysely<Schema>, revocation: Revocation): Question<{ id: string; account_id: string } | undefined> {
  const ofApplication = db
    .selectFrom('grants')
    .select(['grants.id', 'grants.account_id'])
    .where('grants.application_id', '=', revocation.applicationId);
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

/** How long ended things are kept: long enough to recognise a code that is used again late. Row ids begin with their time. */
export interface Retention {
  /** Access tokens whose id is smaller have expired. */
  readonly accessTokensBefore: string;
  readonly codesBefore: string;
  readonly sessionsBefore: string;
}

/** Deletes what has expired and serves no purpose any longer; answers how many rows went. */
export function* forgetExpired(db: Kysely<Schema>, retention: Retention): Question<number> {
  const tokens = yield* rows(db.deleteFrom('access_tokens').where('id', '<', retention.accessTokensBefore).returning('id'));
  const codes = yield* rows(db.deleteFrom('codes').where('id', '<', retention.codesBefore).returning('id'));
  const sessions = yield* rows(
    db
      .deleteFrom('sessions')
      .where('id', '<', retention.sessionsBefore)
      .where((eb) =>
        eb.not(eb.exists(eb.selectFrom('pending_connections').select('session_id').whereRef('session_id', '=', 'sessions.id'))),
      )
      .returning('id'),
  );
  return tokens.length + codes.length + sessions.length;
}
