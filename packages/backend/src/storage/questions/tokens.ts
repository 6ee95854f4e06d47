import type { QueryCreator } from 'kysely';
import { insertAccessToken, type NewToken } from '../access-token-row.ts';
import { prepared } from '../prepared.ts';
import { maybeOne, type Question, rows } from '../question.ts';
import { hasPendingConnection } from '../redeemed-session.ts';
import type { Schema } from '../schema.ts';
import { endGrant, type Revocation } from '../end-grant.ts';
import { recordAudit } from './audit.ts';

/** A refresh token as it comes in, and the access token to issue for it. */
export interface Refresh {
  readonly grantId: string;
  readonly refreshHash: string;
  readonly applicationId: string;
  /** Tells whether what is asked for stays within what was granted. */
  readonly isWithin: (granted: string) => boolean;
  readonly accessToken: NewToken;
  readonly auditId: string;
}

const selectGrant = prepared((db, values: { id: string; hash: string; applicationId: string }) =>
  db
    .selectFrom('grants')
    .select(['id', 'scope', 'account_id'])
    .where('id', '=', values.id)
    .where('refresh_hash', '=', values.hash)
    .where('application_id', '=', values.applicationId),
);

/** What a refresh gave. `issued` is false where more was asked for than was granted. */
export interface Refreshed {
  readonly issued: boolean;
  readonly scope: string;
  readonly accountId: string;
}

/** Issues another access token; answers with the grant, or `undefined` where the refresh token is unknown, revoked or somebody else's. */
export function* refreshGrant(db: QueryCreator<Schema>, refresh: Refresh): Question<Refreshed | undefined> {
  const grant = yield* maybeOne(selectGrant(db, { id: refresh.grantId, hash: refresh.refreshHash, applicationId: refresh.applicationId }));
  if (grant === undefined) return undefined;
  const refreshed = { scope: grant.scope, accountId: grant.account_id };
  if (!refresh.isWithin(grant.scope)) return { ...refreshed, issued: false };
  yield* insertAccessToken(db, grant.id, refresh.accessToken);
  yield* recordAudit(db, {
    id: refresh.auditId,
    event: 'token_refreshed',
    applicationId: refresh.applicationId,
    accountId: grant.account_id,
    subjectId: grant.id,
  });
  return { ...refreshed, issued: true };
}

/**
 * Ends an application's authorization on an account: every token dies, every profile is revoked, and its credential waits to be given
 * back to the provider. Does nothing where there is no such authorization of this application.
 */
export function* revokeGrant(db: QueryCreator<Schema>, revocation: Revocation & { readonly auditId: string }): Question<void> {
  const revoked = yield* endGrant(db, revocation);
  if (revoked === undefined) return;
  yield* recordAudit(db, {
    id: revocation.auditId,
    event: 'grant_revoked',
    applicationId: revocation.applicationId,
    accountId: revoked.accountId,
    subjectId: revoked.grantId,
  });
}

/** How long ended things are kept: long enough to recognise a code that is used again late. Row ids begin with their time. */
export interface Retention {
  /** Access tokens whose id is smaller have expired. */
  readonly accessTokensBefore: string;
  readonly codesBefore: string;
  readonly sessionsBefore: string;
  readonly auditEventsBefore: string;
  readonly deadWorkBefore: string;
  readonly adminApprovalsBefore: string;
}

/** Deletes what has expired and serves no purpose any longer, at most `limit` rows of each kind; answers how many rows went of the kind that had most. */
export function* forgetExpired(db: QueryCreator<Schema>, { limit, ...before }: Retention & { readonly limit: number }): Question<number> {
  const expired = (table: 'access_tokens' | 'codes' | 'dead_work_items' | 'admin_approvals', id: string) =>
    db
      .deleteFrom(table)
      .where('id', 'in', (eb) => eb.selectFrom(table).select('id').where('id', '<', id).orderBy('id').limit(limit))
      .returning('id');
  // Among the oldest, up to the last that is old: what was written before it is older, whatever a clock that ran ahead has said of it.
  const auditEvents = db
    .deleteFrom('audit_events')
    .where('position', '<=', (eb) =>
      eb
        .selectFrom(eb.selectFrom('audit_events').select(['position', 'id']).orderBy('position').limit(limit).as('oldest'))
        .select((of) => of.fn.max('oldest.position').as('last'))
        .where('oldest.id', '<', before.auditEventsBefore),
    )
    .returning('position');
  // One that waited long, for an administrator, is older than its code, and tells whether that was redeemed.
  const sessions = db
    .deleteFrom('sessions')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('sessions')
        .select('id')
        .where('id', '<', before.sessionsBefore)
        .where((of) => of.not(hasPendingConnection(of)))
        .where((of) => of.not(of.exists(of.selectFrom('codes').select('codes.id').whereRef('codes.session_id', '=', 'sessions.id'))))
        .orderBy('id')
        .limit(limit),
    )
    .returning('id');
  const forgotten = [
    yield* rows(expired('access_tokens', before.accessTokensBefore)),
    yield* rows(expired('codes', before.codesBefore)),
    yield* rows(sessions),
    yield* rows(auditEvents),
    yield* rows(expired('dead_work_items', before.deadWorkBefore)),
    yield* rows(expired('admin_approvals', before.adminApprovalsBefore)),
  ];
  return Math.max(...forgotten.map((each) => each.length));
}
