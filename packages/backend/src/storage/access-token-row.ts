import type { QueryCreator } from 'kysely';
import { prepared } from './prepared.ts';
import { type Question, run } from './question.ts';
import type { Schema } from './schema.ts';

/** An opaque token about to be issued: its row id, and the hash of its secret. */
export interface NewToken {
  readonly id: string;
  readonly secretHash: string;
  readonly expiresAtMs: number;
}

const insert = prepared((db, values: { id: string; grantId: string; hash: string; expiresAt: number }) =>
  db.insertInto('access_tokens').values({ id: values.id, grant_id: values.grantId, token_hash: values.hash, expires_at: values.expiresAt }),
);

export function* insertAccessToken(db: QueryCreator<Schema>, grantId: string, token: NewToken): Question<void> {
  yield* run(insert(db, { id: token.id, grantId, hash: token.secretHash, expiresAt: token.expiresAtMs }));
}
