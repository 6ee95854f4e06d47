import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { DERIVED } from './derived-value.ts';
import { prepared, type Statement } from './prepared.ts';
import type { Schema } from './schema.ts';

/**
 * What a grant holds in the place of its refresh token's hash until something is granted, which no hash can be: 43 characters say two bits more than
 * 256, which are zero in a hash and not in a dash. Its row is made together with its account, so that the first exchange finds it and changes it
 * where it lies, to what is just as long. To make it then, in two trees, is dearer: 38 changed pages for 32 exchanges instead of 33.
 */
export const RESERVED: string = '-'.repeat(43);

/** Whether a grant is one, and not only the place for it. */
export function isGranted(eb: ExpressionBuilder<Schema, 'grants'>): Expression<SqlBool> {
  return eb('grants.refresh_hash', '!=', RESERVED);
}

/** The first grant of an application on an account. */
export interface NewGrant {
  readonly id: string;
  readonly applicationId: string;
  readonly accountId: string;
  readonly scope: string;
  readonly refreshHash: string;
  readonly nowMs: number;
}

export const insertGrant: Statement<NewGrant, unknown> = prepared((db, grant) =>
  db.insertInto('grants').values({
    id: grant.id,
    application_id: grant.applicationId,
    account_id: grant.accountId,
    scope: grant.scope,
    refresh_hash: grant.refreshHash,
    refresh_sealed: DERIVED,
    created_at: grant.nowMs,
  }),
);

/** Makes a grant of a reserved one. */
export const fillGrant: Statement<Pick<NewGrant, 'id' | 'scope' | 'refreshHash' | 'nowMs'>, unknown> = prepared((db, grant) =>
  db.updateTable('grants').set({ scope: grant.scope, refresh_hash: grant.refreshHash, created_at: grant.nowMs }).where('id', '=', grant.id),
);
